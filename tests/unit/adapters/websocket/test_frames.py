"""The few bytes of RFC 6455 that the server writes."""

import pytest

from taskwire.adapters.websocket.frames import FrameFormat, is_code_allowed


@pytest.mark.parametrize(
    ("size", "header"),
    [
        (0, b"\x81\x00"),
        (125, b"\x81\x7d"),
        (126, b"\x81\x7e\x00\x7e"),
        (65535, b"\x81\x7e\xff\xff"),
        (65536, b"\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"),
    ],
)
def test_a_text_frame_has_the_shortest_length(size: int, header: bytes) -> None:
    payload = b"x" * size
    assert FrameFormat().join([payload]) == header + payload


def test_frames_are_joined_in_order() -> None:
    assert FrameFormat().join([b"a", b"bc"]) == b"\x81\x01a\x81\x02bc"


def test_a_ping_is_empty() -> None:
    assert FrameFormat.ping == b"\x89\x00"


@pytest.mark.parametrize("code", [1000, 1001, 1003, 1007, 1014, 3000, 4401, 4999])
def test_codes_a_client_may_say(code: int) -> None:
    assert is_code_allowed(code)


@pytest.mark.parametrize("code", [0, 999, 1004, 1005, 1006, 1015, 2999, 5000])
def test_codes_that_never_travel(code: int) -> None:
    assert not is_code_allowed(code)
