"""A task, and the ways it may change.

Fields missing from a change stay as they are: a stale screen that sends its one edit cannot undo
another's. A task is due at an instant or on a date, never both; naming one clears the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import TypeAlias

from taskwire.domain.errors import InvalidError
from taskwire.domain.text import check_line, check_text

TITLE_LENGTH_MAX = 500
DESCRIPTION_LENGTH_MAX = 20_000
PRIORITY_MAX = 3

FieldValue: TypeAlias = str | bool | int | datetime | date | None


@dataclass(frozen=True, slots=True)
class Task:
    id: int
    title: str
    description: str
    is_completed: bool
    due_at: datetime | None
    due_on: date | None
    priority: int
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


def _checked(name: str, value: FieldValue) -> FieldValue:
    if value is None:
        if name == "title":
            raise InvalidError("title may not be cleared.")
        return DEFAULTS[name]
    match name, value:
        case "title", str():
            return check_line(value, name="title", length_max=TITLE_LENGTH_MAX)
        case "description", str():
            return check_text(value, name="description", length_max=DESCRIPTION_LENGTH_MAX)
        case "priority", int() if not 0 <= value <= PRIORITY_MAX:
            raise InvalidError(f"priority is a number from 0 to {PRIORITY_MAX}.")
        case "due_at", datetime():
            return in_utc(value)
        case _:
            return value


def in_utc(instant: datetime) -> datetime:
    """The same instant in UTC; raises InvalidError without a zone or outside the calendar."""
    if instant.tzinfo is None:
        raise InvalidError("due_at needs a time zone, for example 2026-11-24T09:00:00Z.")
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        raise InvalidError("due_at is outside the calendar.") from error
