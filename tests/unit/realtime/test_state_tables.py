"""Every state of the engine's machines against every event.

The tables are TypedDicts: mypy refuses one as long as a state or an event is missing.
"""

from collections.abc import Callable
from typing import TypedDict

import pytest

from taskwire.realtime.connection import Connection, Phase
from taskwire.realtime.hub import Batch, Channel
from taskwire.realtime.limits import Limits
from taskwire.realtime.ports import Extent, Frame, Grant
from taskwire.realtime.protocol import ResetReason
from taskwire.realtime.recovery import Recovery
from taskwire.realtime.stream import FUTILE_READS_MAX, Stream
from tests.fakes.memory_socket import MemorySocket
from tests.fakes.tables import cells

# --- the order of a channel -------------------------------------------------------------------------


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


def sent(payloads: object) -> str:
    assert isinstance(payloads, list | tuple)
    return b" ".join(payloads).decode()


def judged(stream: Stream, epoch: str, extent: Extent) -> str:
    reason = stream.judge(epoch, extent, stream.last)
    return "" if reason is None else f"reset {reason.value}"


def read_in_vain(stream: Stream) -> str:
    for _ in range(FUTILE_READS_MAX):
        stream.note_futile_read()
    return judged(stream, "e1", Extent(0, 7))


def noticed(stream: Stream) -> str:
    stream.notice(7)
    return ""


def restarted(stream: Stream) -> str:
    stream.restart(ResetReason.REWIND, "e2", 3)
    return ""


STREAM_EVENTS: dict[str, Callable[[Stream], str]] = {
    "anchored": lambda stream: sent(stream.anchor("e1", 5)),
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


# --- one listener on its way --------------------------------------------------------------------------


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
    return sent(mine)


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
    "bridged": lambda joiner: sent(joiner[0].bridge(joiner[1])),
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


# --- one socket ---------------------------------------------------------------------------------------


class ConnectionRow(TypedDict):
    """What the socket gets at once, the phase after it, and `waits` while something is kept."""

    attached: str
    delivered: str
    delivered_while_behind: str
    delivered_beyond_its_bound: str
    buffer_drained: str
    closed: str


class ConnectionTable(TypedDict):
    JOINING: ConnectionRow
    LIVE: ConnectionRow
    CLOSED: ConnectionRow


def open_connection() -> tuple[Connection, MemorySocket]:
    socket = MemorySocket()
    limits = Limits(outbound_frames_max=1)
    grant = Grant("1", "s1", 0.0)
    return Connection(Channel("a"), grant, "10.0.0.1", socket, limits, now_s=0.0), socket


def in_phase(phase: Phase) -> tuple[Connection, MemorySocket]:
    connection, socket = open_connection()
    match phase:
        case Phase.JOINING:
            pass
        case Phase.LIVE:
            connection.attach()
        case Phase.CLOSED:
            connection.mark_closed()
    return connection, socket


def delivered(connection: Connection, count: int = 1) -> str:
    fits = [connection.deliver(Batch([b"x"], b"x")) for _ in range(count)]
    return "" if all(fits) else "too slow "


def behind_and(connection: Connection, count: int) -> str:
    connection.pause()
    return delivered(connection, count)


def drained(connection: Connection) -> str:
    behind_and(connection, 1)
    connection.resume()
    return ""


def attached(connection: Connection) -> str:
    connection.attach()
    return ""


def closed(connection: Connection) -> str:
    connection.mark_closed()
    return ""


CONNECTION_EVENTS: dict[str, Callable[[Connection], str]] = {
    "attached": attached,
    "delivered": delivered,
    "delivered_while_behind": lambda connection: behind_and(connection, 1),
    "delivered_beyond_its_bound": lambda connection: behind_and(connection, 2),
    "buffer_drained": drained,
    "closed": closed,
}

CONNECTION_TABLE: ConnectionTable = {
    "JOINING": {
        "attached": " → LIVE",
        "delivered": "x → JOINING",
        "delivered_while_behind": " → JOINING waits",
        "delivered_beyond_its_bound": "too slow  → JOINING waits",
        "buffer_drained": "x → JOINING",
        "closed": " → CLOSED",
    },
    "LIVE": {
        "attached": "refused",
        "delivered": "x → LIVE",
        "delivered_while_behind": " → LIVE waits",
        "delivered_beyond_its_bound": "too slow  → LIVE waits",
        "buffer_drained": "x → LIVE",
        "closed": " → CLOSED",
    },
    "CLOSED": {
        "attached": "refused",
        "delivered": " → CLOSED",
        "delivered_while_behind": " → CLOSED",
        "delivered_beyond_its_bound": " → CLOSED",
        "buffer_drained": " → CLOSED",
        "closed": " → CLOSED",
    },
}


def test_the_table_of_a_socket_has_every_phase() -> None:
    assert list(CONNECTION_TABLE) == [phase.name for phase in Phase]


@pytest.mark.parametrize(("state", "event", "expected"), cells(CONNECTION_TABLE))
async def test_every_phase_of_a_socket_against_every_event(
    state: str, event: str, expected: str
) -> None:
    connection, socket = in_phase(Phase[state])
    try:
        answer = CONNECTION_EVENTS[event](connection)
    except AssertionError:
        assert expected == "refused"
    else:
        waits = "" if connection.is_writable else " waits"
        wrote = b"".join(socket.writes).decode()
        assert f"{answer}{wrote} → {connection.phase.name}{waits}" == expected
