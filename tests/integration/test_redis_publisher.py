"""The publisher: nobody waits for it, and a Redis that is away costs nobody anything."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis
from redis.asyncio.client import PubSub

from taskwire.adapters.redis.publisher import Publisher, PublisherCounters
from taskwire.adapters.redis.url import parse_redis_url
from tests.fakes.waiting import wait_until
from tests.services.redis import RedisServer, redis_server


def publisher_for(url: str, **options: int) -> Publisher:
    return Publisher(parse_redis_url(url), PublisherCounters(), **options)


@pytest.fixture
async def publisher(redis_url: str) -> AsyncIterator[Publisher]:
    publisher = publisher_for(redis_url)
    yield publisher
    await publisher.close()


@pytest.fixture
async def ear(redis_url: str) -> AsyncIterator[PubSub]:
    async with Redis.from_url(redis_url) as client, client.pubsub() as ear:
        await ear.subscribe("a")
        assert (await ear.get_message(timeout=5))["type"] == "subscribe"
        yield ear


async def heard(ear: PubSub, count: int) -> list[bytes]:
    return [(await ear.get_message(timeout=5))["data"] for _ in range(count)]


async def test_what_is_announced_arrives_in_order(publisher: Publisher, ear: PubSub) -> None:
    for seq in range(1, 101):
        publisher.announce("a", seq, b"%d" % seq)
    assert await heard(ear, 100) == [b"%d" % seq for seq in range(1, 101)]


async def test_a_large_frame_goes_as_its_number(publisher: Publisher, ear: PubSub) -> None:
    publisher.announce("a", 7, b"x" * (16 * 1024 + 1))
    publisher.announce("a", 8, b"x" * (16 * 1024))
    assert await heard(ear, 2) == [b'{"seq":7}', b"x" * (16 * 1024)]


async def test_a_large_word_without_a_number_goes_as_it_is(
    publisher: Publisher, ear: PubSub
) -> None:
    publisher.announce("a", None, b"x" * 20_000)
    assert await heard(ear, 1) == [b"x" * 20_000]


async def test_a_flush_returns_when_everything_was_answered(
    publisher: Publisher, ear: PubSub
) -> None:
    for seq in range(1, 2501):
        publisher.announce("a", seq, b"x")
    assert await publisher.flush(5.0)
    assert publisher.counters.published == 2500


def test_a_worker_whose_loop_stops_between_jobs_publishes_in_each(own_redis: RedisServer) -> None:
    async def job(publisher: Publisher) -> None:
        publisher.announce("a", 1, b"x")
        assert await publisher.flush(5.0)

    with asyncio.Runner() as runner:
        publisher = publisher_for(own_redis.url)
        for _ in range(3):
            runner.run(job(publisher))
        assert publisher.counters.published == 3
        runner.run(publisher.close())


async def test_without_redis_announcing_costs_nothing_and_the_breaker_opens() -> None:
    publisher = publisher_for("redis://127.0.0.1:1")
    begin_s = time.perf_counter()
    for seq in range(1000):
        publisher.announce("a", seq + 1, b"x")
    assert time.perf_counter() - begin_s < 0.25
    await wait_until(lambda: publisher.counters.breaker_openings)
    assert await publisher.flush(0.0)
    publisher.announce("a", 1001, b"x")
    assert publisher.counters.dropped_open == 1001
    await publisher.close()


async def test_a_full_queue_drops_the_oldest(own_redis: RedisServer) -> None:
    publisher = publisher_for(own_redis.url, queue_max=10)
    for seq in range(1, 16):
        publisher.announce("a", seq, b"x")
    assert publisher.counters.dropped_full == 5
    assert await publisher.flush(5.0)
    assert publisher.counters.published == 10
    await publisher.close()


async def test_a_cut_connection_is_made_again(publisher: Publisher, redis_url: str) -> None:
    publisher.announce("a", 1, b"x")
    await publisher.flush(5.0)
    async with Redis.from_url(redis_url) as client:
        await client.client_kill_filter(_type="normal", skipme=True)
    await wait_until(lambda: publisher._connection is None)  # noqa: SLF001 - it heard of it
    publisher.announce("a", 2, b"x")
    await wait_until(lambda: publisher.counters.published == 2)


async def test_a_frozen_redis_is_given_up_within_its_bound_and_used_again_when_it_thaws() -> None:
    with redis_server() as server:
        publisher = publisher_for(server.url)
        publisher.announce("a", 1, b"x")
        assert await publisher.flush(5.0)
        async with Redis.from_url(server.url) as client:
            process = (await client.info("server"))["process_id"]
        os.kill(process, signal.SIGSTOP)
        try:
            publisher.announce("a", 2, b"x")
            assert not await publisher.flush(0.1)
            assert await publisher.flush(2.0)
            assert publisher.counters.failed == 1
        finally:
            os.kill(process, signal.SIGCONT)

        def published_again() -> bool:
            publisher.announce("a", 3, b"x")
            return publisher.counters.published > 1

        await wait_until(published_again)
        await publisher.close()
