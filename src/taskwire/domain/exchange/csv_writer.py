"""Tasks as CSV that a spreadsheet opens, and that our own import reads back."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

from taskwire.domain.exchange.csv_table import harmless
from taskwire.domain.reminder import ReminderAt, Reminders
from taskwire.domain.task import Task

COLUMNS = (
    "title",
    "description",
    "is_completed",
    "due_at",
    "due_on",
    "priority",
    "reminders",
    "recurrence",
    "recurrence_from",
    "created_at",
    "updated_at",
)
BYTE_ORDER_MARK = "\ufeff"
"""Without it spreadsheets take UTF-8 for something else, and Hebrew becomes a puzzle."""


def csv_header() -> bytes:
    return (BYTE_ORDER_MARK + _row(COLUMNS)).encode()


def csv_task(task: Task) -> bytes:
    return _row(
        (
            harmless(task.title),
            harmless(task.description),
            "yes" if task.is_completed else "no",
            _written(task.due_at),
            _written(task.due_on),
            str(task.priority),
            _reminders(task.reminders),
            task.recurrence or "",
            task.recurrence_from,
            _written(task.created_at),
            _written(task.updated_at),
        )
    ).encode()


def _row(cells: tuple[str, ...]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(cells)
    return out.getvalue()


def _written(value: datetime | date | None) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return "" if value is None else value.isoformat()


def _reminders(reminders: Reminders) -> str:
    return " ".join(
        _written(one.at) if isinstance(one, ReminderAt) else str(one.minutes_before)
        for one in reminders
    )
