"""Files of tasks, read into checked changes. Pure: bytes in, changes out.

Each format has a reader in `exchange`; what is true of all of them is here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from taskwire.domain.errors import InvalidError
from taskwire.domain.exchange.calendar_tasks import read_calendar
from taskwire.domain.exchange.csv_tasks import read_csv_tasks
from taskwire.domain.exchange.draft import Draft, Drafts, Reading
from taskwire.domain.exchange.own_format import read_own_format
from taskwire.domain.exchange.plain_list import read_plain_list
from taskwire.domain.exchange.text_file import decode
from taskwire.domain.exchange.todoist import read_todoist
from taskwire.domain.task import TaskChanges, check_changes


class ImportFormat(StrEnum):
    TEXT = "text"
    CSV = "csv"
    TODOIST = "todoist"
    ICS = "ics"
    TASKWIRE = "taskwire"


_READERS: Mapping[ImportFormat, Callable[[str, Reading], Drafts]] = {
    ImportFormat.TEXT: read_plain_list,
    ImportFormat.CSV: read_csv_tasks,
    ImportFormat.TODOIST: read_todoist,
    ImportFormat.ICS: read_calendar,
    ImportFormat.TASKWIRE: read_own_format,
}


@dataclass(frozen=True, slots=True)
class ImportedList:
    """What a file becomes: its tasks, how its columns were read, and what stays behind."""

    tasks: list[TaskChanges]
    columns: tuple[str, ...]
    mapping: Mapping[str, str]
    not_carried: tuple[str, ...]
    preferences: Mapping[str, Any] = field(default_factory=dict)


def read_import(
    content: bytes, import_format: ImportFormat, reading: Reading, rows_max: int
) -> ImportedList:
    """All of a file, or InvalidError that names the line at fault. Nothing is guessed away.

    A list is refused whole: half an import is harder to mend than none.
    """
    tasks: list[TaskChanges] = []
    for draft in _READERS[import_format](decode(content), reading):
        if len(tasks) == rows_max:
            message = f"The list has more than {rows_max} tasks; this server allows no more."
            raise InvalidError(message)
        tasks.append(_checked(draft))
    if not tasks:
        raise InvalidError("The list is empty.")
    losses = tuple(sorted(loss.value for loss in reading.losses))
    columns, mapping = tuple(reading.columns), dict(reading.mapping)
    return ImportedList(tasks, columns, mapping, losses, reading.preferences)


def _checked(draft: Draft) -> TaskChanges:
    try:
        return check_changes(draft.fields)
    except InvalidError as error:
        raise InvalidError(f"{draft.place}: {error.message}") from error
