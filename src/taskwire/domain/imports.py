"""Lists of tasks as text or CSV, read into checked changes. Pure: bytes in, changes out.

text   one task a line; `-`, `*` and `- [x]` in front are understood
csv    a header row names columns (title, description, is_completed, due_at, due_on, priority);
       without a `title` in the first row the first column is the title
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum

from taskwire.domain.errors import InvalidError
from taskwire.domain.task import FieldValue, TaskChanges, check_changes

_LIST_MARK = re.compile(r"^\s*(?:[-*•]\s+)?(?:\[(?P<mark>[ xX]?)\]\s+)?")
_TRUE = frozenset({"1", "true", "yes", "x", "done"})
_FALSE = frozenset({"0", "false", "no", ""})


class ImportFormat(StrEnum):
    TEXT = "text"
    CSV = "csv"


def read_import(content: bytes, import_format: ImportFormat, rows_max: int) -> list[TaskChanges]:
    """All tasks of a list, or InvalidError that names the line at fault. Nothing is guessed away.

    A list is refused whole: half an import is harder to mend than none.
    """
    text = _decoded(content)
    read = _from_text if import_format is ImportFormat.TEXT else _from_csv
    tasks: list[TaskChanges] = []
    for line, fields in read(text):
        if len(tasks) == rows_max:
            raise InvalidError(f"The list has more than {rows_max} tasks.")
        tasks.append(_checked_line(line, fields))
    if not tasks:
        raise InvalidError("The list is empty.")
    return tasks


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidError("The file is not text in UTF-8.") from error
    if "\x00" in text:
        raise InvalidError("The file is not a text: it contains NUL.")
    return text


def _checked_line(line: int, fields: Mapping[str, FieldValue]) -> TaskChanges:
    try:
        return check_changes(fields)
    except InvalidError as error:
        raise InvalidError(f"Line {line}: {error.message}") from error


def _from_text(text: str) -> Iterator[tuple[int, Mapping[str, FieldValue]]]:
    for number, line in enumerate(text.splitlines(), start=1):
        match = _LIST_MARK.match(line)
        title = line[match.end() :].strip() if match else line.strip()
        if title:
            done = bool(match and (match["mark"] or "").lower() == "x")
            yield number, {"title": title, "is_completed": done}


def _from_csv(text: str) -> Iterator[tuple[int, Mapping[str, FieldValue]]]:
    reader = csv.reader(io.StringIO(text), strict=True)
    columns: list[str] | None = None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = _columns(cells)
                if columns != ["title"] or cells[0].strip().lower() == "title":
                    continue
            yield reader.line_num, _fields(reader.line_num, columns, cells)
    except csv.Error as error:
        raise InvalidError(f"Line {reader.line_num}: this is not CSV ({error}).") from error


def _columns(cells: list[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    return names if "title" in names else ["title"]


def _fields(line: int, columns: list[str], cells: list[str]) -> Mapping[str, FieldValue]:
    given = dict(zip(columns, cells, strict=False))
    fields: dict[str, FieldValue] = {"title": given.get("title", "")}
    for name, read in _CELLS.items():
        cell = given.get(name, "").strip()
        if cell:
            try:
                fields[name] = read(cell)
            except ValueError as error:
                raise InvalidError(f"Line {line}: {name} is not understood: {cell[:40]}") from error
    return fields


def _truth(cell: str) -> bool:
    if cell.lower() in _TRUE:
        return True
    if cell.lower() in _FALSE:
        return False
    raise ValueError(cell)


_CELLS: Mapping[str, Callable[[str], FieldValue]] = {
    "description": str,
    "is_completed": _truth,
    "due_at": datetime.fromisoformat,
    "due_on": date.fromisoformat,
    "priority": int,
}
