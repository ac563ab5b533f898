"""All that a person has, read a page at a time on one snapshot and written beside memory."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import Connection

from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.events import task_of
from taskwire.adapters.database.person_store import find_person
from taskwire.adapters.database.preference_store import find_preferences
from taskwire.adapters.database.sql import dialect_of, statement
from taskwire.adapters.database.tables import tasks
from taskwire.adapters.database.task_rows import find_place
from taskwire.application.channels import tasks_channel
from taskwire.application.exports import Account, Document, WrittenFile
from taskwire.application.preferences import preferences_data
from taskwire.domain.task import Task

PAGE_TASKS = 200
"""Tasks in memory at a time: four megabytes, when each has the longest description."""

SPOOL_BYTES = 1024 * 1024
"""What a file may have before it goes to the disk's temporary folder."""

_PAGE = statement(
    """
    SELECT * FROM tasks
    WHERE owner_id = :owner_id AND deleted_at IS NULL AND id > :id ORDER BY id LIMIT :limit""",
    {column.name: column.type for column in tasks.columns},
)


@dataclass(frozen=True, slots=True)
class DatabaseExportStore:
    database: Database

    async def write(
        self, person_id: int, now: datetime, document: Callable[[], Document]
    ) -> WrittenFile | None:
        return await self.database.read(lambda c: _write(c, person_id, now, document()))


def _write(
    connection: Connection, person_id: int, now: datetime, document: Document
) -> WrittenFile | None:
    person = find_person(connection, person_id)
    if person is None:
        return None
    place = find_place(connection, tasks_channel(person_id))
    spool = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115 - the reader closes it
    try:
        chosen = orjson.dumps(preferences_data(find_preferences(connection, person_id)))
        spool.write(document.begin(Account(person, chosen, now)))
        for task in _tasks(connection, person_id):
            spool.write(document.task(task))
        spool.write(document.end())
        length = spool.tell()
        spool.seek(0)
    except BaseException:
        spool.close()
        raise
    return WrittenFile(spool, length, place.epoch, place.seq)


def _tasks(connection: Connection, person_id: int) -> Iterator[Task]:
    """Page after page by id; the transaction makes one snapshot of them."""
    after = 0
    while True:
        given = {"owner_id": person_id, "id": after, "limit": PAGE_TASKS}
        rows = connection.execute(_PAGE[dialect_of(connection)], given).mappings().all()
        for row in rows:
            yield task_of(row)
        if len(rows) < PAGE_TASKS:
            return
        after = rows[-1]["id"]
