import json

import pytest

from taskwire.adapters.watch.channel import (
    Channel,
    Cursor,
    Heard,
    Ignored,
    Reopen,
    may_come_back,
    retry_delay_s,
)
from taskwire.realtime.close_codes import CLOSE_REASONS, Advice, CloseReason


def text(kind: str, number: int | None = None, **data: object) -> str:
    numbered = {} if number is None else {"seq": number}
    return json.dumps({"type": kind, **numbered, "data": data})


HELLO = text("hello", epoch="e1", seq=10, heartbeat_seconds=15, protocol=1)


@pytest.fixture
def channel() -> Channel:
    channel = Channel()
    channel.opened(now_s=0.0)
    channel.receive(HELLO, now_s=0.0)
    return channel


def test_hello_says_where_a_first_socket_begins(channel: Channel) -> None:
    assert str(channel.cursor) == "e1.10"


def test_the_hello_of_a_later_socket_does_not_move_the_cursor(channel: Channel) -> None:
    channel.receive(text("hello", epoch="e1", seq=99, heartbeat_seconds=15), now_s=1.0)
    assert channel.cursor == Cursor("e1", 10)


def test_each_number_is_heard_once_and_in_order(channel: Channel) -> None:
    assert isinstance(channel.receive(text("task_update", 11), 1.0), Heard)
    assert isinstance(channel.receive(text("task_update", 11), 1.0), Ignored)
    assert isinstance(channel.receive(text("task_deleted", 12), 1.0), Heard)
    assert channel.cursor == Cursor("e1", 12)


def test_a_gap_reopens_from_the_last_number_heard(channel: Channel) -> None:
    assert channel.receive(text("task_update", 13), 1.0) == Reopen("missed 11…12")
    assert channel.cursor == Cursor("e1", 10)


def test_a_heartbeat_ahead_of_us_reopens(channel: Channel) -> None:
    assert isinstance(channel.receive(text("heartbeat", seq=10), 1.0), Ignored)
    assert channel.receive(text("heartbeat", seq=12), 1.0) == Reopen("missed 11…12")


def test_a_reset_moves_the_cursor_and_is_told(channel: Channel) -> None:
    verdict = channel.receive(text("reset", reason="epoch", epoch="e2", seq=3), 1.0)
    assert isinstance(verdict, Heard)
    assert channel.cursor == Cursor("e2", 3)


def test_what_has_no_number_is_shown_and_moves_nothing(channel: Channel) -> None:
    assert isinstance(channel.receive(text("job_update", done=1), 1.0), Heard)
    assert channel.cursor == Cursor("e1", 10)


@pytest.mark.parametrize("frame", ["[]", "7", "{}", '{"type":3}', '{"type":"heartbeat"}'])
def test_what_a_later_version_may_say_is_ignored(channel: Channel, frame: str) -> None:
    assert isinstance(channel.receive(frame, 1.0), Ignored)


def test_what_is_not_json_is_not_trusted_any_further(channel: Channel) -> None:
    assert isinstance(channel.receive("{", 1.0), Reopen)


def test_silence_is_noticed_after_two_and_a_half_heartbeats(channel: Channel) -> None:
    assert not channel.is_silent(now_s=37.0)
    assert channel.is_silent(now_s=38.0)
    channel.receive(text("heartbeat", seq=10), now_s=38.0)
    assert not channel.is_silent(now_s=40.0)


@pytest.mark.parametrize("reason", CLOSE_REASONS, ids=lambda reason: str(reason.code))
def test_the_servers_table_decides_who_comes_back(reason: CloseReason) -> None:
    assert may_come_back(reason.code) == (reason.advice is Advice.COME_BACK)


def test_a_line_that_broke_without_a_word_comes_back() -> None:
    assert may_come_back(None)
    assert may_come_back(4999)


def test_pauses_grow_to_half_a_minute_and_begin_anywhere() -> None:
    assert [retry_delay_s(attempt, 1.0) for attempt in (0, 1, 2)] == [0.5, 1.0, 2.0]
    assert retry_delay_s(1000, 1.0) == 30.0
    assert retry_delay_s(5, 0.0) == 0.0
