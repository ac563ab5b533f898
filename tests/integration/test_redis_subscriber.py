"""The subscriber hears, says when it may have missed something, and always comes back."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Sequence

import pytest
from redis.asyncio import Redis

from taskwire.adapters.redis.probe import Probe, ProbeCounters
from taskwire.adapters.redis.publisher import Publisher, PublisherCounters
from taskwire.adapters.redis.subscriber import Subscriber, SubscriberCounters
from taskwire.adapters.redis.url import parse_redis_url
from tests.fakes.waiting import wait_until
from tests.services.redis import RedisServer, redis_server


class Ear:
    """A subscriber that runs, and what it heard."""

    def __init__(self, url: str) -> None:
        self.subscriber = Subscriber(parse_redis_url(url), SubscriberCounters())
        self.reads: list[list[tuple[str, bytes]]] = []
        self.resumed = 0
        self.subscriber.listen(self._hear, self._resume)
        self.running = asyncio.create_task(self.subscriber.run())

    @property
    def heard(self) -> list[tuple[str, bytes]]:
        return [message for read in self.reads for message in read]

    async def end(self) -> None:
        self.running.cancel()
        await asyncio.wait((self.running,))

    def _hear(self, messages: Sequence[tuple[str, bytes]]) -> None:
        self.reads.append(list(messages))

    def _resume(self) -> None:
        self.resumed += 1


@pytest.fixture
async def ear(redis_url: str) -> AsyncIterator[Ear]:
    ear = Ear(redis_url)
    await wait_until(lambda: ear.resumed)
    yield ear
    await ear.end()


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator["Redis"]:
    async with Redis.from_url(redis_url) as client:
        yield client


async def test_what_is_published_after_the_confirmation_is_heard(ear: Ear, client: Redis) -> None:
    await ear.subscriber.subscribe("a")
    assert await client.publish("a", b"1") == 1
    await client.publish("b", b"2")
    await client.publish("a", b"3")
    await wait_until(lambda: ear.heard == [("a", b"1"), ("a", b"3")])


async def test_what_arrives_in_one_read_is_told_in_one_call(ear: Ear, client: Redis) -> None:
    await ear.subscriber.subscribe("a")
    pipeline = client.pipeline(transaction=True)
    for number in range(50):
        _ = pipeline.publish("a", str(number))
    await pipeline.execute()
    await wait_until(lambda: len(ear.heard) == 50)
    assert len(ear.reads) < 10


async def test_channels_asked_for_in_one_tick_go_in_one_command(ear: Ear, client: Redis) -> None:
    before = await client.info("commandstats")
    await asyncio.gather(*(ear.subscriber.subscribe(f"c{number}") for number in range(300)))
    after = await client.info("commandstats")
    calls = [stats.get("cmdstat_subscribe", {"calls": 0})["calls"] for stats in (before, after)]
    assert calls[1] - calls[0] == 1


async def test_a_channel_that_is_left_is_heard_no_more(ear: Ear, client: Redis) -> None:
    await ear.subscriber.subscribe("a")
    ear.subscriber.unsubscribe("a")
    await ear.subscriber.subscribe("b")
    assert await client.publish("a", b"1") == 0


async def test_a_channel_left_and_wanted_again_is_confirmed_by_its_second_confirmation(
    ear: Ear, client: Redis
) -> None:
    for _ in range(20):
        asking = asyncio.create_task(ear.subscriber.subscribe("a"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        ear.subscriber.unsubscribe("a")
        await asyncio.sleep(0)
        await ear.subscriber.subscribe("a")
        assert await client.publish("a", b"1") == 1
        ear.subscriber.unsubscribe("a")
        await asking


async def test_a_killed_connection_comes_back_with_all_its_channels(
    ear: Ear, client: Redis
) -> None:
    names = [f"c{number}" for number in range(1200)]
    await asyncio.gather(*(ear.subscriber.subscribe(name) for name in names))
    await client.client_kill_filter(_type="pubsub")
    await wait_until(lambda: ear.resumed == 2)
    assert [await client.publish(name, b"1") for name in names[::400]] == [1, 1, 1]


async def test_nobody_waits_for_a_redis_that_is_not_there() -> None:
    ear = Ear("redis://127.0.0.1:1")
    await asyncio.wait_for(ear.subscriber.subscribe("a"), 0.5)
    await ear.end()


@pytest.mark.parametrize("wrong", ["redis://:wrong@127.0.0.1:{port}", "unix://:wrong@{socket}"])
async def test_a_wrong_password_is_tried_again_and_again(
    own_redis: RedisServer, wrong: str
) -> None:
    ear = Ear(wrong.format(port=own_redis.port, socket=own_redis.socket))
    await asyncio.wait_for(ear.subscriber.subscribe("a"), 0.5)
    assert not ear.running.done()
    assert not ear.subscriber.counters.is_connected
    await ear.end()


async def test_a_unix_socket_does_as_well(own_redis: RedisServer) -> None:
    ear = Ear(own_redis.socket_url)
    await wait_until(lambda: ear.resumed)
    await ear.end()


async def test_a_redis_that_is_restarted_is_found_again() -> None:
    with redis_server() as server:
        ear = Ear(server.url)
        await wait_until(lambda: ear.resumed)
    await wait_until(lambda: not ear.subscriber.counters.is_connected)
    assert not ear.running.done()
    await ear.end()


# --- the probe --------------------------------------------------------------------------------------


async def test_a_probe_goes_round_and_its_lag_is_known(ear: Ear, redis_url: str) -> None:
    publisher = Publisher(parse_redis_url(redis_url), PublisherCounters())
    probe = Probe(ear.subscriber, publisher, ProbeCounters(), interval_s=0.02, deadline_s=3.0)
    probing = asyncio.create_task(probe.run())
    await wait_until(lambda: probe.counters.returned >= 3)
    assert 0 < probe.counters.lag_s < 1
    assert ear.heard == []
    probing.cancel()
    await publisher.close()


async def test_a_subscription_that_went_deaf_is_noticed_and_renewed(
    ear: Ear, client: Redis, redis_url: str
) -> None:
    publisher = Publisher(parse_redis_url(redis_url), PublisherCounters())
    probe = Probe(ear.subscriber, publisher, ProbeCounters(), interval_s=0.05, deadline_s=0.2)
    probing = asyncio.create_task(probe.run())
    await ear.subscriber.subscribe("a")
    await wait_until(lambda: probe.counters.returned)
    connection = ear.subscriber._connection  # noqa: SLF001 - made deaf from within
    assert connection is not None
    connection.on_pushes = lambda _pushes: None
    await wait_until(lambda: ear.resumed == 2)
    assert probe.counters.deaf == 1
    assert await client.publish("a", b"1") == 1
    probing.cancel()
    await publisher.close()


async def test_a_frozen_redis_is_noticed_and_found_again_when_it_thaws() -> None:
    with redis_server() as server:
        ear = Ear(server.url)
        await wait_until(lambda: ear.resumed)
        publisher = Publisher(parse_redis_url(server.url), PublisherCounters())
        probe = Probe(ear.subscriber, publisher, ProbeCounters(), interval_s=0.05, deadline_s=0.3)
        probing = asyncio.create_task(probe.run())
        await wait_until(lambda: probe.counters.returned)
        async with Redis.from_url(server.url) as client:
            process = (await client.info("server"))["process_id"]
        os.kill(process, signal.SIGSTOP)
        await wait_until(lambda: probe.counters.deaf)
        os.kill(process, signal.SIGCONT)
        await wait_until(lambda: ear.resumed >= 2)
        probing.cancel()
        await publisher.close()
        await ear.end()
