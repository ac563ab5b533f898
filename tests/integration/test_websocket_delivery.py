"""A change in the log reaches every open socket of its person, once and in order."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.fakes.installation import Installation, Options, installed
from tests.fakes.waiting import wait_until

TASKS = "user:1:tasks"


@pytest.fixture
async def house(redis_url: str) -> AsyncIterator[Installation]:
    options = Options(sweep_interval_s=0.1, drain_spread_s=0.1)
    async with installed(redis_url, options) as installation:
        installation.authenticator.issue("ann", "1")
        installation.authenticator.issue("ben", "2")
        yield installation


async def frame_of(socket: ClientConnection) -> dict[str, Any]:
    frame: dict[str, Any] = json.loads(await asyncio.wait_for(socket.recv(), 5))
    return frame


async def seqs_of(socket: ClientConnection, count: int) -> list[int]:
    return [(await frame_of(socket))["seq"] for _ in range(count)]


async def test_a_socket_is_greeted_and_gets_what_is_published_through_redis(
    house: Installation,
) -> None:
    async with connect(house.url(token="ann")) as ann, connect(house.url(token="ben")) as ben:
        assert (await frame_of(ann))["type"] == (await frame_of(ben))["type"] == "hello"
        house.write(TASKS, id=7)
        house.write("user:2:tasks", id=8)
        assert (await frame_of(ann))["data"] == {"id": 7}
        assert (await frame_of(ben))["data"] == {"id": 8}


async def test_the_two_paths_are_two_channels(house: Installation) -> None:
    async with connect(house.url("/ws/notifications", token="ann")) as socket:
        await frame_of(socket)
        house.write(TASKS)
        house.write("user:1:notifications", id=9)
        assert (await frame_of(socket))["data"] == {"id": 9}


async def test_a_reopened_socket_gets_exactly_what_it_missed_and_then_what_follows(
    house: Installation,
) -> None:
    for _ in range(1200):
        house.log.commit(TASKS)
    async with connect(house.url(token="ann", since="e1.100")) as socket:
        await frame_of(socket)
        house.write(TASKS)
        assert await seqs_of(socket, 1101) == list(range(101, 1202))


async def test_a_foreign_publish_arrives_byte_for_byte(house: Installation, redis_url: str) -> None:
    foreign = '{ "type":"task_update",  "data":{"id":1} }'
    async with connect(house.url(token="ann")) as socket, Redis.from_url(redis_url) as client:
        await frame_of(socket)
        await client.publish(TASKS, foreign)
        assert await asyncio.wait_for(socket.recv(), 5) == foreign


async def test_a_large_frame_is_published_as_its_number_and_arrives_whole(
    house: Installation,
) -> None:
    async with connect(house.url(token="ann")) as socket:
        await frame_of(socket)
        house.write(TASKS, description="x" * 20_000)
        assert len((await frame_of(socket))["data"]["description"]) == 20_000
        assert house.publisher.counters.numbers_only == 1


async def test_a_publish_that_was_never_made_arrives_by_the_sweep(house: Installation) -> None:
    async with connect(house.url(token="ann")) as socket:
        await frame_of(socket)
        await wait_until(lambda: house.gateway.counters.sweeps > 0)
        house.log.commit(TASKS)
        assert await seqs_of(socket, 1) == [1]


async def test_subscriptions_that_were_killed_lose_nothing(
    house: Installation, redis_url: str
) -> None:
    async with connect(house.url(token="ann")) as socket, Redis.from_url(redis_url) as client:
        await frame_of(socket)
        for _ in range(5):
            house.write(TASKS)
            await client.client_kill_filter(_type="pubsub")
            house.write(TASKS)
        assert await seqs_of(socket, 10) == list(range(1, 11))


async def test_a_thousand_sockets_of_500_people_share_one_subscriber(
    redis_url: str,
) -> None:
    people = [str(person) for person in range(500)]
    async with installed(redis_url, Options().with_limits(sockets_per_address_max=2000)) as house:
        for person in people:
            house.authenticator.issue(f"t{person}", person)
        sockets = await asyncio.gather(
            *(connect(house.url(token=f"t{person}"), open_timeout=30) for person in people * 2)
        )
        await asyncio.gather(*(frame_of(socket) for socket in sockets))
        async with Redis.from_url(redis_url) as client:
            assert len(await client.client_list(_type="pubsub")) == 1
        for person in people:
            house.write(f"user:{person}:tasks", person=person)
        frames = await asyncio.gather(*(frame_of(socket) for socket in sockets))
        assert [frame["data"]["person"] for frame in frames] == people * 2
        assert house.log.questions < 50
        await asyncio.gather(*(socket.close() for socket in sockets))


async def test_a_drained_process_tells_every_socket_to_come_back(house: Installation) -> None:
    async with connect(house.url(token="ann")) as ann, connect(house.url(token="ben")) as ben:
        await asyncio.gather(frame_of(ann), frame_of(ben))
        house.server.should_exit = True
        for socket in (ann, ben):
            with pytest.raises(ConnectionClosed) as closed:
                await frame_of(socket)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1012


async def test_a_reader_that_stalls_is_closed_as_slow_and_costs_the_others_nothing(
    redis_url: str,
) -> None:
    """The kernel takes 2.8 MB before we see that nobody reads, unless its buffer is bounded."""
    options = Options().with_limits(outbound_bytes_max=256 * 1024)
    async with installed(redis_url, options) as house:
        house.authenticator.issue("ann", "1")
        stalled = await asyncio.open_connection("127.0.0.1", house.port, limit=1024)
        key = "AAAAAAAAAAAAAAAAAAAAAA=="
        stalled[1].write(
            b"GET /ws/tasks?token=ann HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: %b\r\n\r\n" % key.encode()
        )
        await wait_until(lambda: house.gateway.counters.sockets == 1)
        async with connect(house.url(token="ann"), max_queue=None) as reader:
            await frame_of(reader)
            written = 0
            while not house.gateway.counters.closes["SLOW"]:
                written += 1
                assert written < 1000, "a reader that stalls must be closed before 10 MB"
                house.write(TASKS, filler="x" * 10_000)
                assert (await frame_of(reader))["seq"] == written
        stalled[1].close()
