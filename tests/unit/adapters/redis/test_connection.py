"""What a connection owes to whoever waits for an answer, without a Redis."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator

import pytest
from typing_extensions import override

from taskwire.adapters.redis.connection import RedisConnection, RedisUnavailable


class _Transport(asyncio.Transport):
    def __init__(self, sock: socket.socket) -> None:
        super().__init__({"socket": sock})
        self.written = b""

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)


@pytest.fixture
def transport() -> Iterator[_Transport]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield _Transport(ours)


def connected(transport: _Transport) -> RedisConnection:
    connection = RedisConnection()
    connection.connection_made(transport)
    return connection


async def test_several_commands_leave_in_one_write_and_are_answered_in_order(
    transport: _Transport,
) -> None:
    connection, replies = connected(transport), list[object]()
    connection.send((("GET", "a"), ("GET", "b")), replies.append)
    assert transport.written.count(b"GET") == 2
    connection.data_received(b"+1\r\n+2\r\n")
    assert replies == [b"1", b"2"]


async def test_no_answer_in_time_is_no_redis(transport: _Transport) -> None:
    with pytest.raises(RedisUnavailable):
        await connected(transport).ask(("PING",), within_s=0.01)


async def test_who_is_cancelled_in_the_turn_of_the_answer_is_cancelled(
    transport: _Transport,
) -> None:
    """Or a process that stops while it connects goes on for ever: asyncio.wait_for forgets it."""
    connection = connected(transport)
    asking = asyncio.create_task(connection.ask(("PING",), within_s=5.0))
    await asyncio.sleep(0)
    connection.data_received(b"+PONG\r\n")
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
