"""`taskwire backup` and `taskwire restore`, on either database, while everything runs."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from taskwire.adapters.backup.archive import (
    Contents,
    Manifest,
    opened_archive,
    sha256_of,
    write_archive,
)
from taskwire.adapters.backup.errors import BackupError
from taskwire.adapters.backup.postgresql import (
    check_dump,
    dump_postgresql,
    people_in_postgresql,
    restore_postgresql,
)
from taskwire.adapters.backup.sqlite import (
    copy_sqlite,
    people_in_sqlite,
    restore_sqlite,
    sqlite_contents,
)
from taskwire.adapters.database.schema import SchemaNewerError, known_revisions
from taskwire.bootstrap.admin import migrate
from taskwire.settings import Settings

MEMBERS = {"sqlite": "database.sqlite", "postgresql": "database.dump"}
EPOCH_BYTES = 8


def back_up(settings: Settings, path: Path) -> Manifest:
    """Write a backup, then read it back as a restore would; a manifest means that it is good."""
    kind = _kind(settings)
    with tempfile.TemporaryDirectory(prefix="taskwire-backup-") as folder:
        database = Path(folder) / MEMBERS[kind]
        contents = _copy(settings, kind, database)
        manifest = Manifest(
            taskwire=version("taskwire"),
            made_at=_now(),
            database=kind,
            contents=contents,
            member=MEMBERS[kind],
            sha256=sha256_of(database),
        )
        write_archive(path, manifest, database)
    return verify(path)


def verify(path: Path) -> Manifest:
    """Whether a restore would take it; raises BackupError or SchemaNewerError with the reason."""
    with opened_archive(path) as (manifest, database):
        _check(manifest, database)
        return manifest


def restore(settings: Settings, path: Path, *, replaces: bool) -> Manifest:
    """Put a backup in place of what is there, and bring it to this version's schema."""
    with opened_archive(path) as (manifest, database):
        _check(manifest, database)
        if manifest.database != _kind(settings):
            raise BackupError(f"it is of {manifest.database}, and DATABASE_URL is not")
        people = _people(settings)
        if people and not replaces:
            raise BackupError(f"the database holds {people} people: --force replaces them all")
        epoch = secrets.token_hex(EPOCH_BYTES)
        if manifest.database == "sqlite":
            restore_sqlite(database, _sqlite_path(settings), epoch, _now())
        else:
            restore_postgresql(settings.database_url, database, epoch)
    migrate(settings)
    return manifest


def _copy(settings: Settings, kind: str, target: Path) -> Contents:
    if kind == "postgresql":
        return asyncio.run(dump_postgresql(settings.database_url, target))
    source = _sqlite_path(settings)
    if not source.is_file():
        raise BackupError(f"there is no database at {source}")
    copy_sqlite(source, target)
    return sqlite_contents(target)


def _check(manifest: Manifest, database: Path) -> None:
    if manifest.contents.schema not in known_revisions():
        raise SchemaNewerError(manifest.contents.schema)
    if manifest.database == "postgresql":
        check_dump(database)
    elif sqlite_contents(database) != manifest.contents:
        raise BackupError("what is in it is not what its manifest says")


def _people(settings: Settings) -> int:
    if _kind(settings) == "postgresql":
        return asyncio.run(people_in_postgresql(settings.database_url))
    return people_in_sqlite(_sqlite_path(settings))


def _kind(settings: Settings) -> str:
    return "sqlite" if settings.database_url.startswith("sqlite:") else "postgresql"


def _sqlite_path(settings: Settings) -> Path:
    return Path(settings.database_url.removeprefix("sqlite:///"))


def _now() -> str:
    return datetime.now(UTC).isoformat()
