"""A task, and the ways it may change.

Fields missing from a change stay as they are: a stale screen that sends its one edit cannot undo
another's. A task is due at an instant or on a date, never both; naming one clears the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from types import MappingProxyType
from typing import Any, TypeAlias

from taskwire.domain.errors import InvalidError
from taskwire.domain.recurrence import RecurrenceFrom, check_recurrence
from taskwire.domain.reminder import Reminders, check_reminders
from taskwire.domain.text import check_line, check_text, in_utc

TITLE_LENGTH_MAX = 500
DESCRIPTION_LENGTH_MAX = 20_000
PRIORITY_MAX = 3

FieldValue: TypeAlias = str | bool | int | datetime | date | Reminders | None


@dataclass(frozen=True, slots=True)
class Task:
    id: int
    title: str
    description: str
    is_completed: bool
    due_at: datetime | None
    due_on: date | None
    priority: int
    reminders: Reminders
    recurrence: str | None
    recurrence_from: str
    version: int
    created_at: datetime
    updated_at: datetime


DEFAULTS: Mapping[str, FieldValue] = MappingProxyType(
    {
        "description": "",
        "is_completed": False,
        "due_at": None,
        "due_on": None,
        "priority": 0,
        "reminders": (),
        "recurrence": None,
        "recurrence_from": RecurrenceFrom.DUE.value,
    }
)
"""What a new task has in the fields it was not given, and what `null` puts back."""


@dataclass(frozen=True, slots=True)
class TaskChanges:
    """Checked fields by name; a field that is not here stays as it is."""

    fields: Mapping[str, FieldValue]

    def as_new_task(self) -> Mapping[str, FieldValue]:
        """All fields of a new task made from these; raises InvalidError without a title."""
        if "title" not in self.fields:
            raise InvalidError("title is missing.")
        return {**DEFAULTS, **self.fields}


def check_changes(given: Mapping[str, FieldValue]) -> TaskChanges:
    """Check what a person or a job wants to write; raises InvalidError.

    Types are the caller's to check (at the edge); rules are checked here. `None` clears a field,
    which a title does not allow.
    """
    fields = {name: _checked(name, value) for name, value in given.items()}
    if fields.get("due_at") is not None and fields.get("due_on") is not None:
        raise InvalidError("A task is due at a time (due_at) or on a day (due_on), not both.")
    if fields.get("due_at") is not None:
        fields["due_on"] = None
    elif fields.get("due_on") is not None:
        fields["due_at"] = None
    return TaskChanges(MappingProxyType(fields))


def changed(task: Task, fields: Mapping[str, FieldValue]) -> Task:
    """The task as it is with these checked fields."""
    values: dict[str, Any] = dict(fields)
    return replace(task, **values)


def _checked(name: str, value: FieldValue) -> FieldValue:
    if value is None:
        if name == "title":
            raise InvalidError("title may not be cleared.")
        return DEFAULTS[name]
    check = _CHECKS.get(name)
    return check(value) if check else value


def _checked_priority(value: int) -> int:
    if not 0 <= value <= PRIORITY_MAX:
        raise InvalidError(f"priority is a number from 0 to {PRIORITY_MAX}.")
    return value


def _checked_recurrence_from(value: str) -> str:
    if value not in {origin.value for origin in RecurrenceFrom}:
        raise InvalidError("recurrence_from is due or completion.")
    return value


_CHECKS: Mapping[str, Callable[[Any], FieldValue]] = {
    "title": partial(check_line, name="title", length_max=TITLE_LENGTH_MAX),
    "description": partial(check_text, name="description", length_max=DESCRIPTION_LENGTH_MAX),
    "due_at": partial(in_utc, name="due_at"),
    "priority": _checked_priority,
    "reminders": check_reminders,
    "recurrence": check_recurrence,
    "recurrence_from": _checked_recurrence_from,
}
