"""One socket as the engine sees it."""

import asyncio

import pytest

from taskwire.realtime.connection import Connection, chunks
from taskwire.realtime.hub import Batch, Channel
from taskwire.realtime.limits import Limits
from taskwire.realtime.ports import Grant
from tests.fakes.memory_socket import MemorySocket


@pytest.fixture
def socket() -> MemorySocket:
    return MemorySocket()


@pytest.fixture
def connection(socket: MemorySocket) -> Connection:
    grant = Grant("1", "s1", 0.0)
    return Connection(Channel("a"), grant, "10.0.0.1", socket, Limits(), now_s=0.0)


def batch(text: bytes) -> Batch:
    return Batch([text], text)


def test_a_writable_socket_is_written_to_at_once(
    connection: Connection, socket: MemorySocket
) -> None:
    assert connection.deliver(batch(b"a"))
    assert socket.writes == [b"a"]


def test_a_paused_socket_is_paused_once_and_resumed_once(
    connection: Connection, socket: MemorySocket
) -> None:
    connection.pause()
    connection.deliver(batch(b"a"))
    connection.pause()
    connection.resume()
    connection.resume()
    assert socket.writes == [b"a"]


def test_what_waits_for_a_closed_socket_is_forgotten(
    connection: Connection, socket: MemorySocket
) -> None:
    connection.pause()
    connection.deliver(batch(b"a"))
    connection.mark_closed()
    connection.resume()
    assert socket.writes == []


def test_a_socket_that_fills_up_again_while_it_is_resumed_stays_paused(
    connection: Connection, socket: MemorySocket
) -> None:
    connection.pause()
    connection.deliver(batch(b"a"))

    def fill_up(wire: bytes) -> None:
        assert wire == b"a"
        connection.pause()

    connection._write = fill_up  # noqa: SLF001 - as a transport does
    connection.resume()
    assert not connection.is_writable


async def test_who_waits_for_a_socket_is_woken_when_it_takes_bytes_again(
    connection: Connection,
) -> None:
    connection.pause()
    waiting = asyncio.create_task(connection.writable(within_s=5.0))
    await asyncio.sleep(0)
    connection.resume()
    await waiting
    await connection.writable(within_s=0.0)


async def test_who_waits_for_a_socket_is_woken_when_it_closes(connection: Connection) -> None:
    connection.pause()
    waiting = asyncio.create_task(connection.writable(within_s=5.0))
    await asyncio.sleep(0)
    connection.mark_closed()
    await waiting


async def test_a_socket_that_takes_nothing_is_not_waited_for_for_ever(
    connection: Connection,
) -> None:
    connection.pause()
    with pytest.raises(TimeoutError):
        await connection.writable(within_s=0.001)


@pytest.mark.parametrize(
    ("payloads", "cut"),
    [
        ([], []),
        ([b"aaaa"], [[b"aaaa"]]),
        ([b"a", b"b", b"c"], [[b"a", b"b"], [b"c"]]),
        ([b"aaaa", b"b", b"c"], [[b"aaaa"], [b"b", b"c"]]),
    ],
)
def test_a_page_is_cut_into_writes_and_no_frame_is(
    payloads: list[bytes], cut: list[list[bytes]]
) -> None:
    assert [list(chunk) for chunk in chunks(payloads, bytes_max=2)] == cut
