"""A change is on every screen of its person at once, and on nobody else's."""

import asyncio
import json
import os
import signal
import statistics
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager

import orjson
import pytest
from redis.asyncio import Redis

from tests.product.line import Line
from tests.product.person import Person
from tests.product.serving import Serving

CHANGES = 100
OVER_THE_HINT = 20_000


async def test_a_socket_is_greeted_with_its_place(ann: Person) -> None:
    await ann.add()
    async with ann.line() as line:
        snapshot = (await ann.http.get("/api/tasks")).json()
    assert line.hello == {
        "type": "hello",
        "data": {"protocol": 1, "epoch": snapshot["epoch"], "seq": 1, "heartbeat_seconds": 15},
    }


async def test_one_put_reaches_both_sockets_of_its_person_and_no_strangers(
    ann: Person, ben: Person
) -> None:
    task = await ann.add()
    async with ann.line() as left, ann.line() as right, ben.line() as strangers:
        answer = await ann.put(task["id"], title="Feed the cat")
        heard = [await left.text(), await right.text()]
        got = await ann.task(task["id"])
        await ben.add("Ben's own")
        assert (await strangers.frame())["data"]["title"] == "Ben's own", "and nothing before"
    assert answer.content == got.content
    assert heard == [b'{"type":"task_update","seq":2,"data":%b}' % got.content] * 2


async def test_changes_arrive_in_the_order_of_their_numbers(ann: Person) -> None:
    """The median from the PUT to the frame is printed; it is a number of this machine."""
    task = await ann.add()
    took_s = []
    async with ann.line() as left, ann.line() as right:
        for number in range(CHANGES):
            began_s = time.perf_counter()
            await ann.put(task["id"], title=f"title {number}")
            frames = [await left.frame(), await right.frame()]
            took_s.append(time.perf_counter() - began_s)
            assert [frame["seq"] for frame in frames] == [number + 2] * 2
            assert frames[0]["data"]["title"] == f"title {number}"
    print(f"PUT to both sockets: median {statistics.median(took_s) * 1000:.1f} ms")  # noqa: T201


async def test_each_kind_of_change_has_its_frame(ann: Person) -> None:
    async with ann.line() as line:
        task = await ann.add()
        path = f"/api/tasks/{task['id']}"
        await ann.put(task["id"], is_completed=True)
        await ann.http.delete(path)
        await ann.http.post(f"{path}/restore")
        frames = await line.frames(4)
    kinds = ["task_created", "task_update", "task_deleted", "task_created"]
    assert [(frame["type"], frame["seq"]) for frame in frames] == list(
        zip(kinds, range(1, 5), strict=True)
    )


async def test_a_burst_of_parallel_writes_is_heard_whole_and_in_order(ann: Person) -> None:
    async with ann.line() as line:
        await asyncio.gather(*(ann.add(f"task {number}") for number in range(CHANGES)))
        frames = await line.frames(CHANGES)
    assert [frame["seq"] for frame in frames] == list(range(1, CHANGES + 1))
    assert len({frame["data"]["id"] for frame in frames}) == CHANGES


async def test_a_foreign_publish_arrives_as_it_is(ann: Person) -> None:
    """Issue 2, line 5: whoever may publish is trusted, and nothing remembers it."""
    message = '{"type":"task_update",  "data":{"id":1}}'
    async with ann.line() as line:
        await publish(ann, message)
        assert await line.text() == message.encode()
        task = await ann.add()
        assert (await line.frame())["seq"] == 1, "no cursor moved"
        assert task["version"] == 1


@pytest.mark.parametrize("nonsense", ["", "{", "[]", "7", '{"type":"x","seq":"7"}', "\xff"])
async def test_nonsense_on_the_bus_harms_nobody(ann: Person, nonsense: str) -> None:
    async with ann.line() as line:
        await publish(ann, nonsense)
        await ann.add("after")
        assert (await line.frame())["data"]["title"] == "after"


async def test_a_forged_number_neither_arrives_nor_stops_the_line(ann: Person) -> None:
    forged = json.dumps({"type": "task_update", "seq": 99, "data": {"id": 1}})
    async with ann.line() as line:
        await publish(ann, forged)
        await ann.add("the truth")
        frame = await line.frame()
    assert (frame["seq"], frame["data"]["title"]) == (1, "the truth")


async def publish(person: Person, message: str) -> None:
    client = Redis.from_url(person.product.redis.url)
    async with client:
        assert await client.publish(f"user:{person.id}:tasks", message) == 1


async def test_what_is_published_is_the_frame_of_the_socket_to_the_byte(ann: Person) -> None:
    """And it is published at all: the sweep would hide that it is not."""
    client = Redis.from_url(ann.product.redis.url)
    async with client, ann.line() as line, client.pubsub() as listening:
        await listening.subscribe(f"user:{ann.id}:tasks")
        await listening.get_message(timeout=5)
        await ann.add()
        published = await listening.get_message(timeout=5)
        assert published is not None, "nothing was published"
        assert published["data"] == await line.text()


async def test_a_message_too_large_for_the_bus_arrives_whole(ann: Person) -> None:
    client = Redis.from_url(ann.product.redis.url)
    async with client, ann.line() as line, client.pubsub() as listening:
        await listening.subscribe(f"user:{ann.id}:tasks")
        await listening.get_message(timeout=5)
        task = await ann.add(description="x" * OVER_THE_HINT)
        text = await line.text()
        hint = await listening.get_message(timeout=5)
    assert hint is not None
    assert hint["data"] == b'{"seq":1}'
    assert orjson.loads(text)["data"] == task


async def test_what_redis_swallows_the_sweep_delivers(ann: Person) -> None:
    with frozen(ann.product):
        async with ann.line() as line:
            began_s = time.perf_counter()
            task = await ann.add("nobody published this")
            frame = await line.frame()
            took_s = time.perf_counter() - began_s
    assert (frame["seq"], frame["data"]) == (1, task)
    print(f"swept within {took_s:.2f} s while Redis stood still")  # noqa: T201


async def test_a_cut_subscriber_misses_nothing(ann: Person) -> None:
    client = Redis.from_url(ann.product.redis.url)
    async with client, ann.line() as line:
        for number in range(10):
            await client.client_kill_filter(_type="pubsub")
            await ann.add(f"task {number}")
        frames = await line.frames(10)
    assert [frame["seq"] for frame in frames] == list(range(1, 11))


async def test_rest_and_new_sockets_need_no_redis(ann: Person) -> None:
    with frozen(ann.product):
        task = await ann.add()
        assert (await ann.put(task["id"], priority=1)).status_code == 200
        async with ann.line(since=f"{await epoch(ann)}.0") as line:
            assert [frame["seq"] for frame in await line.frames(2)] == [1, 2]


async def epoch(person: Person) -> str:
    found: str = (await person.http.get("/api/tasks")).json()["epoch"]
    return found


@contextmanager
def frozen(product: Serving) -> Iterator[None]:
    """Redis stands still: its connections stay open and answer nothing."""
    process_id = product.redis.process_id
    os.kill(process_id, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process_id, signal.SIGCONT)


async def test_a_notifications_socket_hears_no_tasks(ann: Person) -> None:
    async with ann.line("/ws/notifications") as news, ann.line() as tasks:
        await ann.add()
        await tasks.frame()
        client = Redis.from_url(ann.product.redis.url)
        async with client:
            await client.publish(f"user:{ann.id}:notifications", '{"type":"calendar_update"}')
        assert await news.text() == b'{"type":"calendar_update"}'


async def test_sockets_come_and_go_without_leaving_a_subscription(ann: Person) -> None:
    async with AsyncExitStack() as stack:
        lines: list[Line] = [await stack.enter_async_context(ann.line()) for _ in range(20)]
        assert len(lines) == 20
        assert await subscriptions(ann) == 1
    async with ann.line():
        assert await subscriptions(ann) == 1


async def subscriptions(person: Person) -> int:
    client = Redis.from_url(person.product.redis.url)
    async with client:
        channels = await client.pubsub_channels(f"user:{person.id}:*")
    return len(channels)
