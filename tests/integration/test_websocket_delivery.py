"""A change in the log reaches every open socket of its person, once and in order."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from websockets.asyncio.client import ClientConnection, connect

from tests.fakes.installation import Installation, installed


@pytest.fixture
async def house(redis_url: str) -> AsyncIterator[Installation]:
    async with installed(redis_url) as installation:
        installation.authenticator.issue("ann", "1")
        installation.authenticator.issue("ben", "2")
        yield installation


async def test_a_socket_is_greeted_and_gets_what_is_published_through_redis(
    house: Installation,
) -> None:
    async with connect(house.url(token="ann")) as socket:
        hello = await _frame(socket)
        house.write("user:1:tasks", id=7)
        assert hello["type"] == "hello"
        assert (await _frame(socket))["seq"] == 1


async def _frame(socket: ClientConnection) -> dict:
    return json.loads(await asyncio.wait_for(socket.recv(), 5))
