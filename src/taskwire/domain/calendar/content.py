"""What a task and an event have in common, in one canonical form.

Two contents are equal when a person would see no difference. A zone, the layout of an answer, HTML
that means the same text, spaces at the end of a line: none of them is a change, or the two sides
would answer each other for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias

from taskwire.domain.calendar.text import canonical_notes, canonical_title, fit_notes
from taskwire.domain.task import FieldValue, Task

DEFAULT_MINUTES = 30
"""A task has a beginning only; its event needs an end."""

DONE_MARK = "✓ "
FIELDS = ("title", "notes", "is_done", "slot")


@dataclass(frozen=True, slots=True)
class Timed:
    start: datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class AllDay:
    """A day is never an instant: "midnight UTC" is the wrong day west of Greenwich."""

    day: date
    days: int


Slot: TypeAlias = Timed | AllDay


@dataclass(frozen=True, slots=True)
class Content:
    title: str
    notes: str
    is_done: bool
    slot: Slot

    @property
    def summary(self) -> str:
        """The title as the event shows it: Google Calendar has no box to tick."""
        return DONE_MARK + self.title if self.is_done else self.title


def content_of(task: Task, shape: Slot | None) -> Content | None:
    """The task as an event would say it, as long as `shape` was; None for a task without a date."""
    slot = _slot_of(task, shape)
    return None if slot is None else timeless_content(task, slot)


def timeless_content(task: Task, slot: Slot) -> Content:
    """The task in another place of time than its own."""
    notes = fit_notes(canonical_notes(task.description))
    return Content(_without_mark(canonical_title(task.title)), notes, task.is_completed, slot)


def _slot_of(task: Task, shape: Slot | None) -> Slot | None:
    if task.due_at is not None:
        minutes = shape.minutes if isinstance(shape, Timed) else DEFAULT_MINUTES
        return Timed(task.due_at.astimezone(UTC).replace(microsecond=0), minutes)
    if task.due_on is not None:
        return AllDay(task.due_on, shape.days if isinstance(shape, AllDay) else 1)
    return None


def read_summary(summary: str) -> tuple[str, bool]:
    """An event's summary as a title, and whether it is ticked."""
    title = canonical_title(summary)
    return _without_mark(title), title.startswith(DONE_MARK)


def _without_mark(title: str) -> str:
    """A title that itself begins with the tick would be read as done."""
    while title.startswith(DONE_MARK):
        title = title.removeprefix(DONE_MARK).strip()
    return title


def new_task_of(content: Content) -> dict[str, FieldValue]:
    """The fields of a task that says what the event says."""
    said: dict[str, FieldValue] = {"title": content.title, "description": content.notes}
    match content.slot:
        case Timed(start):
            return said | {"due_at": start}
        case AllDay(day):
            return said | {"due_on": day}


def is_over(slot: Slot, at: datetime) -> bool:
    """A day is over when it is over everywhere: nobody here knows the person's zone."""
    if isinstance(slot, Timed):
        return slot.start + timedelta(minutes=slot.minutes) <= at
    return slot.day + timedelta(days=slot.days) < at.date()


def holds_more(task: Task) -> bool:
    """Whether the description is longer than an event may have: then only the task is whole."""
    notes = canonical_notes(task.description)
    return fit_notes(notes) != notes


def task_changes(local: Content, wanted: Content) -> dict[str, FieldValue]:
    """What to write into the task so that it says `wanted`; nothing that looks the same already."""
    changes: dict[str, FieldValue] = {}
    if wanted.title != local.title and wanted.title:
        changes["title"] = wanted.title
    if wanted.notes != local.notes:
        changes["description"] = wanted.notes
    if wanted.is_done != local.is_done:
        changes["is_completed"] = wanted.is_done
    return changes | _slot_changes(local.slot, wanted.slot)


def _slot_changes(local: Slot, wanted: Slot) -> dict[str, FieldValue]:
    match wanted, local:
        case Timed(start), Timed(local_start) if start == local_start:
            return {}
        case AllDay(day), AllDay(local_day) if day == local_day:
            return {}
        case Timed(start), _:
            return {"due_at": start, "due_on": None}
        case AllDay(day), _:
            return {"due_at": None, "due_on": day}


def changed_fields(before: Content, after: Content) -> list[str]:
    return [name for name in FIELDS if getattr(before, name) != getattr(after, name)]


def shown(content: Content, field: str) -> str:
    """A field in words that a page can show or read back: dates as ISO 8601."""
    value = getattr(content, field)
    match value:
        case Timed(start):
            return start.isoformat().replace("+00:00", "Z")
        case AllDay(day):
            return day.isoformat()
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


def to_record(content: Content) -> dict[str, Any]:
    """As it is kept in the database."""
    record: dict[str, Any] = {"title": content.title, "notes": content.notes}
    record["is_done"] = content.is_done
    match content.slot:
        case Timed(start, minutes):
            return record | {"start": start.isoformat(), "minutes": minutes}
        case AllDay(day, days):
            return record | {"day": day.isoformat(), "days": days}


def from_record(record: Mapping[str, Any]) -> Content:
    slot: Slot
    if "start" in record:
        slot = Timed(datetime.fromisoformat(record["start"]), record["minutes"])
    else:
        slot = AllDay(date.fromisoformat(record["day"]), record["days"])
    return Content(record["title"], record["notes"], record["is_done"], slot)
