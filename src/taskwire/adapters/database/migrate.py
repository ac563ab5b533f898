"""Bring the schema up to date, once, whoever else tries at the same time.

A newer schema than this program knows is refused and left alone: the answer is the newer program.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from taskwire.adapters.database.connection import Database, open_database
from taskwire.adapters.database.schema import refuse_newer, until
from taskwire.adapters.database.sql import dialect_of

MIGRATION_LOCK = 0x7A5C_317E
"""PostgreSQL's advisory lock: two migrations at once would trip over each other."""

LOCK_WAIT_S = 60.0


def migrate(url: str, *, wait_s: float = LOCK_WAIT_S) -> None:
    """Migrate the database at `url`, waiting for it and for its lock at most `wait_s`."""
    asyncio.run(_migrate(url, wait_s))


async def _migrate(url: str, wait_s: float) -> None:
    database = open_database(url, pool_size=1, transaction_wait_s=None)
    try:
        await until(lambda: _try_upgrade(database), wait_s)
    finally:
        await database.close()


async def _try_upgrade(database: Database) -> bool:
    """False when another process is migrating at the moment."""
    return await database.write(_upgrade_once)


def _upgrade_once(connection: Connection) -> bool:
    # SQLite needs no lock of its own: this transaction is the only writing one.
    if dialect_of(connection) == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        locked = text("SELECT pg_try_advisory_xact_lock(:lock)")
        if not connection.execute(locked, {"lock": MIGRATION_LOCK}).scalar_one():
            return False
    refuse_newer(connection)
    upgrade(connection)
    return True


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run the steps up to a revision, in the transaction that the connection is in."""
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    configuration.set_main_option("path_separator", "os")
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, revision)
