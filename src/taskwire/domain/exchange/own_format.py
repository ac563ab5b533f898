"""Our own export, a JSON document, read back. What it has is in docs/protocol.md.

A task has the fields that GET shows. Those that belong to the server (its id, its times) are not
taken over: an import makes new tasks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import orjson

from taskwire.domain.errors import InvalidError
from taskwire.domain.exchange.draft import Draft, Drafts, Loss, Reading
from taskwire.domain.reminder import REMINDERS_MAX, Reminder, ReminderAt, ReminderBefore
from taskwire.domain.task import FieldValue, TaskChanges

FORMAT = "taskwire"
VERSION = 1
BRACKETS_MAX = 1_000_000
"""Of the document: what a parser makes of ten megabytes of brackets would not fit anywhere."""

_SERVER_OWNED = frozenset({"id", "version", "created_at", "updated_at"})


def read_own_format(text: str, reading: Reading) -> Drafts:
    document = _document(text)
    reading.preferences.update(_preferences(document))
    for number, item in enumerate(_tasks(document), start=1):
        place = f"Task {number}"
        if not isinstance(item, dict):
            raise InvalidError(f"{place}: a task is an object with its fields.")
        if item.keys() & {"created_at", "updated_at"}:
            reading.losses.add(Loss.TIMESTAMPS)
        if item.keys() - _READERS.keys() - _SERVER_OWNED:
            reading.losses.add(Loss.FIELDS)
        yield Draft(place, _fields(place, item))


def write_own_format(tasks: Sequence[TaskChanges]) -> bytes:
    """The document with these tasks and nothing else: how an import waits for its worker."""
    document = {"format": FORMAT, "version": VERSION, "tasks": [_plain(task) for task in tasks]}
    return orjson.dumps(document, option=orjson.OPT_UTC_Z)


def _plain(task: TaskChanges) -> dict[str, Any]:
    return dict(task.fields)


def _document(text: str) -> Mapping[str, Any]:
    if text.count("{") + text.count("[") > BRACKETS_MAX:
        raise InvalidError(f"The file has more than {BRACKETS_MAX} lists and objects.")
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InvalidError(f"Line {error.lineno}: this is not JSON.") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InvalidError('The file is not from Taskwire: it has no "format": "taskwire".')
    version = document.get("version")
    if version != VERSION:
        message = f"The file has version {str(version)[:20]} of our format; this server reads 1."
        raise InvalidError(message)
    return document


def _tasks(document: Mapping[str, Any]) -> list[Any]:
    tasks = document.get("tasks")
    if not isinstance(tasks, list):
        raise InvalidError('The file has no list of "tasks".')
    return tasks


def _preferences(document: Mapping[str, Any]) -> Mapping[str, Any]:
    preferences = document.get("preferences")
    if not isinstance(preferences, dict | None):
        raise InvalidError("The file's preferences are not understood.")
    return preferences or {}


def _fields(place: str, item: Mapping[str, Any]) -> Mapping[str, FieldValue]:
    fields: dict[str, FieldValue] = {}
    for name, read in _READERS.items():
        value = item.get(name)
        if value is None:
            continue
        try:
            fields[name] = read(value)
        except (TypeError, ValueError, KeyError) as error:
            raise InvalidError(f"{place}: {name} is not understood: {value!s:.40}") from error
    return fields


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value


def _reminders(value: object) -> tuple[Reminder, ...]:
    if not isinstance(value, list) or len(value) > REMINDERS_MAX:
        raise TypeError
    return tuple(_reminder(one) for one in value)


def _reminder(one: Mapping[str, Any]) -> Reminder:
    if "at" in one:
        return ReminderAt(datetime.fromisoformat(one["at"]))
    return ReminderBefore(_number(one["minutes_before"]))


_READERS: Mapping[str, Callable[[Any], FieldValue]] = {
    "title": _text,
    "description": _text,
    "is_completed": _truth,
    "due_at": datetime.fromisoformat,
    "due_on": date.fromisoformat,
    "priority": _number,
    "reminders": _reminders,
    "recurrence": _text,
    "recurrence_from": _text,
}
