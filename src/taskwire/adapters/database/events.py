"""The kinds of events: how each is kept in the log, and how it looks on the wire.

The log keeps an image of the row (its columns as JSON). It is read back into the row's type and
shown by the same code as GET, so both are equal byte for byte, also after an upgrade that adds a
field: an old image then shows the field's default, as GET does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

import orjson

from taskwire.adapters.database.reminder_text import read_reminders, reminders_of
from taskwire.application.representation import (
    notification_json,
    task_deleted_json,
    task_json,
)
from taskwire.domain.notification import Notification
from taskwire.domain.task import DEFAULTS, Task

TASK_COLUMNS = tuple(field.name for field in fields(Task))
NOTIFICATION_COLUMNS = tuple(field.name for field in fields(Notification))


Columns = Mapping[Any, Any]
"""A row by the names of its columns, as SQLAlchemy or a parsed image gives it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`image` maps the keys of the image to columns; `show` makes the wire's `data` of a row.

    `defaults` are the columns that an image written by an older version may lack.
    """

    image: Mapping[str, str]
    defaults: Mapping[str, object]
    show: Callable[[Columns], bytes]


def task_of(row: Columns) -> Task:
    return Task(**{name: row[name] for name in TASK_COLUMNS})


def notification_of(row: Columns) -> Notification:
    return Notification(**{name: row[name] for name in NOTIFICATION_COLUMNS})


def _show_task(row: Columns) -> bytes:
    return task_json(task_of(row))


def _show_notification(row: Columns) -> bytes:
    return notification_json(notification_of(row))


def _show_deleted(row: Columns) -> bytes:
    return task_deleted_json(row["id"])


_TASK = Kind({name: name for name in TASK_COLUMNS}, DEFAULTS, _show_task)
_NOTIFICATION = Kind({name: name for name in NOTIFICATION_COLUMNS}, {}, _show_notification)

KINDS: Mapping[str, Kind] = {
    "task_created": _TASK,
    "task_update": _TASK,
    "task_deleted": Kind({"task_id": "id"}, {}, _show_deleted),
    "notification_created": _NOTIFICATION,
    "notification_update": _NOTIFICATION,
}

_INSTANTS = frozenset({"due_at", "created_at", "updated_at", "read_at"})
_DATES = frozenset({"due_on"})


def show_image(kind: str, payload: str | bytes) -> bytes:
    """The wire's `data` of an image from the log."""
    known = KINDS[kind]
    image = orjson.loads(payload)
    columns = {known.image[key]: _value(key, value) for key, value in image.items()}
    return known.show({**known.defaults, **columns})


def _value(key: str, value: Any) -> object:  # noqa: ANN401 - whatever the image holds
    if key == "reminders":
        # PostgreSQL's image holds the column, which is text; SQLite's is the wire's JSON.
        return read_reminders(value) if isinstance(value, str) else reminders_of(value)
    if not isinstance(value, str):
        return value
    if key in _INSTANTS:
        return datetime.fromisoformat(value).astimezone(UTC)
    return date.fromisoformat(value) if key in _DATES else value
