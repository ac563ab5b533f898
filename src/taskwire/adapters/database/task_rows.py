"""The statements that all who write tasks share, and the looks that go with them.

`look_at` says when the worker has to look at a task next, and a write that may have moved that
moment says "now": what is due when takes the person's time zone and the whole task, which the one
statement of a write has not. `looked_until` is the moment up to which everything was said. A write
moves it forward, so that nobody is told of what they set into the past themselves; unless the
worker is behind, for then something may still be unsaid.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row

from taskwire.adapters.database.events import TASK_COLUMNS, task_of
from taskwire.adapters.database.reminder_text import NO_REMINDERS
from taskwire.adapters.database.row_and_event import Origin, remember
from taskwire.adapters.database.sql import dialect_of, statement
from taskwire.adapters.database.tables import tasks
from taskwire.application.ports import Answer
from taskwire.application.representation import task_json
from taskwire.domain.task import DEFAULTS, FieldValue, Task

FIELDS = ("title", *DEFAULTS)
TASK_COLUMNS_SQL = ", ".join(TASK_COLUMNS)
TASK_TYPES = {name: tasks.columns[name].type for name in TASK_COLUMNS}

LIVING = "id = :id AND owner_id = :owner_id AND deleted_at IS NULL"


def insert_task_sql(*more: str) -> str:
    """INSERT … SELECT of all fields and `more` columns; no row when the person holds too many."""
    columns = (*FIELDS, *more)
    return f"""
    INSERT INTO tasks
        (owner_id, {", ".join(columns)}, version, created_at, updated_at, look_at, looked_until)
    SELECT :owner_id, {", ".join(f":{name}" for name in columns)}, 1, {{now}}, {{now}},
        CASE WHEN NOT :is_completed AND (
            :due_at IS NOT NULL OR :due_on IS NOT NULL OR :reminders <> '{NO_REMINDERS}'
        ) THEN {{now}} END, {{now}}
    WHERE (SELECT count(*) FROM
        (SELECT 1 FROM tasks WHERE owner_id = :owner_id AND deleted_at IS NULL LIMIT :limit) AS held
    ) < :limit"""


INSERT_TASK = insert_task_sql()

_MOVES = f"""(:set_due_at OR :set_due_on OR :set_reminders OR (
        :set_is_completed
        AND (due_at IS NOT NULL OR due_on IS NOT NULL OR reminders <> '{NO_REMINDERS}')))"""
SET_FIELDS = ",\n".join(
    [f"{name} = CASE WHEN :set_{name} THEN :{name} ELSE {name} END" for name in FIELDS]
    + [
        f"look_at = CASE WHEN {_MOVES} THEN {{now}} ELSE look_at END",
        f"""looked_until = CASE WHEN {_MOVES} AND (look_at IS NULL OR look_at > {{now}})
            THEN {{now}} ELSE looked_until END""",
    ]
)

_FIND_PLACE = statement("""
    SELECT e.epoch, coalesce(s.head, 0) AS seq
    FROM log_epoch e LEFT JOIN streams s ON s.channel = :channel""")
_FIND = statement(f"SELECT {TASK_COLUMNS_SQL} FROM tasks WHERE {LIVING}", TASK_TYPES)


def change_parameters(fields: Mapping[str, FieldValue]) -> dict[str, Any]:
    """For `SET_FIELDS`: each field's value, and whether it is to be set."""
    values = {name: fields.get(name, DEFAULTS.get(name, "")) for name in FIELDS}
    return values | {f"set_{name}": name in fields for name in FIELDS}


def find_task(connection: Connection, person_id: int, task_id: int) -> Task | None:
    given = {"id": task_id, "owner_id": person_id}
    row = connection.execute(_FIND[dialect_of(connection)], given).mappings().one_or_none()
    return None if row is None else task_of(row)


def find_place(connection: Connection, channel: str) -> Row[str, int]:
    """The epoch, and the `seq` of the channel's head."""
    return connection.execute(_FIND_PLACE[dialect_of(connection)], {"channel": channel}).one()


def unchanged(connection: Connection, task: Task, origin: Origin) -> Answer:
    """Nothing to do is an answer like any other, and is remembered like one."""
    place = find_place(connection, origin.channel)
    data = task_json(task)
    remember(connection, origin, status=200, kind="task_update", image=data, seq=place.seq)
    return Answer(200, data, place.epoch, place.seq)
