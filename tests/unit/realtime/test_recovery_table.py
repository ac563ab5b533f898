"""Every state of a listener on its way to the live stream against every event.

The table is a TypedDict of TypedDicts: mypy refuses it as long as a state or an event is missing.
"""

from collections.abc import Callable
from typing import TypedDict

import pytest

from taskwire.realtime.ports import Frame
from taskwire.realtime.protocol import ResetReason
from taskwire.realtime.recovery import Recovery
from taskwire.realtime.stream import FUTILE_READS_MAX, Stream
from tests.fakes.tables import cells


class RecoveryRow(TypedDict):
    """What is due to this listener, and the state after it."""

    page_that_follows: str
    page_that_is_old: str
    empty_page: str
    empty_pages: str
    stream_goes_on: str
    stream_restarts: str
    bridged: str


class RecoveryTable(TypedDict):
    reading: RecoveryRow
    met: RecoveryRow
    stuck: RecoveryRow
    turned: RecoveryRow


Joiner = tuple[Recovery, Stream]


def reading() -> Joiner:
    """At 3, the stream at 5 with its last frames at hand."""
    stream = Stream()
    stream.anchor("e1", 3)
    stream.record()
    stream.offer(4, b"4")
    stream.offer(5, b"5")
    return Recovery(3, stream.turn), stream


def met() -> Joiner:
    _, stream = reading()
    return Recovery(5, stream.turn), stream


def stuck() -> Joiner:
    recovery, stream = reading()
    for _ in range(FUTILE_READS_MAX):
        recovery.take([], stream)
    return recovery, stream


def turned() -> Joiner:
    recovery, stream = reading()
    stream.restart(ResetReason.REWIND, "e1", 3)
    return recovery, stream


JOINERS: dict[str, Callable[[], Joiner]] = {
    "reading": reading,
    "met": met,
    "stuck": stuck,
    "turned": turned,
}


def taken(joiner: Joiner, *seqs: int) -> str:
    recovery, stream = joiner
    mine, _ = recovery.take([Frame(seq, b"%d" % seq) for seq in seqs], stream)
    return b" ".join(mine).decode()


def gone_on(joiner: Joiner) -> str:
    joiner[1].offer(joiner[1].last + 1, b"next")
    return ""


def restarted_under(joiner: Joiner) -> str:
    joiner[1].restart(ResetReason.EPOCH, "e9", 3)
    return ""


def read_nothing_thrice(joiner: Joiner) -> str:
    for _ in range(FUTILE_READS_MAX):
        taken(joiner)
    return ""


RECOVERY_EVENTS: dict[str, Callable[[Joiner], str]] = {
    "page_that_follows": lambda joiner: taken(joiner, 4, 5),
    "page_that_is_old": lambda joiner: taken(joiner, 2, 3),
    "empty_page": taken,
    "empty_pages": read_nothing_thrice,
    "stream_goes_on": gone_on,
    "stream_restarts": restarted_under,
    "bridged": lambda joiner: b" ".join(joiner[0].bridge(joiner[1])).decode(),
}

# A listener that has turned is read for no more: its shell resets it and begins another one.
RECOVERY_TABLE: RecoveryTable = {
    "reading": {
        "page_that_follows": "4 5 → met",
        "page_that_is_old": " → reading",
        "empty_page": " → reading",
        "empty_pages": " → stuck",
        "stream_goes_on": " → reading",
        "stream_restarts": " → turned",
        "bridged": "4 5 → met",
    },
    "met": {
        "page_that_follows": " → met",
        "page_that_is_old": " → met",
        "empty_page": " → met",
        "empty_pages": " → met",
        "stream_goes_on": " → reading",
        "stream_restarts": " → turned",
        "bridged": " → met",
    },
    "stuck": {
        "page_that_follows": "4 5 → met",
        "page_that_is_old": " → reading",
        "empty_page": " → stuck",
        "empty_pages": " → stuck",
        "stream_goes_on": " → stuck",
        "stream_restarts": " → turned",
        "bridged": "4 5 → met",
    },
    "turned": {
        "page_that_follows": "4 5 → turned",
        "page_that_is_old": " → turned",
        "empty_page": " → turned",
        "empty_pages": " → turned",
        "stream_goes_on": " → turned",
        "stream_restarts": " → turned",
        "bridged": " → turned",
    },
}


def joiner_state(joiner: Joiner) -> str:
    recovery, stream = joiner
    if recovery.has_turned(stream):
        return "turned"
    if recovery.has_met(stream):
        return "met"
    return "stuck" if recovery.is_stuck else "reading"


@pytest.mark.parametrize(("state", "event", "expected"), cells(RECOVERY_TABLE))
def test_every_state_of_a_listener_on_its_way_against_every_event(
    state: str, event: str, expected: str
) -> None:
    joiner = JOINERS[state]()
    assert joiner_state(joiner) == state
    assert f"{RECOVERY_EVENTS[event](joiner)} → {joiner_state(joiner)}" == expected
