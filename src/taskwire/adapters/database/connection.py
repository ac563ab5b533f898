"""Two databases, one way to work with them.

A piece of work is an ordinary function from a connection to a result. PostgreSQL runs it on an
asyncpg connection; SQLite runs it whole in one hop to its thread, because each hop costs more than
the statements in it. So every store is written once.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal, Protocol, TypeVar

import sqlalchemy
from sqlalchemy import Connection, event
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from taskwire.adapters.database.conflicts import despite_conflicts, fault_of
from taskwire.adapters.database.direct import CLOSE_WAIT_S, OUT_OF_STEP, Direct
from taskwire.domain.errors import UnavailableError

T = TypeVar("T")
Work = Callable[[Connection], T]
Dialect = Literal["postgresql", "sqlite"]

# A transaction may hold a person's counter no longer than these; the sweep's overlap is longer.
STATEMENT_TIMEOUT_MS = 5_000
LOCK_TIMEOUT_MS = 2_000
IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000
CONNECT_TIMEOUT_S = 5.0
POOL_WAIT_S = 3.0
TRANSACTION_WAIT_S = 15.0
"""For all of a transaction. The bounds above are the database's own, and one that is frozen or cut
off keeps none of them: it says nothing at all."""

SQLITE_BUSY_TIMEOUT_MS = 5_000
SQLITE_READERS = 2

_OURS = (IntegrityError, ProgrammingError, DataError)
"""What a statement did wrong; everything else is the database not answering."""

_SESSION = {
    "application_name": "taskwire",
    "timezone": "UTC",
    "jit": "off",
    "statement_timeout": str(STATEMENT_TIMEOUT_MS),
    "lock_timeout": str(LOCK_TIMEOUT_MS),
    "idle_in_transaction_session_timeout": str(IDLE_IN_TRANSACTION_TIMEOUT_MS),
}


class Database(Protocol):
    """Each method may raise UnavailableError; integrity errors pass through."""

    dialect: Dialect

    @property
    def direct(self) -> Direct | None:
        """PostgreSQL's short way for one statement. SQLite has none: it is a call in a thread."""
        ...

    async def look(self, work: Work[T]) -> T:
        """Run work that is a single reading statement."""
        ...

    async def read(self, work: Work[T]) -> T:
        """Run work of several reading statements, all on one snapshot."""
        ...

    async def write(self, work: Work[T]) -> T:
        """Run work in one transaction and commit it."""
        ...

    async def write_once(self, work: Work[T]) -> T:
        """Run work whose every statement may commit alone; SQLite commits them together.

        On PostgreSQL that saves BEGIN and COMMIT, which are two round trips.
        """
        ...

    async def close(self) -> None: ...


def open_database(
    url: str, *, pool_size: int, transaction_wait_s: float | None = TRANSACTION_WAIT_S
) -> Database:
    """Open `postgresql://…` or `sqlite:///path`; nothing is connected yet.

    `transaction_wait_s` None: as long as it takes, for a migration.
    """
    if url.startswith("sqlite:"):
        return SqliteDatabase(Path(url.removeprefix("sqlite:///")))
    if url.startswith(("postgresql:", "postgres:")):
        return PostgresqlDatabase(url, pool_size=pool_size, transaction_wait_s=transaction_wait_s)
    raise ValueError("DATABASE_URL begins with postgresql:// or sqlite:///")


class PostgresqlDatabase:
    dialect: Dialect = "postgresql"

    def __init__(self, url: str, *, pool_size: int, transaction_wait_s: float | None) -> None:
        _, _, rest = url.partition(":")
        self._transaction_wait_s = transaction_wait_s
        connecting = {"timeout": CONNECT_TIMEOUT_S, "server_settings": _SESSION}
        direct_size = pool_size // 2  # both pools together: what one process was given
        self._engine = create_async_engine(
            "postgresql+asyncpg:" + rest,
            pool_size=pool_size - direct_size,
            max_overflow=0,
            pool_timeout=POOL_WAIT_S,
            pool_recycle=1800,
            connect_args=connecting,
        )
        _, place = self._engine.dialect.create_connect_args(self._engine.url)
        self.direct = Direct({**place, **connecting}, pool_size=max(1, direct_size))
        self._autocommit = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._snapshot = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    async def look(self, work: Work[T]) -> T:
        return await self._run(self._autocommit, work)

    async def read(self, work: Work[T]) -> T:
        return await self._run(self._snapshot, work)

    async def write(self, work: Work[T]) -> T:
        return await self._run(self._engine, work)

    async def write_once(self, work: Work[T]) -> T:
        return await self._run(self._autocommit, work)

    async def _run(self, engine: AsyncEngine, work: Work[T]) -> T:
        return await despite_conflicts(functools.partial(self._attempt, engine, work))

    async def _attempt(self, engine: AsyncEngine, work: Work[T]) -> T:
        try:
            async with (
                asyncio.timeout(self._transaction_wait_s),
                engine.begin() as connection,
            ):
                return await _run_in_step(connection, work)
        except _OURS:
            raise
        except DBAPIError as error:
            raise fault_of(getattr(error.orig, "sqlstate", None)) from error
        except (OSError, TimeoutError, PoolTimeoutError, OUT_OF_STEP) as error:
            raise UnavailableError from error

    async def close(self) -> None:
        await self.direct.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_WAIT_S):
                await self._engine.dispose()


async def _run_in_step(connection: AsyncConnection, work: Work[T]) -> T:
    try:
        return await connection.run_sync(work)
    except OUT_OF_STEP:
        await connection.invalidate()  # SQLAlchemy does not know this one, and would keep it
        raise


class SqliteDatabase:
    """One writing thread, so that writers queue fairly; a few reading ones beside it.

    SQLite's own wait for its lock is a polling back-off in which the unlucky wait for seconds.
    """

    dialect: Dialect = "sqlite"
    direct = None

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="sqlite-write")
        self._reading = ThreadPoolExecutor(SQLITE_READERS, thread_name_prefix="sqlite-read")
        self._write_engine = self._engine(readonly=False)
        self._read_engine = self._engine(readonly=True)

    async def look(self, work: Work[T]) -> T:
        return await self.read(work)

    async def read(self, work: Work[T]) -> T:
        return await self._hop(self._reading, self._read_engine, work)

    async def write(self, work: Work[T]) -> T:
        return await self._hop(self._writing, self._write_engine, work)

    async def write_once(self, work: Work[T]) -> T:
        return await self.write(work)

    async def _hop(
        self, threads: ThreadPoolExecutor, engine: sqlalchemy.Engine, work: Work[T]
    ) -> T:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(threads, functools.partial(_commit, engine, work))
        except _OURS:
            raise
        except (DBAPIError, PoolTimeoutError) as error:
            raise UnavailableError from error

    def _engine(self, *, readonly: bool) -> sqlalchemy.Engine:
        # check_same_thread: the pool hands a connection to one thread at a time.
        engine = sqlalchemy.create_engine(
            f"sqlite:///{self._path}",
            pool_size=SQLITE_READERS,
            max_overflow=0,
            connect_args={"check_same_thread": False, "timeout": SQLITE_BUSY_TIMEOUT_MS / 1000},
        )
        begin = "BEGIN" if readonly else "BEGIN IMMEDIATE"
        event.listen(engine, "connect", functools.partial(_prepare_sqlite, readonly=readonly))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
        return engine

    async def close(self) -> None:
        self._writing.shutdown(wait=True)
        self._reading.shutdown(wait=True)
        self._write_engine.dispose()
        self._read_engine.dispose()


def _commit(engine: sqlalchemy.Engine, work: Work[T]) -> T:
    with engine.begin() as connection:
        return work(connection)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object, *, readonly: bool) -> None:
    # SQLAlchemy's driver would begin DEFERRED transactions on its own; with a read before the
    # write those fail with SQLITE_BUSY at once, whatever the timeout says.
    connection.isolation_level = None
    # FULL, because an acknowledged change is kept even when the power goes.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(f"PRAGMA busy_timeout={SQLITE_BUSY_TIMEOUT_MS}")
    connection.execute(f"PRAGMA journal_size_limit={64 * 1024 * 1024}")
    if readonly:
        connection.execute("PRAGMA query_only=ON")
