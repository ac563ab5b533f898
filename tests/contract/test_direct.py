"""The short way to PostgreSQL: it fails as the long one does, and comes back by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from sqlalchemy.exc import IntegrityError

from taskwire.adapters.database import direct as module
from taskwire.adapters.database.conflicts import CONFLICT_ATTEMPTS_MAX
from taskwire.adapters.database.connection import Database, open_database
from taskwire.adapters.database.direct import Direct
from taskwire.adapters.database.task_store import DatabaseTaskStore
from taskwire.domain.errors import UnavailableError
from tests.contract.writing import ANN, create

QUARREL = """
    CREATE SEQUENCE quarrels;
    CREATE FUNCTION quarrel(times int) RETURNS bigint LANGUAGE plpgsql AS $$
    DECLARE number bigint := nextval('quarrels');
    BEGIN
        IF number <= times THEN RAISE EXCEPTION 'a deadlock' USING ERRCODE = '40P01'; END IF;
        RETURN number;
    END $$"""


@pytest.fixture
async def direct(postgresql_url: str) -> AsyncIterator[Direct]:
    database = open_database(postgresql_url, pool_size=2)
    assert database.direct is not None
    yield database.direct
    await database.close()


@pytest.fixture
async def operator(postgresql_url: str) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """Somebody else at the same database."""
    connection = await asyncpg.connect(postgresql_url)
    yield connection
    await connection.close()


async def cut_all(operator: asyncpg.Connection[asyncpg.Record]) -> None:
    await operator.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


async def one(direct: Direct, sql: str, *values: object) -> object:
    row = await direct.fetch_row(sql, values)
    return None if row is None else row[0]


async def test_a_statement_gives_its_first_row_or_none(direct: Direct) -> None:
    assert await one(direct, "SELECT $1::bigint + 1", 2) == 3
    assert await one(direct, "SELECT 1 WHERE false") is None


async def test_it_runs_in_the_session_that_all_others_run_in(direct: Direct) -> None:
    settings = [await one(direct, f"SHOW {name}") for name in ("timezone", "lock_timeout", "jit")]
    assert settings == ["UTC", "2s", "off"]


async def test_a_connection_that_was_cut_is_replaced(
    direct: Direct, operator: asyncpg.Connection[asyncpg.Record]
) -> None:
    before = await one(direct, "SELECT pg_backend_pid()")
    sleeping = asyncio.create_task(one(direct, "SELECT pg_sleep(60)"))
    await asyncio.sleep(0)  # it has its connection now
    await cut_all(operator)
    with pytest.raises(UnavailableError):
        await sleeping
    assert await one(direct, "SELECT pg_backend_pid()") not in (None, before)


@pytest.mark.parametrize("times", [1, CONFLICT_ATTEMPTS_MAX - 1])
async def test_who_lost_a_conflict_tries_again(
    direct: Direct, operator: asyncpg.Connection[asyncpg.Record], times: int
) -> None:
    await operator.execute(QUARREL)
    assert await one(direct, "SELECT quarrel($1)", times) == times + 1


async def test_who_loses_every_time_is_told_to_come_again(
    direct: Direct, operator: asyncpg.Connection[asyncpg.Record]
) -> None:
    await operator.execute(QUARREL)
    with pytest.raises(UnavailableError):
        await one(direct, "SELECT quarrel(1000)")
    assert await operator.fetchval("SELECT last_value FROM quarrels") == CONFLICT_ATTEMPTS_MAX


async def test_who_gets_no_connection_in_time_is_told_to_come_again(
    direct: Direct, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CONNECTION_WAIT_S", 0.05)
    await one(direct, "SELECT 1")
    busy = asyncio.create_task(one(direct, "SELECT pg_sleep(1)"))
    await asyncio.sleep(0)
    with pytest.raises(UnavailableError):
        await one(direct, "SELECT 2")
    await busy
    assert await one(direct, "SELECT 3") == 3


async def test_a_rule_that_is_broken_is_told_as_on_the_long_way(direct: Direct) -> None:
    with pytest.raises(IntegrityError):
        await one(direct, "INSERT INTO log_epoch SELECT * FROM log_epoch RETURNING 1")


async def test_a_mistake_of_ours_is_not_called_an_outage(direct: Direct) -> None:
    with pytest.raises(asyncpg.UndefinedTableError):
        await one(direct, "SELECT * FROM nowhere")


@pytest.mark.parametrize(
    "url", ["postgresql://127.0.0.1:1/x", "postgresql://127.0.0.1:1/x?ssl=disable"]
)
async def test_a_database_that_is_not_there_is_an_outage(url: str) -> None:
    database = open_database(url, pool_size=1)
    assert database.direct is not None
    with pytest.raises(UnavailableError):
        await one(database.direct, "SELECT 1")
    await database.close()


async def test_what_the_address_says_of_tls_holds_on_the_short_way_too(postgresql_url: str) -> None:
    database = open_database(f"{postgresql_url}?ssl=require", pool_size=1)
    assert database.direct is not None
    with pytest.raises(UnavailableError):
        await one(database.direct, "SELECT 1")  # the server of the tests speaks no TLS
    await database.close()


async def test_a_write_and_its_next_one_share_a_connection(postgresql_url: str) -> None:
    database = open_database(postgresql_url, pool_size=1)
    tasks = DatabaseTaskStore(database, 10, 10)
    await create(tasks)
    assert database.direct is not None
    first = await one(database.direct, "SELECT pg_backend_pid()")
    await create(tasks)
    assert await one(database.direct, "SELECT pg_backend_pid()") == first
    await database.close()


class Line:
    """A line to a database that can fall silent (open, and nothing passes) and hide its end."""

    def __init__(self, target: str) -> None:
        self.hides_ends = False
        self._target = urlsplit(target)
        self._joined: set[asyncio.Task[None]] = set()
        self._passes = asyncio.Event()
        self._passes.set()

    async def start(self) -> str:
        """The address to use instead."""
        self._server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        host = f"{self._target.username}:{self._target.password}@127.0.0.1:{port}"
        return urlunsplit(self._target._replace(netloc=host))

    async def close(self) -> None:
        self._server.close()
        for task in self._joined:
            task.cancel()
        await asyncio.gather(*self._joined, return_exceptions=True)

    def fall_silent(self) -> None:
        self._passes.clear()

    def speak(self) -> None:
        self._passes.set()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None, "asyncio runs this in a task"
        self._joined.add(task)
        far = await asyncio.open_connection(self._target.hostname, self._target.port)
        try:
            await asyncio.gather(self._carry(reader, far[1]), self._carry(far[0], writer))
        finally:
            for end in (writer, far[1]):
                end.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(65536):
            await self._passes.wait()
            writer.write(piece)
        if not self.hides_ends:
            writer.close()


@pytest.fixture
async def line(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Line, Database]]:
    monkeypatch.setattr(module, "ANSWER_WAIT_S", 0.3)
    monkeypatch.setattr(module, "CONNECTION_WAIT_S", 0.3)
    made = Line(postgresql_url)
    database = open_database(await made.start(), pool_size=2, transaction_wait_s=0.3)
    yield made, database
    made.speak()
    await database.close()
    await made.close()


@pytest.mark.parametrize("is_used_before", [True, False])
async def test_a_database_that_falls_silent_is_waited_for_within_a_bound(
    line: tuple[Line, Database], *, is_used_before: bool
) -> None:
    way, database = line
    tasks = DatabaseTaskStore(database, 10, 10)
    if is_used_before:
        await create(tasks)
        await tasks.snapshot(ANN)
    way.fall_silent()
    for _ in range(3):  # more often than there are connections
        with pytest.raises(UnavailableError):
            await create(tasks)
        with pytest.raises(UnavailableError):
            await tasks.snapshot(ANN)
    way.speak()
    await create(tasks)
    assert (await tasks.snapshot(ANN)).items


async def test_a_server_whose_last_word_came_and_whose_end_did_not_is_left(
    line: tuple[Line, Database], operator: asyncpg.Connection[asyncpg.Record]
) -> None:
    """Found by the torture run: asyncpg then refuses the next statement as a mistake of its own."""
    way, database = line
    tasks = DatabaseTaskStore(database, 10, 10)
    await create(tasks)
    await tasks.snapshot(ANN)
    way.hides_ends = True
    await cut_all(operator)
    while await operator.fetchval(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    ):
        pass
    with pytest.raises(UnavailableError):
        await create(tasks)
    with pytest.raises(UnavailableError):
        await tasks.snapshot(ANN)
    await create(tasks)
    await tasks.snapshot(ANN)
