"""A version's schema is one that the version before can work with: each migration only adds.

While a new version starts, processes of the old one go on, on the schema of the new one. What is
here is what they need of it: each table and column that they know, as it was, and nothing new that
refuses the rows that they write. tests/integration/test_deploy.py shows the same with a process.
"""

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from taskwire.adapters.database.connection import open_database
from taskwire.adapters.database.migrate import upgrade
from taskwire.adapters.database.schema import known_revisions
from tests.services.postgresql import PostgresqlServer

Column = tuple[str, bool, bool]
"""Its type, whether it may be NULL, whether it fills itself."""
Schema = dict[str, dict[str, Column]]
"""By table and name. A rule of a table stands among its columns, by what it says."""
RULE = "rule"


def described(connection: Connection) -> Schema:
    found = sa.inspect(connection)
    return {
        table: {
            **{
                column["name"]: (
                    str(column["type"]),
                    bool(column["nullable"]),
                    column["default"] is not None or bool(column.get("autoincrement") is True),
                )
                for column in found.get_columns(table)
            },
            **dict.fromkeys(rules(found, table), (RULE, True, True)),
        }
        for table in found.get_table_names()
        if table != "alembic_version"
    }


def rules(found: sa.Inspector, table: str) -> Iterator[str]:
    """Whatever may refuse a row, by the columns that it looks at."""
    for constraint in found.get_unique_constraints(table):
        yield f"unique {','.join(constraint['column_names'])}"
    for index in found.get_indexes(table):
        if index["unique"]:
            yield f"unique {','.join(str(name) for name in index['column_names'])}"
    for check in found.get_check_constraints(table):
        yield f"check {check['sqltext']}"
    for key in found.get_foreign_keys(table):
        yield f"refers {','.join(key['constrained_columns'])}"


def broken(before: Schema, after: Schema) -> Iterator[str]:
    """What a process that knows `before` cannot do any more."""
    for table, columns in before.items():
        there = after.get(table, {})
        for name in columns:
            yield from (f"{table}.{name} {how}" for how in changed(columns[name], there.get(name)))
        for name in there.keys() - columns.keys():
            if refuses(name, there[name], columns.keys()):
                yield f"{table}: {name} refuses old rows"


def changed(was: Column, now: Column | None) -> Iterator[str]:
    kind, takes_null, _ = was
    if now is None:
        yield from ["is gone"] if kind != RULE else []  # a rule fewer refuses nothing
    elif now[0] != kind:
        yield "is another type"
    elif takes_null and not now[1]:
        yield "has to be given"


def refuses(name: str, new: Column, known: Collection[str]) -> bool:
    """Whether a new column or rule refuses a row that has nothing but what was known before."""
    kind, takes_null, fills_itself = new
    if kind != RULE:
        return not takes_null and not fills_itself
    # Old rows have NULL in a new column, and one NULL is not another.
    what, _, names = name.partition(" ")
    return what == "check" or set(names.split(",")) <= set(known)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database in which nobody has made a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    server: PostgresqlServer = request.getfixturevalue("own_postgresql")
    yield server.create("taskwire_test_adding")
    server.drop("taskwire_test_adding")


async def test_every_migration_leaves_the_version_before_at_work(empty_url: str) -> None:
    database = open_database(empty_url, pool_size=1)
    first, *later = known_revisions()

    def one_more(revision: str) -> Callable[[Connection], Schema]:
        def work(connection: Connection) -> Schema:
            upgrade(connection, revision)
            return described(connection)

        return work

    before = await database.write(one_more(first))
    assert len(before) > 5
    for revision in later:
        after = await database.write(one_more(revision))
        assert list(broken(before, after)) == [], revision
        before = after
    await database.close()


BEFORE: Schema = {"tasks": {"id": ("BIGINT", False, True), "title": ("TEXT", True, False)}}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (None, ["tasks.id is gone", "tasks.title is gone"]),
        ({"title": None}, ["tasks.title is gone"]),
        ({"title": ("INTEGER", True, False)}, ["tasks.title is another type"]),
        ({"title": ("TEXT", False, False)}, ["tasks.title has to be given"]),
        ({"more": ("TEXT", False, False)}, ["tasks: more refuses old rows"]),
        ({"unique title": (RULE, True, True)}, ["tasks: unique title refuses old rows"]),
        ({"more": ("TEXT", True, False), "unique title,more": (RULE, True, True)}, []),
        ({"more": ("TEXT", True, False), "yet": ("TEXT", False, True)}, []),
    ],
)
def test_what_an_old_process_cannot_bear_is_found(
    table: dict[str, Column | None] | None, said: list[str]
) -> None:
    new: dict[str, Column | None] = {} if table is None else {**BEFORE["tasks"], **table}
    columns = {name: column for name, column in new.items() if column is not None}
    after: Schema = {"another": {}} | ({} if table is None else {"tasks": columns})
    assert list(broken(BEFORE, after)) == said
