"""Statements as text with typed parameters: what runs is what stands here.

Text, because it is parsed once and cached by its string (building the same CTE from expressions
cost more than running it), and because a reader can paste it into a console.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Connection, Text, bindparam, text
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.sql.elements import TextClause
from sqlalchemy.sql.selectable import TextualSelect
from sqlalchemy.types import TypeEngine

from taskwire.adapters.database.connection import Dialect
from taskwire.adapters.database.tables import Instant, metadata

_PARAMETER = re.compile(r"(?<![:\w]):(\w+)")

# Parameters are typed by their name: the type of the column of that name, or one of these.
_TYPES: dict[str, TypeEngine[Any]] = {
    column.name: column.type for table in metadata.tables.values() for column in table.columns
} | {
    "id": BigInteger(),
    "now": Instant(),
    "since": Instant(),
    "until": Instant(),
    "limit": BigInteger(),
    "count": BigInteger(),
    "kept_max": BigInteger(),
    "newest": BigInteger(),
    "if_version": BigInteger(),
    "ranges": Text(),
    "tickets": Text(),
}

_NOW: Mapping[Dialect, str] = {"postgresql": "now()", "sqlite": ":now"}


Prepared = Mapping[Dialect, TextClause | TextualSelect]


def statement(sql: str, columns: Mapping[str, TypeEngine[Any]] | None = None) -> Prepared:
    """The statement for both databases; `{now}` in it is the database's own time.

    SQLite lives on this host and has no clock but ours, so there it is a parameter. `columns`
    gives the result's columns their types, so that instants and dates come as such.
    """
    return {dialect: statement_for(dialect, sql, columns) for dialect in _NOW}


def statement_for(
    dialect: Dialect, sql: str, columns: Mapping[str, TypeEngine[Any]] | None = None
) -> TextClause | TextualSelect:
    written = sql.replace("{now}", _NOW[dialect])
    names = dict.fromkeys(_PARAMETER.findall(written))
    typed = text(written).bindparams(*(bindparam(name, type_=_type(name)) for name in names))
    return typed.columns(**columns) if columns else typed


class Positional:
    """A statement for `Direct`: written with names like the others, compiled once, bound by place."""

    def __init__(self, sql: str) -> None:
        dialect = asyncpg.dialect()  # type: ignore[no-untyped-call]
        compiled = statement_for("postgresql", sql).compile(dialect=dialect)
        self.sql = str(compiled)
        self._names = compiled.positiontup or ()
        typed = ((name, compiled.binds[name].type) for name in self._names)
        writers = (
            (name, kind.dialect_impl(dialect).bind_processor(dialect)) for name, kind in typed
        )
        self._writers = [(name, write) for name, write in writers if write is not None]

    def values(self, parameters: Mapping[str, Any]) -> list[Any]:
        """The parameters in the order of their places, as the driver takes them."""
        written = {name: write(parameters[name]) for name, write in self._writers}
        given = {**parameters, **written}
        return [given[name] for name in self._names]


def _type(name: str) -> TypeEngine[Any]:
    return Boolean() if name.startswith("set_") else _TYPES[name]


def dialect_of(connection: Connection) -> Dialect:
    return "postgresql" if connection.dialect.name == "postgresql" else "sqlite"


def with_now(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {**parameters, "now": datetime.now(UTC)}
