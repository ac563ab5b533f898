"""Frames and their bytes."""

import orjson
import pytest

from taskwire.realtime.protocol import (
    Authenticate,
    Cursor,
    Hint,
    ResetReason,
    Unknown,
    encode_heartbeat,
    encode_hello,
    encode_reset,
    parse_client_message,
    parse_hint,
)


@pytest.mark.parametrize("text", ["e1.0", "e1.128", "0f8fad5b-d9cb-469f-a165-70867728950e.7"])
def test_a_cursor_is_read_and_written_the_same(text: str) -> None:
    assert str(Cursor.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "128",
        "e1",
        "e1.",
        ".1",
        "e1.-1",
        "e1.1.5",
        "e1.1e30",
        "e1.01",
        "e1. 1",
        "é.1",
        "e1.1\n",
        "e1." + "9" * 30,
        "e" * 65 + ".1",
    ],
)
def test_what_spells_no_cursor_is_none(text: str) -> None:
    assert Cursor.parse(text) is None


def test_hello_says_the_protocol_the_epoch_the_head_and_the_heartbeat() -> None:
    assert orjson.loads(encode_hello("e1", 128, 15.0)) == {
        "type": "hello",
        "data": {"protocol": 1, "epoch": "e1", "seq": 128, "heartbeat_seconds": 15},
    }


def test_hello_of_a_hurried_server_says_a_fraction() -> None:
    assert orjson.loads(encode_hello("e1", 0, 0.2))["data"]["heartbeat_seconds"] == 0.2


def test_a_heartbeat_says_the_head() -> None:
    assert orjson.loads(encode_heartbeat(128)) == {"type": "heartbeat", "data": {"seq": 128}}


@pytest.mark.parametrize("reason", ["retention", "rewind", "epoch"])
def test_a_reset_says_why_and_where_the_socket_goes_on(reason: str) -> None:
    assert orjson.loads(encode_reset(ResetReason(reason), "e1", 128)) == {
        "type": "reset",
        "data": {"reason": reason, "epoch": "e1", "seq": 128},
    }


def test_a_numbered_frame_keeps_its_bytes() -> None:
    message = b'{ "type":"task_update", "seq":128 }'
    assert parse_hint(message) == Hint(128, message)


def test_a_number_alone_is_a_hint_without_a_frame() -> None:
    assert parse_hint(b'{"seq":128}') == Hint(128, None)


@pytest.mark.parametrize("message", [b'{"type":"job_update"}', b"{}", b'{"seq":null}'])
def test_a_message_without_a_number_keeps_its_bytes(message: bytes) -> None:
    assert parse_hint(message) == Hint(None, message)


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"nonsense",
        b"[]",
        b'"text"',
        b"7",
        b"\xff\xfe",
        b'{"seq":"5"}',
        b'{"seq":1.5}',
        b'{"seq":0}',
        b'{"seq":-1}',
        b'{"seq":true}',
        b'{"seq":1e30}',
        b"[" * 2000,
    ],
)
def test_what_is_no_message_is_none(message: bytes) -> None:
    assert parse_hint(message) is None


def test_auth_brings_its_token() -> None:
    assert parse_client_message('{"type":"auth","data":{"token":"t"}}') == Authenticate("t")


@pytest.mark.parametrize("text", ['{"type":"nope"}', '{"type":"ping","data":[1]}', '{"type":""}'])
def test_an_unknown_type_is_known_as_such(text: str) -> None:
    assert parse_client_message(text) == Unknown()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        "{}",
        '{"type":7}',
        '{"type":"auth"}',
        '{"type":"auth","data":[]}',
        '{"type":"auth","data":{}}',
        '{"type":"auth","data":{"token":7}}',
        '{"type":"auth","data":{"token":""}}',
        "[" * 5000,
    ],
)
def test_garbage_is_none(text: str) -> None:
    assert parse_client_message(text) is None
