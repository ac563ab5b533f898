"""Tasks in the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection

from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.repetition import Completion
from taskwire.adapters.database.row_and_event import Origin, RowAndEvent, find_answer
from taskwire.adapters.database.sql import dialect_of, statement
from taskwire.adapters.database.tables import tasks
from taskwire.adapters.database.task_rows import (
    FIELDS,
    INSERT_TASK,
    LIVING,
    SET_FIELDS,
    TASK_COLUMNS_SQL,
    TASK_TYPES,
    change_parameters,
    find_place,
    find_task,
    unchanged,
)
from taskwire.application.channels import tasks_channel
from taskwire.application.ports import (
    Missing,
    StoreFull,
    TaskSnapshot,
    VersionStale,
    WriteKey,
    WriteResult,
)
from taskwire.application.representation import task_json
from taskwire.domain.task import FieldValue, Task, TaskChanges, changed

_VERSION = "(:if_version IS NULL OR version = :if_version)"
_DIFFERS = " OR ".join(f"(:set_{name} AND {name} IS DISTINCT FROM :{name})" for name in FIELDS)
# What completes a repeating task for the first time takes the longer road of repetition.py.
_REPEATS = """
    :set_is_completed AND :is_completed AND NOT is_completed AND successor_id IS NULL
    AND CASE WHEN :set_recurrence THEN :recurrence ELSE recurrence END IS NOT NULL"""

_CREATE = RowAndEvent(INSERT_TASK, tasks, "task_created", 201)
_CHANGE = RowAndEvent(
    f"""
    UPDATE tasks SET {SET_FIELDS}, version = version + 1, updated_at = {{now}}
    WHERE {LIVING} AND {_VERSION} AND ({_DIFFERS}) AND NOT ({_REPEATS})""",
    tasks,
    "task_update",
    200,
)
_DELETE = RowAndEvent(
    f"""
    UPDATE tasks SET deleted_at = {{now}}, look_at = NULL, version = version + 1,
        updated_at = {{now}}
    WHERE {LIVING} AND {_VERSION}""",
    tasks,
    "task_deleted",
    204,
)
_RESTORE = RowAndEvent(
    """
    UPDATE tasks SET deleted_at = NULL, version = version + 1, updated_at = {now},
        look_at = {now}, looked_until = {now}
    WHERE id = :id AND owner_id = :owner_id AND deleted_at > :since
    AND (SELECT count(*) FROM
        (SELECT 1 FROM tasks WHERE owner_id = :owner_id AND deleted_at IS NULL LIMIT :limit) AS held
    ) < :limit""",
    tasks,
    "task_created",
    200,
)

_FIND_DELETED = statement("""
    SELECT 1 FROM tasks WHERE id = :id AND owner_id = :owner_id AND deleted_at > :since""")
_LIST = statement(
    f"SELECT {TASK_COLUMNS_SQL} FROM tasks WHERE owner_id = :owner_id AND deleted_at IS NULL ORDER BY id",
    TASK_TYPES,
)


@dataclass(frozen=True, slots=True)
class DatabaseTaskStore:
    database: Database
    tasks_max: int
    deleted_kept_s: int

    async def snapshot(self, person_id: int) -> TaskSnapshot:
        return await self.database.read(lambda connection: _snapshot(connection, person_id))

    async def find(self, person_id: int, task_id: int) -> Task | None:
        return await self.database.read(
            lambda connection: find_task(connection, person_id, task_id)
        )

    async def create(
        self, person_id: int, fields: Mapping[str, FieldValue], write: WriteKey | None
    ) -> WriteResult:
        origin = Origin(person_id, tasks_channel(person_id), write)
        given = {**fields, "owner_id": person_id, "limit": self.tasks_max}
        return await _CREATE.run(self.database, given, origin, lambda _: StoreFull())

    async def change(
        self,
        person_id: int,
        task_id: int,
        changes: TaskChanges,
        if_version: int | None,
        write: WriteKey | None,
    ) -> WriteResult:
        origin = Origin(person_id, tasks_channel(person_id), write)
        given = change_parameters(changes.fields)
        given |= {"id": task_id, "owner_id": person_id, "if_version": if_version}
        explain = _Unmatched(task_id, if_version, origin, changes.fields)
        result: WriteResult | _Repeats = await _CHANGE.run(self.database, given, origin, explain)
        if not isinstance(result, _Repeats):
            return result
        completion = Completion(task_id, changes.fields, if_version, origin, self.tasks_max)
        return await self.database.write(completion)

    async def delete(
        self, person_id: int, task_id: int, if_version: int | None, write: WriteKey | None
    ) -> WriteResult:
        origin = Origin(person_id, tasks_channel(person_id), write)
        given = {"id": task_id, "owner_id": person_id, "if_version": if_version}
        explain = _Unmatched(task_id, if_version, origin, None)
        result: WriteResult | _Repeats = await _DELETE.run(self.database, given, origin, explain)
        assert not isinstance(result, _Repeats), "deleting completes nothing"
        return result

    async def restore(self, person_id: int, task_id: int, write: WriteKey | None) -> WriteResult:
        origin = Origin(person_id, tasks_channel(person_id), write)
        since = datetime.now(UTC) - timedelta(seconds=self.deleted_kept_s)
        given = {"id": task_id, "owner_id": person_id, "limit": self.tasks_max, "since": since}
        explain = partial(_unrestored, given=given, origin=origin)
        return await _RESTORE.run(self.database, given, origin, explain)


@dataclass(frozen=True, slots=True)
class _Repeats:
    """Nothing was written: the change completes a repeating task, which takes a transaction."""


@dataclass(frozen=True, slots=True)
class _Unmatched:
    """The second look, when no row matched a write of an existing task."""

    task_id: int
    if_version: int | None
    origin: Origin
    wanted: Mapping[str, FieldValue] | None

    def __call__(self, connection: Connection) -> WriteResult | _Repeats | None:
        """Why nothing matched; None when it would match by now (somebody was faster)."""
        task = find_task(connection, self.origin.person_id, self.task_id)
        if task is None:
            # The same request may have been answered between the statement and this look.
            return find_answer(connection, self.origin) or Missing()
        if self.if_version not in (None, task.version):
            return find_answer(connection, self.origin) or VersionStale(task)
        if self.wanted is None:
            return None
        wanted = changed(task, self.wanted)
        if wanted.is_completed and not task.is_completed and wanted.recurrence is not None:
            return _Repeats()
        if wanted != task:
            return None
        return unchanged(connection, task, self.origin)


def _unrestored(connection: Connection, given: Mapping[str, Any], origin: Origin) -> WriteResult:
    if connection.execute(_FIND_DELETED[dialect_of(connection)], given).first() is not None:
        return StoreFull()
    task = find_task(connection, origin.person_id, given["id"])
    return Missing() if task is None else unchanged(connection, task, origin)


def _snapshot(connection: Connection, person_id: int) -> TaskSnapshot:
    place = find_place(connection, tasks_channel(person_id))
    rows = connection.execute(_LIST[dialect_of(connection)], {"owner_id": person_id})
    items = [task_json(Task(*row)) for row in rows]
    return TaskSnapshot(items, place.epoch, place.seq)
