"""Completing a repeating task: it and the task that follows, in one transaction, once.

Why on a road of its own. An ordinary write is one statement, and stays it: its WHERE leaves a
repeating task that is completed for the first time alone, which costs a comparison. The next due
date takes a calendar and the person's zone, so here the row is locked, read, and written together
with its successor. `successor_id` on the completed row is what makes it once: whoever completes
the task again, after reopening it or in a race, finds it set. A request that is repeated under its
key gets its remembered answer before anything else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from taskwire.adapters.database.events import Columns, task_of
from taskwire.adapters.database.preference_store import zone_of
from taskwire.adapters.database.row_and_event import (
    Origin,
    append_events,
    find_answer,
    remember,
)
from taskwire.adapters.database.sql import dialect_of, statement, statement_for, with_now
from taskwire.adapters.database.tables import Instant, tasks
from taskwire.adapters.database.task_rows import (
    LIVING,
    SET_FIELDS,
    change_parameters,
    insert_task_sql,
    unchanged,
)
from taskwire.application.ports import (
    Answer,
    Change,
    Missing,
    StoreFull,
    VersionStale,
    WriteResult,
)
from taskwire.application.representation import numbered_frame, task_json
from taskwire.domain.repetition import Successor, successor_of
from taskwire.domain.task import FieldValue, Task, changed

_TYPES = {column.name: column.type for column in tasks.columns}
_LOCK = f"SELECT *, {{now}} AS found_at FROM tasks WHERE {LIVING}"
_FOUND = _TYPES | {"found_at": Instant()}
_LOCK_ROW = {
    "postgresql": statement_for("postgresql", f"{_LOCK} FOR UPDATE", _FOUND),
    "sqlite": statement_for("sqlite", _LOCK, _FOUND),
}
_ADD = statement(f"{insert_task_sql('due_wall')} RETURNING *", _TYPES)
_COMPLETE = statement(
    f"""
    UPDATE tasks SET {SET_FIELDS}, version = version + 1, updated_at = {{now}},
        successor_id = coalesce(:successor_id, successor_id)
    WHERE {LIVING} RETURNING *""",
    _TYPES,
)


@dataclass(frozen=True, slots=True)
class Completion:
    """Work for one transaction; call it with the connection."""

    task_id: int
    fields: Mapping[str, FieldValue]
    if_version: int | None
    origin: Origin
    tasks_max: int

    def __call__(self, connection: Connection) -> WriteResult:
        remembered = find_answer(connection, self.origin)
        if remembered is not None:
            return remembered
        given = with_now({"id": self.task_id, "owner_id": self.origin.person_id})
        lock = _LOCK_ROW[dialect_of(connection)]
        row = connection.execute(lock, given).mappings().one_or_none()
        if row is None:
            return Missing()
        task = task_of(row)
        if self.if_version not in (None, task.version):
            return VersionStale(task)
        wanted = changed(task, self.fields)
        if wanted == task:
            return unchanged(connection, task, self.origin)
        return self._write(connection, self._successor(connection, row, wanted))

    def _successor(self, connection: Connection, row: Columns, wanted: Task) -> Successor | None:
        is_completed_now = wanted.is_completed and not row["is_completed"]
        if not is_completed_now or row["successor_id"] is not None:
            return None
        zone = zone_of(connection, self.origin.person_id)
        return successor_of(wanted, row["due_wall"], row["found_at"], zone)

    def _write(self, connection: Connection, successor: Successor | None) -> WriteResult:
        added = None if successor is None else self._add(connection, successor)
        if successor is not None and added is None:
            return StoreFull()
        completed = self._complete(connection, added)
        epoch, changes = self._tell(connection, completed, added)
        body, seq = task_json(task_of(completed)), changes[-1].seq
        remember(connection, self.origin, status=200, kind="task_update", image=body, seq=seq)
        return Answer(200, body, epoch, seq, changes)

    def _add(self, connection: Connection, successor: Successor) -> Columns | None:
        given = {**successor.fields, "due_wall": successor.wall, "limit": self.tasks_max}
        given["owner_id"] = self.origin.person_id
        added = connection.execute(_ADD[dialect_of(connection)], with_now(given))
        return added.mappings().one_or_none()

    def _complete(self, connection: Connection, added: Columns | None) -> Columns:
        given = change_parameters(self.fields) | {"id": self.task_id}
        given |= {"owner_id": self.origin.person_id, "successor_id": added and added["id"]}
        completed = connection.execute(_COMPLETE[dialect_of(connection)], with_now(given))
        return completed.mappings().one()

    def _tell(
        self, connection: Connection, completed: Columns, added: Columns | None
    ) -> tuple[str, tuple[Change, ...]]:
        rows = [("task_update", completed)] + ([] if added is None else [("task_created", added)])
        changes, epoch = [], ""
        for kind, row in rows:
            image = task_json(task_of(row))
            epoch, seq = append_events(connection, self.origin, kind, [image])
            frame = numbered_frame(kind, seq, self.origin.op, image)
            changes.append(Change(self.origin.channel, seq, frame))
        return epoch, tuple(changes)
