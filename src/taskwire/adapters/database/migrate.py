"""Bring the schema up to date, once, whoever else tries at the same time.

A newer schema than this program knows is refused and left alone: the answer is the newer program.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from taskwire.adapters.database.connection import Database, open_database
from taskwire.adapters.database.sql import dialect_of
from taskwire.domain.errors import UnavailableError

MIGRATION_LOCK = 0x7A5C_317E
"""PostgreSQL's advisory lock: two migrations at once would trip over each other."""

LOCK_WAIT_S = 60.0
POLL_S = 0.25


class SchemaNewerError(Exception):
    """The database was migrated by a newer Taskwire."""

    def __init__(self, found: str) -> None:
        super().__init__(
            f"The database has schema {found}, which is newer than this Taskwire knows. "
            "Start the newer version, or restore a backup made by this one."
        )


class SchemaMissingError(Exception):
    """The schema did not come up to date in time."""

    def __init__(self, waited_s: float) -> None:
        super().__init__(
            f"The database has not the schema of this version after {waited_s:.0f} s. "
            "Run `taskwire migrate`."
        )


def migrate(url: str, *, wait_s: float = LOCK_WAIT_S) -> None:
    """Migrate the database at `url`, waiting for it and for its lock at most `wait_s`."""
    asyncio.run(_migrate(url, wait_s))


async def _migrate(url: str, wait_s: float) -> None:
    database = open_database(url, pool_size=1)
    try:
        await _until(lambda: _try_upgrade(database), wait_s)
    finally:
        await database.close()


async def wait_for_schema(database: Database, wait_s: float) -> None:
    """Return when the schema is exactly ours; SchemaNewerError at once, SchemaMissingError late."""

    async def is_current() -> bool:
        return await database.look(_is_current)

    await _until(is_current, wait_s)


async def _until(done: Callable[[], Awaitable[bool]], wait_s: float) -> None:
    deadline_s = time.monotonic() + wait_s
    while True:
        failure: UnavailableError | None = None
        try:
            if await done():
                return
        except UnavailableError as error:
            failure = error
        if time.monotonic() >= deadline_s:
            raise failure or SchemaMissingError(wait_s)
        await asyncio.sleep(POLL_S)


async def _try_upgrade(database: Database) -> bool:
    """False when another process is migrating at the moment."""
    return await database.write(_upgrade)


def _upgrade(connection: Connection) -> bool:
    # SQLite needs no lock of its own: this transaction is the only writing one.
    if dialect_of(connection) == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        locked = text("SELECT pg_try_advisory_xact_lock(:lock)")
        if not connection.execute(locked, {"lock": MIGRATION_LOCK}).scalar_one():
            return False
    _refuse_newer(connection)
    configuration = _configuration()
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, "head")
    return True


def _is_current(connection: Connection) -> bool:
    return _refuse_newer(connection) == _script().get_current_head()


def _refuse_newer(connection: Connection) -> str | None:
    found = MigrationContext.configure(connection).get_current_revision()
    known = {revision.revision for revision in _script().walk_revisions()}
    if found is not None and found not in known:
        raise SchemaNewerError(found)
    return found


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(_configuration())


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    configuration.set_main_option("path_separator", "os")
    return configuration
