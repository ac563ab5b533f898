"""Every phase of a socket against every event.

The table is a TypedDict of TypedDicts: mypy refuses it as long as a phase or an event is missing.
"""

from collections.abc import Callable
from typing import TypedDict

import pytest

from taskwire.realtime.connection import Connection, Phase
from taskwire.realtime.hub import Batch, Channel
from taskwire.realtime.limits import Limits
from taskwire.realtime.ports import Grant
from tests.fakes.memory_socket import MemorySocket
from tests.fakes.tables import cells


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
