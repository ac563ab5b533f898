"""SQLite by its own backup call, which copies a database that others are writing to.

A plain copy of the file would tear: the newest commits are in the write-ahead log beside it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from taskwire.adapters.backup.archive import Contents
from taskwire.adapters.backup.errors import BackupError
from taskwire.adapters.backup.turning import COUNTED, PEOPLE_SKIPPED

BUSY_S = 30.0
PAGES_A_STEP = -1  # all at once: in small steps a busy writer would make it begin anew for ever


def copy_sqlite(source: Path, target: Path) -> None:
    with _opened(source) as origin, _opened(target) as copy:
        origin.backup(copy, pages=PAGES_A_STEP)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it


def sqlite_contents(path: Path) -> Contents:
    """What is in a copy; raises BackupError when SQLite itself finds it damaged."""
    with _opened(path) as copy:
        found = copy.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            raise BackupError(f"the copy is damaged: {found}")
        counts = {name: _count(copy, name) for name in COUNTED}
        schema = _one(copy, "SELECT version_num FROM alembic_version")
        return Contents(str(schema), str(_one(copy, "SELECT epoch FROM log_epoch")), counts)


def people_in_sqlite(path: Path) -> int:
    """0 for a file that is not there, or empty."""
    if not path.is_file():
        return 0
    with _opened(path) as database:
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'people'").fetchone():
            return 0
        return _count(database, "people")


def restore_sqlite(copy: Path, target: Path, epoch: str, now: str) -> None:
    """Make the copy what it has to be, then put it in place in one go, whoever is connected."""
    with _opened(copy) as restored:
        for session in _open_sessions(target):
            restored.execute(
                "INSERT OR IGNORE INTO sessions (id, person_id, created_at, expires_at)"
                " VALUES (?, ?, ?, ?)",
                session,
            )
        restored.execute("UPDATE log_epoch SET epoch = ?", (epoch,))
        restored.execute("UPDATE sessions SET closed_at = ? WHERE closed_at IS NULL", (now,))
        restored.execute(
            "UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'people'", (PEOPLE_SKIPPED,)
        )
        restored.commit()
        with _opened(target) as place:
            restored.backup(place, pages=PAGES_A_STEP)


def _open_sessions(target: Path) -> Sequence[tuple[object, ...]]:
    if not people_in_sqlite(target):
        return []
    with _opened(target) as database:
        return database.execute(
            "SELECT id, person_id, created_at, expires_at FROM sessions WHERE closed_at IS NULL"
        ).fetchall()


def _count(database: sqlite3.Connection, table: str) -> int:
    return int(str(_one(database, f"SELECT count(*) FROM {table}")))  # noqa: S608 - our names


def _one(database: sqlite3.Connection, query: str) -> object:
    return database.execute(query).fetchone()[0]


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_S)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise BackupError(f"SQLite says of {path}: {error}") from error
