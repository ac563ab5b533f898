"""Any CSV as tasks: columns found by their names, or named by whoever imports.

Without a column for titles in the first row, the first column has them and every row is a task.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from taskwire.domain.errors import InvalidError
from taskwire.domain.exchange.column_names import (
    FALSE,
    FIELD_NAMES,
    NOT_TAKEN,
    PRIORITIES,
    TITLE,
    TRUE,
)
from taskwire.domain.exchange.csv_table import csv_rows, original
from taskwire.domain.exchange.days import read_day, read_moment
from taskwire.domain.exchange.draft import Draft, Drafts, Loss, Reading
from taskwire.domain.reminder import REMINDERS_MAX, Reminder, ReminderAt, ReminderBefore
from taskwire.domain.task import FieldValue


def read_csv_tasks(text: str, reading: Reading) -> Drafts:
    places: dict[str, int] | None = None
    for line, cells in csv_rows(text):
        if places is None:
            places, is_header = _places(cells, reading)
            if is_header:
                continue
        yield Draft(f"Line {line}", _fields(line, places, cells, reading))


def _places(cells: list[str], reading: Reading) -> tuple[dict[str, int], bool]:
    """Where each field's column is, and whether this row names the columns."""
    names = [original(cell.strip()) for cell in cells]
    reading.columns.extend(names)  # whoever sees them can say which one has the titles
    mapping = _guessed(names) if reading.wanted_mapping is None else dict(reading.wanted_mapping)
    if reading.wanted_mapping is not None:
        _refuse_bad(mapping, names)
    elif TITLE not in mapping:
        return {TITLE: 0}, False
    reading.mapping.update(mapping)
    left = [name for name in names if name and name not in mapping.values()]
    reading.losses.update(NOT_TAKEN.get(name.lower(), Loss.COLUMNS) for name in left)
    return {field: names.index(column) for field, column in mapping.items()}, True


def _guessed(names: list[str]) -> dict[str, str]:
    """The first column whose name means a field."""
    mapping: dict[str, str] = {}
    for name in names:
        for field, known in FIELD_NAMES.items():
            if name.lower() in known and field not in mapping:
                mapping[field] = name
    return mapping


def _refuse_bad(mapping: Mapping[str, str], names: list[str]) -> None:
    for field, column in mapping.items():
        if field not in FIELD_NAMES:
            raise InvalidError(
                f"mapping: {field[:40]} is no field; there are {', '.join(FIELD_NAMES)}."
            )
        if column not in names:
            raise InvalidError(f"mapping: the file has no column {column[:80]}.")
    if TITLE not in mapping:
        raise InvalidError("mapping: say which column has the titles.")


def _fields(
    line: int, places: Mapping[str, int], cells: list[str], reading: Reading
) -> Mapping[str, FieldValue]:
    fields: dict[str, FieldValue] = {TITLE: ""}
    for name, place in places.items():
        cell = original(cells[place]) if place < len(cells) else ""
        if name in (TITLE, "description"):
            fields[name] = cell
        elif cell.strip():
            try:
                fields |= _READERS[name](cell.strip(), reading)
            except ValueError as error:
                raise InvalidError(f"Line {line}: {name} is not understood: {cell[:40]}") from error
    return fields


def _completed(cell: str, _reading: Reading) -> Mapping[str, FieldValue]:
    word = cell.lower()
    if word in TRUE:
        return {"is_completed": True}
    if word in FALSE:
        return {"is_completed": False}
    raise ValueError(cell)


def _priority(cell: str, _reading: Reading) -> Mapping[str, FieldValue]:
    known = PRIORITIES.get(cell.lower())
    return {"priority": int(cell) if known is None else known}


def _due(cell: str, reading: Reading) -> Mapping[str, FieldValue]:
    day = read_day(cell)
    if day is not None:
        return {"due_on": day}
    return {"due_at": read_moment(cell, reading.zone)}


def _due_on(cell: str, _reading: Reading) -> Mapping[str, FieldValue]:
    day = read_day(cell)
    if day is None:
        raise ValueError(cell)
    return {"due_on": day}


def _reminders(cell: str, _reading: Reading) -> Mapping[str, FieldValue]:
    """Separated by spaces, as our export writes them: minutes before, or instants."""
    words = cell.split(maxsplit=REMINDERS_MAX + 1)
    return {"reminders": tuple(_reminder(word) for word in words)}


def _reminder(word: str) -> Reminder:
    if word.isdecimal():
        return ReminderBefore(int(word))
    return ReminderAt(datetime.fromisoformat(word))


_READERS: Mapping[str, Callable[[str, Reading], Mapping[str, FieldValue]]] = {
    "is_completed": _completed,
    "due": _due,
    "due_at": lambda cell, _reading: {"due_at": datetime.fromisoformat(cell)},
    "due_on": _due_on,
    "priority": _priority,
    "reminders": _reminders,
    "recurrence": lambda cell, _reading: {"recurrence": cell},
    "recurrence_from": lambda cell, _reading: {"recurrence_from": cell.lower()},
}
