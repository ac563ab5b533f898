"""So many sockets on one channel that it rests after a broadcast: nothing is lost by it."""

import asyncio
from contextlib import AsyncExitStack

from taskwire.realtime.pacing import LISTENERS_MIN
from tests.product.line import Line
from tests.product.metrics import metric
from tests.product.person import Person

SOCKETS = LISTENERS_MIN + 10
TASKS = 10
ROUNDS = 40
FRAMES_OF_ONE_VISIT = 23


async def write(ann: Person, task_ids: list[int]) -> None:
    for number in range(ROUNDS):
        await asyncio.gather(*(ann.put(task_id, title=f"title {number}") for task_id in task_ids))


async def numbers(line: Line, count: int) -> list[int]:
    return [frame["seq"] for frame in await line.frames(count)]


async def come_and_go(ann: Person, epoch: str, last: int, total: int) -> list[int]:
    """Resume, hear a little, leave; until everything was heard."""
    heard: list[int] = []
    while last < total:
        async with ann.line(since=f"{epoch}.{last}") as line:
            heard += await numbers(line, min(FRAMES_OF_ONE_VISIT, total - last))
        last = heard[-1]
    return heard


async def test_in_a_crowd_every_socket_gets_every_change_once_and_in_order(ann: Person) -> None:
    task_ids = [(await ann.add())["id"] for _ in range(TASKS)]
    total = TASKS + ROUNDS * TASKS
    async with AsyncExitStack() as stack:
        opening = [stack.enter_async_context(ann.line()) for _ in range(SOCKETS)]
        lines = await asyncio.gather(*opening)
        epoch = lines[0].hello["data"]["epoch"]
        writing = asyncio.create_task(write(ann, task_ids))
        restless = [come_and_go(ann, epoch, TASKS, total) for _ in range(3)]
        listening = [numbers(line, total - TASKS) for line in lines]
        heard = await asyncio.gather(*listening, *restless)
        await writing
    assert heard == [list(range(TASKS + 1, total + 1))] * len(heard)
    assert await metric(ann.product, "taskwire_realtime_messages_put_off_total") > 0
