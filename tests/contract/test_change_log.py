import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg
import pytest

from taskwire.adapters.database.change_log import DatabaseChangeLog
from taskwire.adapters.database.connection import (
    IDLE_IN_TRANSACTION_TIMEOUT_MS,
    STATEMENT_TIMEOUT_MS,
    Database,
    open_database,
)
from taskwire.adapters.database.task_store import DatabaseTaskStore
from taskwire.realtime.ports import Extent, LogUnavailable, Range
from taskwire.settings import Settings
from tests.contract.writing import ANNS_TASKS, BEN, create, frames, make_older

BENS_TASKS = "user:2:tasks"


async def numbers(log: DatabaseChangeLog, *ranges: Range) -> list[list[int | None]]:
    return [[frame.seq for frame in found] for found in await log.read(ranges)]


async def test_a_range_is_what_comes_after_its_number_up_to_its_limit(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    for _ in range(5):
        await create(tasks)
    assert await numbers(log, Range(ANNS_TASKS, 0, 2)) == [[1, 2]]
    assert await numbers(log, Range(ANNS_TASKS, 3, 500)) == [[4, 5]]
    assert await numbers(log, Range(ANNS_TASKS, 5, 500)) == [[]]
    assert await numbers(log, Range(ANNS_TASKS, 99, 500)) == [[]]


async def test_many_ranges_are_one_question_each_answered_in_its_place(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    await create(tasks)
    await create(tasks)
    await create(tasks, person_id=BEN)
    asked = [
        Range(BENS_TASKS, 0, 9),
        Range("user:77:tasks", 0, 9),
        Range(ANNS_TASKS, 1, 9),
        Range(ANNS_TASKS, 0, 1),
    ]
    assert await numbers(log, *asked) == [[1], [], [2], [1]]


async def test_positions_are_read_together_and_unknown_channels_are_at_zero(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    await create(tasks)
    positions = await log.positions([ANNS_TASKS, "user:77:tasks"])
    assert positions.epoch
    assert positions.extents == {ANNS_TASKS: Extent(0, 1), "user:77:tasks": Extent(0, 0)}


async def test_a_first_mark_tells_of_nothing_that_was(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    await create(tasks)
    assert (await log.moved(None)).heads == {}


async def test_what_moved_since_a_mark_is_told(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    mark = (await log.moved(None)).mark
    await create(tasks)
    await create(tasks)
    moved = await log.moved(mark)
    assert moved.heads == {ANNS_TASKS: 2}
    assert moved.mark > mark


async def test_what_moved_within_the_overlap_is_told_again(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    await create(tasks)
    first = await log.moved((await log.moved(None)).mark)
    assert (await log.moved(first.mark)).heads == {ANNS_TASKS: 1}


async def test_what_moved_before_the_overlap_is_not_told(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog, database: Database
) -> None:
    await create(tasks)
    await make_older(database, "streams", "moved_at", timedelta(seconds=log.overlap_s + 5))
    assert (await log.moved((await log.moved(None)).mark)).heads == {}


@pytest.fixture
async def postgresql(postgresql_url: str) -> AsyncIterator[Database]:
    opened = open_database(postgresql_url, pool_size=2)
    yield opened
    await opened.close()


@asynccontextmanager
async def counter_held(url: str, channel: str) -> AsyncIterator[None]:
    """Take the next number in a transaction that commits only at the end of the block."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute(
                "INSERT INTO streams VALUES ($1, 1, 0, now()) "
                "ON CONFLICT (channel) DO UPDATE SET head = streams.head + 1, moved_at = now()",
                channel,
            )
            yield
    finally:
        await connection.close()


async def test_a_transaction_that_commits_late_is_still_found(
    postgresql: Database, postgresql_url: str
) -> None:
    """Its time is that of its beginning, which two sweeps had passed when it committed."""
    log = DatabaseChangeLog(postgresql, 15.0)
    first = await log.moved(None)
    async with counter_held(postgresql_url, ANNS_TASKS):
        second = await log.moved(first.mark)
        third = await log.moved(second.mark)
        assert (second.heads, third.heads) == ({}, {})
    assert (await log.moved(third.mark)).heads == {ANNS_TASKS: 1}


async def test_the_sweep_reaches_back_longer_than_a_counter_can_be_held() -> None:
    overlap_ms = Settings().sweep_overlap_s * 1000
    assert overlap_ms >= STATEMENT_TIMEOUT_MS + IDLE_IN_TRANSACTION_TIMEOUT_MS


async def test_writers_of_other_channels_do_not_wait_for_a_held_counter(
    postgresql: Database, postgresql_url: str
) -> None:
    tasks = DatabaseTaskStore(postgresql, 10, 10)
    async with counter_held(postgresql_url, ANNS_TASKS):
        await asyncio.wait_for(create(tasks, person_id=BEN), 5)


@pytest.mark.parametrize("bad", ["sqlite:////nowhere/at/all.db", "postgresql://127.0.0.1:1/x"])
async def test_a_log_that_cannot_be_reached_says_so(bad: str) -> None:
    database = open_database(bad, pool_size=1)
    with pytest.raises(LogUnavailable):
        await DatabaseChangeLog(database, 15.0).moved(None)
    await database.close()


async def test_reading_all_is_reading_in_order(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    answers = [await create(tasks, f"task {number}") for number in range(20)]
    assert await frames(log) == [answer.changes[0].frame for answer in answers]
