"""What happens to the one file: no room on the disk, and another process that holds its lock."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator

import pytest

from taskwire.adapters.database.change_log import DatabaseChangeLog
from taskwire.adapters.database.connection import Database, open_database
from taskwire.adapters.database.task_store import DatabaseTaskStore
from taskwire.domain.errors import UnavailableError
from taskwire.realtime.ports import Range
from tests.contract.conftest import DELETED_KEPT_S, OVERLAP_S, TASKS_MAX
from tests.contract.writing import ANNS_TASKS, create

PAGES_MAX = 2**30


@pytest.fixture
async def sqlite(sqlite_url: str) -> AsyncIterator[Database]:
    opened = open_database(sqlite_url, pool_size=1)
    yield opened
    await opened.close()


@pytest.fixture
def its_tasks(sqlite: Database) -> DatabaseTaskStore:
    return DatabaseTaskStore(sqlite, TASKS_MAX, DELETED_KEPT_S)


async def allow(database: Database, pages: int) -> None:
    """As large as it is now, when fewer are asked for: the next page finds no room."""
    await database.write(
        lambda connection: connection.exec_driver_sql(f"PRAGMA max_page_count={pages}").scalar()
    )


async def heads(database: Database) -> list[int | None]:
    log = DatabaseChangeLog(database, OVERLAP_S)
    (frames,) = await log.read([Range(ANNS_TASKS, 0, 500)])
    return [frame.seq for frame in frames]


async def fill(tasks: DatabaseTaskStore) -> int:
    """Write until there is no room. How many were acknowledged."""
    for written in range(1000):
        try:
            await create(tasks, "x" * 500)
        except UnavailableError:
            return written
    return 1000


async def test_a_full_disk_refuses_writes_whole_and_takes_them_again_when_there_is_room(
    sqlite: Database, its_tasks: DatabaseTaskStore
) -> None:
    await allow(sqlite, 1)
    written = await fill(its_tasks)
    assert written < 1000
    assert await heads(sqlite) == list(range(1, written + 1))
    await allow(sqlite, PAGES_MAX)
    await create(its_tasks)
    assert await heads(sqlite) == list(range(1, written + 2))


async def test_while_another_process_holds_the_lock_reads_go_on_and_a_write_waits(
    sqlite: Database, sqlite_url: str, its_tasks: DatabaseTaskStore
) -> None:
    """A worker that was stopped in the middle of its commit, and goes on."""
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(create(its_tasks))
    assert await heads(sqlite) == []
    assert not writing.done()
    other.execute("ROLLBACK")
    other.close()
    await writing
    assert await heads(sqlite) == [1]
