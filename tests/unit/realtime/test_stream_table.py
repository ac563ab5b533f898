"""Every state of a channel's order against every event.

The table is a TypedDict of TypedDicts: mypy refuses it as long as a state or an event is missing.
"""

from collections.abc import Callable, Sequence
from typing import TypedDict

import pytest

from taskwire.realtime.ports import Extent, Frame
from taskwire.realtime.protocol import ResetReason
from taskwire.realtime.stream import FUTILE_READS_MAX, Stream
from tests.fakes.tables import cells


def unanchored() -> Stream:
    return Stream()


def current() -> Stream:
    """At 5, and nothing more is known."""
    stream = Stream()
    stream.anchor("e1", 5)
    return stream


def behind() -> Stream:
    """At 5; 7 came, and 6 did not."""
    stream = current()
    stream.offer(7, b"7")
    return stream


class StreamRow(TypedDict):
    """The numbers that go out, and the state after it; `reset` for a word that all must restart."""

    anchored: str
    next: str
    old: str
    beyond: str
    number_only: str
    head_noticed: str
    log_read: str
    log_read_in_vain: str
    log_agrees: str
    log_of_another_epoch: str
    log_rewound: str
    log_pruned: str
    restarted: str


class StreamTable(TypedDict):
    unanchored: StreamRow
    current: StreamRow
    behind: StreamRow


STREAMS: dict[str, Callable[[], Stream]] = {
    "unanchored": unanchored,
    "current": current,
    "behind": behind,
}


def sent(payloads: Sequence[bytes]) -> str:
    return b" ".join(payloads).decode()


def judged(stream: Stream, epoch: str, extent: Extent) -> str:
    reason = stream.judge(epoch, extent, stream.last)
    return "" if reason is None else f"reset {reason.value}"


def read_in_vain(stream: Stream) -> str:
    for _ in range(FUTILE_READS_MAX):
        stream.note_futile_read()
    return judged(stream, "e1", Extent(0, 7))


def anchored(stream: Stream) -> str:
    stream.anchor("e1", 5)
    return ""


def noticed(stream: Stream) -> str:
    stream.notice(7)
    return ""


def restarted(stream: Stream) -> str:
    stream.restart(ResetReason.REWIND, "e2", 3)
    return ""


STREAM_EVENTS: dict[str, Callable[[Stream], str]] = {
    "anchored": anchored,
    "next": lambda stream: sent(stream.offer(6, b"6")),
    "old": lambda stream: sent(stream.offer(5, b"5")),
    "beyond": lambda stream: sent(stream.offer(8, b"8")),
    "number_only": lambda stream: sent(stream.offer(6, None)),
    "head_noticed": noticed,
    "log_read": lambda stream: sent(stream.take([Frame(6, b"6"), Frame(7, b"7")])),
    "log_read_in_vain": read_in_vain,
    "log_agrees": lambda stream: judged(stream, "e1", Extent(0, 7)),
    "log_of_another_epoch": lambda stream: judged(stream, "e2", Extent(0, 7)),
    "log_rewound": lambda stream: judged(stream, "e1", Extent(0, 4)),
    "log_pruned": lambda stream: judged(stream, "e1", Extent(6, 7)),
    "restarted": restarted,
}

STREAM_TABLE: StreamTable = {
    "unanchored": {
        "anchored": " → current",
        "next": " → unanchored",
        "old": " → unanchored",
        "beyond": " → unanchored",
        "number_only": " → unanchored",
        "head_noticed": " → unanchored",
        "log_read": " → unanchored",
        "log_read_in_vain": "reset epoch → unanchored",
        "log_agrees": "reset epoch → unanchored",
        "log_of_another_epoch": "reset epoch → unanchored",
        "log_rewound": "reset epoch → unanchored",
        "log_pruned": "reset epoch → unanchored",
        "restarted": " → current",
    },
    "current": {
        "anchored": "refused",
        "next": "6 → current",
        "old": " → current",
        "beyond": " → behind",
        "number_only": " → behind",
        "head_noticed": " → behind",
        "log_read": "6 7 → current",
        "log_read_in_vain": "reset retention → behind",
        "log_agrees": " → behind",
        "log_of_another_epoch": "reset epoch → current",
        "log_rewound": "reset rewind → current",
        "log_pruned": "reset retention → behind",
        "restarted": " → current",
    },
    "behind": {
        "anchored": "refused",
        "next": "6 7 → current",
        "old": " → behind",
        "beyond": " → behind",
        "number_only": " → behind",
        "head_noticed": " → behind",
        "log_read": "6 7 → current",
        "log_read_in_vain": "reset retention → behind",
        "log_agrees": " → behind",
        "log_of_another_epoch": "reset epoch → behind",
        "log_rewound": "reset rewind → behind",
        "log_pruned": "reset retention → behind",
        "restarted": " → current",
    },
}


def stream_state(stream: Stream) -> str:
    if not stream.is_anchored:
        return "unanchored"
    return "behind" if stream.is_behind else "current"


@pytest.mark.parametrize(("state", "event", "expected"), cells(STREAM_TABLE))
def test_every_state_of_a_stream_against_every_event(state: str, event: str, expected: str) -> None:
    stream = STREAMS[state]()
    assert stream_state(stream) == state
    try:
        answer = STREAM_EVENTS[event](stream)
    except AssertionError:
        assert expected == "refused"
    else:
        assert f"{answer} → {stream_state(stream)}" == expected
