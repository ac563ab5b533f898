"""Tasks in the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row

from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.events import TASK_COLUMNS, task_of
from taskwire.adapters.database.row_and_event import Origin, RowAndEvent, find_answer, remember
from taskwire.adapters.database.sql import dialect_of, statement, with_now
from taskwire.adapters.database.tables import tasks
from taskwire.application.channels import tasks_channel
from taskwire.application.ports import (
    Answer,
    KeyTaken,
    Missing,
    StoreFull,
    TaskSnapshot,
    VersionStale,
    WriteKey,
    WriteResult,
)
from taskwire.application.representation import task_json
from taskwire.domain.errors import UnavailableError
from taskwire.domain.task import DEFAULTS, FieldValue, Task, TaskChanges

_FIELDS = ("title", *DEFAULTS)
_COLUMNS = ", ".join(TASK_COLUMNS)
_TYPES = {name: tasks.columns[name].type for name in TASK_COLUMNS}

# Whoever lost a race for the row between two statements tries again, this often at the most.
RACES_MAX = 3

INSERT_TASK = f"""
    INSERT INTO tasks
        (owner_id, {", ".join(_FIELDS)}, version, created_at, updated_at)
    SELECT :owner_id, {", ".join(f":{name}" for name in _FIELDS)}, 1, {{now}}, {{now}}
    WHERE (SELECT count(*) FROM
        (SELECT 1 FROM tasks WHERE owner_id = :owner_id AND deleted_at IS NULL LIMIT :limit) AS held
    ) < :limit"""

_SET = ",\n".join(
    f"{name} = CASE WHEN :set_{name} THEN :{name} ELSE {name} END" for name in _FIELDS
)
_DIFFERS = " OR ".join(f"(:set_{name} AND {name} IS DISTINCT FROM :{name})" for name in _FIELDS)
_LIVING = "id = :id AND owner_id = :owner_id AND deleted_at IS NULL"
_VERSION = "(:if_version IS NULL OR version = :if_version)"

_CREATE = RowAndEvent(INSERT_TASK, tasks, "task_created", 201)
_CHANGE = RowAndEvent(
    f"""
    UPDATE tasks SET {_SET}, version = version + 1, updated_at = {{now}}
    WHERE {_LIVING} AND {_VERSION} AND ({_DIFFERS})""",
    tasks,
    "task_update",
    200,
)
_DELETE = RowAndEvent(
    f"""
    UPDATE tasks SET deleted_at = {{now}}, version = version + 1, updated_at = {{now}}
    WHERE {_LIVING} AND {_VERSION}""",
    tasks,
    "task_deleted",
    204,
)
_RESTORE = RowAndEvent(
    """
    UPDATE tasks SET deleted_at = NULL, version = version + 1, updated_at = {now}
    WHERE id = :id AND owner_id = :owner_id AND deleted_at > :since
    AND (SELECT count(*) FROM
        (SELECT 1 FROM tasks WHERE owner_id = :owner_id AND deleted_at IS NULL LIMIT :limit) AS held
    ) < :limit""",
    tasks,
    "task_created",
    200,
)

_PLACE = """
    SELECT e.epoch, coalesce(s.head, 0) AS seq
    FROM log_epoch e LEFT JOIN streams s ON s.channel = :channel"""
_FIND_PLACE = statement(_PLACE)
_FIND = statement(f"SELECT {_COLUMNS} FROM tasks WHERE {_LIVING}", _TYPES)
_FIND_DELETED = statement("""
    SELECT 1 FROM tasks WHERE id = :id AND owner_id = :owner_id AND deleted_at > :since""")
_LIST = statement(
    f"SELECT {_COLUMNS} FROM tasks WHERE owner_id = :owner_id AND deleted_at IS NULL ORDER BY id",
    _TYPES,
)


@dataclass(frozen=True, slots=True)
class DatabaseTaskStore:
    database: Database
    tasks_max: int
    deleted_kept_s: int

    async def snapshot(self, person_id: int) -> TaskSnapshot:
        return await self.database.read(lambda connection: _snapshot(connection, person_id))

    async def find(self, person_id: int, task_id: int) -> Task | None:
        return await self.database.read(lambda connection: _find(connection, person_id, task_id))

    async def create(
        self, person_id: int, fields: Mapping[str, FieldValue], write: WriteKey | None
    ) -> WriteResult:
        origin = Origin(person_id, tasks_channel(person_id), write)
        given = {**fields, "owner_id": person_id, "limit": self.tasks_max}
        result = await self.database.write_once(lambda c: _CREATE.run(c, given, origin))
        return StoreFull() if result is None else result

    async def change(
        self,
        person_id: int,
        task_id: int,
        changes: TaskChanges,
        if_version: int | None,
        write: WriteKey | None,
    ) -> WriteResult:
        origin = Origin(person_id, tasks_channel(person_id), write)
        given = _change_parameters(changes.fields)
        given |= {"id": task_id, "owner_id": person_id, "if_version": if_version}
        work = _Attempt(_CHANGE, given, origin, changes.fields)
        return await self.database.write_once(work)

    async def delete(
        self, person_id: int, task_id: int, if_version: int | None, write: WriteKey | None
    ) -> WriteResult:
        origin = Origin(person_id, tasks_channel(person_id), write)
        given = {"id": task_id, "owner_id": person_id, "if_version": if_version}
        return await self.database.write_once(_Attempt(_DELETE, given, origin, None))

    async def restore(self, person_id: int, task_id: int, write: WriteKey | None) -> WriteResult:
        origin = Origin(person_id, tasks_channel(person_id), write)
        return await self.database.write_once(
            lambda connection: self._restore(connection, task_id, origin)
        )

    def _restore(self, connection: Connection, task_id: int, origin: Origin) -> WriteResult:
        given = with_now({"id": task_id, "owner_id": origin.person_id, "limit": self.tasks_max})
        given["since"] = given["now"] - timedelta(seconds=self.deleted_kept_s)
        result = _RESTORE.run(connection, given, origin)
        if result is not None:
            return result
        dialect = dialect_of(connection)
        if connection.execute(_FIND_DELETED[dialect], given).first() is not None:
            return StoreFull()
        task = _find(connection, origin.person_id, task_id)
        return Missing() if task is None else _unchanged(connection, task, origin)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One write of an existing task, with the second look when no row matched."""

    statement: RowAndEvent
    parameters: Mapping[str, Any]
    origin: Origin
    wanted: Mapping[str, FieldValue] | None

    def __call__(self, connection: Connection) -> WriteResult:
        for _ in range(RACES_MAX):
            result = self.statement.run(connection, self.parameters, self.origin)
            explained = result or self._explain(connection)
            if explained is not None:
                return explained
        raise UnavailableError("This task changes too often at the moment. Try again.")

    def _explain(self, connection: Connection) -> WriteResult | None:
        """Why nothing matched; None when it would match by now (somebody was faster)."""
        task = _find(connection, self.origin.person_id, self.parameters["id"])
        if task is None:
            # The same request may have been answered between the statement and this look.
            return find_answer(connection, self.origin) or Missing()
        if self.parameters["if_version"] not in (None, task.version):
            return find_answer(connection, self.origin) or VersionStale(task)
        if self.wanted is None or any(
            getattr(task, name) != value for name, value in self.wanted.items()
        ):
            return None
        return _unchanged(connection, task, self.origin)


def _change_parameters(fields: Mapping[str, FieldValue]) -> dict[str, Any]:
    values = {name: fields.get(name, DEFAULTS.get(name, "")) for name in _FIELDS}
    return values | {f"set_{name}": name in fields for name in _FIELDS}


def _unchanged(connection: Connection, task: Task, origin: Origin) -> Answer | KeyTaken:
    """Nothing to do is an answer like any other, and is remembered like one."""
    place = find_place(connection, origin.channel)
    data = task_json(task)
    remember(connection, origin, status=200, kind="task_update", image=data, seq=place.seq)
    return Answer(200, data, place.epoch, place.seq)


def find_place(connection: Connection, channel: str) -> Row[str, int]:
    """The epoch, and the `seq` of the channel's head."""
    return connection.execute(_FIND_PLACE[dialect_of(connection)], {"channel": channel}).one()


def _find(connection: Connection, person_id: int, task_id: int) -> Task | None:
    given = {"id": task_id, "owner_id": person_id}
    row = connection.execute(_FIND[dialect_of(connection)], given).mappings().one_or_none()
    return None if row is None else task_of(row)


def _snapshot(connection: Connection, person_id: int) -> TaskSnapshot:
    place = find_place(connection, tasks_channel(person_id))
    rows = connection.execute(_LIST[dialect_of(connection)], {"owner_id": person_id})
    items = [task_json(Task(*row)) for row in rows]
    return TaskSnapshot(items, place.epoch, place.seq)
