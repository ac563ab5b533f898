"""Todoist's CSV: what "export as a template" writes, and its template for imports.

Its priority 1 is the highest, ours is 3. Notes are comments on the task above them: they go below
its description. Sections, indents, labels and people have no counterpart here and are said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from taskwire.domain.errors import InvalidError
from taskwire.domain.exchange.csv_table import csv_rows
from taskwire.domain.exchange.days import known_zone
from taskwire.domain.exchange.draft import Draft, Drafts, Loss, Reading
from taskwire.domain.exchange.english_dates import read_english
from taskwire.domain.task import FieldValue

_PRIORITIES = {"1": 3, "2": 2, "3": 1, "4": 0, "": 0}
_LABEL = re.compile(r"(?:^|\s)@\w")
_FILE, _FILE_END = "[[file {", "}]]"
_LOSSES: Mapping[str, Loss] = {
    "RESPONSIBLE": Loss.ASSIGNEES,
    "DURATION": Loss.DURATIONS,
    "DEADLINE": Loss.DEADLINES,
}

_Row = tuple[int, Mapping[str, str]]


def read_todoist(text: str, reading: Reading) -> Drafts:
    waiting: tuple[int, dict[str, FieldValue]] | None = None
    for line, row in _rows(text):
        match row.get("TYPE", "").lower():
            case "task":
                if waiting is not None:
                    yield _draft(waiting)
                waiting = line, _fields(line, row, reading)
            case "note":
                _add_note(waiting, row.get("CONTENT", ""), reading)
            case "section":
                reading.losses.add(Loss.SECTIONS)
            case "meta" | "":
                pass  # how the project looks in Todoist, and its blank lines
            case other:
                raise InvalidError(f"Line {line}: TYPE is task, section or note, not {other[:40]}.")
    if waiting is not None:
        yield _draft(waiting)


def _rows(text: str) -> Iterator[_Row]:
    names: list[str] | None = None
    for line, cells in csv_rows(text):
        if names is None:
            names = [cell.strip().upper() for cell in cells]
            if not {"TYPE", "CONTENT"} <= set(names):
                raise InvalidError(
                    f"Line {line}: this is no list from Todoist: it has no columns TYPE and CONTENT."
                )
            continue
        yield line, {name: cell.strip() for name, cell in zip(names, cells, strict=False)}


def _draft(waiting: tuple[int, dict[str, FieldValue]]) -> Draft:
    line, fields = waiting
    return Draft(f"Line {line}", fields)


def _fields(line: int, row: Mapping[str, str], reading: Reading) -> dict[str, FieldValue]:
    priority = _PRIORITIES.get(row.get("PRIORITY", ""))
    if priority is None:
        raise InvalidError(f"Line {line}: PRIORITY is a number from 1 (highest) to 4.")
    title = row["CONTENT"]
    reading.losses.update(loss for column, loss in _LOSSES.items() if row.get(column))
    if _LABEL.search(title):
        reading.losses.add(Loss.LABELS)
    if row.get("INDENT", "1") not in ("", "1"):
        reading.losses.add(Loss.SUBTASKS)
    fields: dict[str, FieldValue] = {"title": title, "priority": priority}
    fields["description"] = row.get("DESCRIPTION", "")
    return fields | _when(row, reading)


def _when(row: Mapping[str, str], reading: Reading) -> dict[str, FieldValue]:
    written = row.get("DATE", "")
    if not written:
        return {}
    zone = known_zone(row.get("TIMEZONE", "")) or reading.zone
    when = read_english(written, reading.now.astimezone(zone).date())
    if when is None:
        reading.losses.add(Loss.DATES)
        return {}
    if when.at is None:
        fields: dict[str, FieldValue] = {"due_on": when.day}
    else:
        fields = {"due_at": datetime.combine(when.day, when.at, zone)}
    if when.recurrence is not None:
        fields["recurrence"] = when.recurrence
        fields["recurrence_from"] = "completion" if when.is_after_completion else "due"
    return fields


def _add_note(
    waiting: tuple[int, dict[str, FieldValue]] | None, content: str, reading: Reading
) -> None:
    note = _without_files(content)
    if note != content:
        reading.losses.add(Loss.ATTACHMENTS)
    if waiting is None or not note.strip():
        return  # a note on the project itself, or nothing but a file
    _, fields = waiting
    fields["description"] = f"{fields['description']}\n\n{note.strip()}".strip()


def _without_files(note: str) -> str:
    """The note without its attachments. No pattern: one would read a hostile note n times."""
    kept: list[str] = []
    at = 0
    while (begin := note.find(_FILE, at)) >= 0 and (end := note.find(_FILE_END, begin)) >= 0:
        kept.append(note[at:begin])
        at = end + len(_FILE_END)
    return "".join(kept) + note[at:]
