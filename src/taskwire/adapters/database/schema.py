"""Which schema the database has, and whether it is ours. Reads only; `migrate.py` writes.

Without Alembic, whose import would cost every process a quarter of a second: a revision is a file
whose name begins with its number.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from taskwire.adapters.database.connection import Database
from taskwire.domain.errors import UnavailableError

VERSIONS = Path(__file__).parent / "migrations" / "versions"
POLL_S = 0.1


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


def known_revisions() -> list[str]:
    """All revisions of this program, the newest last."""
    return sorted(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*_*.py"))


def refuse_newer(connection: Connection) -> str | None:
    """The revision of the database, None for an empty one; SchemaNewerError for a strange one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if found is not None and found not in known_revisions():
        raise SchemaNewerError(found)
    return found


async def wait_for_schema(database: Database, wait_s: float) -> None:
    """Return when the schema is exactly ours; SchemaNewerError at once, SchemaMissingError late."""
    await until(lambda: schema_fits(database), wait_s)


async def schema_fits(database: Database) -> bool:
    """Whether the schema is ours; SchemaNewerError when it is beyond us."""
    return await database.look(refuse_newer) == known_revisions()[-1]


async def until(done: Callable[[], Awaitable[bool]], wait_s: float) -> None:
    """Ask until it is done; a database that does not answer yet is asked again within `wait_s`."""
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
