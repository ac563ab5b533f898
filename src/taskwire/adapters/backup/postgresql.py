"""PostgreSQL by its own pg_dump, pg_restore and psql, which have to be on this machine.

The dump and the counts in the manifest are of one snapshot, taken while others go on writing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg

from taskwire.adapters.backup.archive import Contents
from taskwire.adapters.backup.errors import BackupError
from taskwire.adapters.backup.turning import COUNTED, REMEMBER_SESSIONS, TURN

CONNECT_S = 10.0
MISSING = (
    "{program} is not on this machine: install PostgreSQL's client programs, of the server's version"
    " or newer (Debian: apt install postgresql-client)"
)


async def dump_postgresql(url: str, target: Path) -> Contents:
    """Write a dump in PostgreSQL's custom format, and say what is in it."""
    async with _connected(url) as connection, connection.transaction(isolation="repeatable_read"):
        await connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        snapshot = await connection.fetchval("SELECT pg_export_snapshot()")
        contents = await _contents(connection)
        dump = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        _run(url, "pg_dump", *dump, f"--file={target}")
    return contents


def check_dump(dump: Path) -> None:
    """Read the dump's list of contents, as a restore does first."""
    _run("", "pg_restore", "--list", str(dump))


async def people_in_postgresql(url: str) -> int:
    async with _connected(url) as connection:
        if await connection.fetchval("SELECT to_regclass('public.people')") is None:
            return 0
        return int(await connection.fetchval("SELECT count(*) FROM people"))


def restore_postgresql(url: str, dump: Path, epoch: str) -> None:
    """Replace everything in one transaction: others see the old database, then the new one."""
    script = dump.with_suffix(".sql")
    replace = ["--clean", "--if-exists", "--no-owner", "--no-privileges"]
    _run("", "pg_restore", *replace, f"--file={script}", str(dump))
    before, after = dump.with_suffix(".before"), dump.with_suffix(".after")
    before.write_text(REMEMBER_SESSIONS, encoding="utf-8")
    after.write_text(TURN.format(epoch=epoch), encoding="utf-8")
    files = [f"--file={path}" for path in (before, script, after)]
    strictly = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    _run(url, "psql", *strictly, "--output=/dev/null", *files)


async def _contents(connection: asyncpg.Connection) -> Contents:
    counts = {
        name: int(await connection.fetchval(f"SELECT count(*) FROM {name}"))  # noqa: S608 - our names
        for name in COUNTED
    }
    schema = await connection.fetchval("SELECT version_num FROM alembic_version")
    return Contents(schema, await connection.fetchval("SELECT epoch FROM log_epoch"), counts)


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    try:
        connection = await asyncpg.connect(url, timeout=CONNECT_S)
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        raise BackupError(f"the database does not let us in: {error}") from error
    try:
        yield connection
    except asyncpg.PostgresError as error:
        raise BackupError(f"PostgreSQL says: {error}") from error
    finally:
        await connection.close()


def _run(url: str, program: str, *words: str) -> None:
    """The password goes by the environment: a command line is public."""
    path = shutil.which(program)
    if path is None:
        raise BackupError(MISSING.format(program=program))
    address, password = _without_password(url)
    environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    command: Sequence[str] = [path, *([f"--dbname={address}"] if url else []), *words]
    finished = subprocess.run(
        command,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if finished.returncode:
        said = finished.stderr.strip().splitlines() or [f"status {finished.returncode}"]
        raise BackupError(f"{program}: {said[0]}")


def _without_password(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    names, _, host = parts.netloc.rpartition("@")
    name, _, password = names.partition(":")
    netloc = f"{name}@{host}" if name else host
    return urlunsplit(parts._replace(netloc=netloc)), unquote(password)
