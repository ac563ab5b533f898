"""CSV as rows of cells, within bounds; and cells that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from taskwire.domain.errors import InvalidError

COLUMNS_MAX = 200
CELL_CHARACTERS_MAX = 100_000

_DELIMITERS = ",;\t"
_FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
_QUOTE = "'"


def csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with the number of the line it ends on."""
    reader = csv.reader(io.StringIO(text), strict=True, delimiter=_delimiter(text))
    try:
        for cells in reader:
            if len(cells) > COLUMNS_MAX:
                raise InvalidError(f"Line {reader.line_num}: more than {COLUMNS_MAX} columns.")
            if any(len(cell) > CELL_CHARACTERS_MAX for cell in cells):
                message = f"Line {reader.line_num}: a cell has more than {CELL_CHARACTERS_MAX}"
                raise InvalidError(f"{message} characters.")
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise InvalidError(f"Line {reader.line_num}: this is not CSV ({error}).") from error


def _delimiter(text: str) -> str:
    """What stands most often in the first line; many spreadsheets write semicolons."""
    first, _, _ = text.lstrip().partition("\n")
    return max(_DELIMITERS, key=first.count)


def harmless(cell: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would run as a formula.

    A cell that would look as if it had been treated so is treated as well: nothing is lost.
    """
    if cell.startswith(_FORMULA_MARKS) or _is_treated(cell):
        return _QUOTE + cell
    return cell


def original(cell: str) -> str:
    """What `harmless` was given."""
    return cell[1:] if _is_treated(cell) else cell


def _is_treated(cell: str) -> bool:
    return cell.startswith(_QUOTE) and cell[1:].startswith((*_FORMULA_MARKS, _QUOTE))
