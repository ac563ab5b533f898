"""Tables of states against events, as the type checker holds them: read cell by cell.

A table is a TypedDict of rows, and a row a TypedDict of cells: mypy refuses a literal that lacks
a key of either.
"""

from collections.abc import Mapping
from typing import Any, cast


def cells(table: object) -> list[tuple[str, str, Any]]:
    """Each cell with the names of its state and its event."""
    rows = cast("Mapping[str, Mapping[str, Any]]", table)
    return [(state, event, cell) for state, row in rows.items() for event, cell in row.items()]
