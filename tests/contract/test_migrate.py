import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, text

from taskwire.adapters.database import calendar_tables
from taskwire.adapters.database.change_log import DatabaseChangeLog
from taskwire.adapters.database.connection import Database, open_database
from taskwire.adapters.database.migrate import migrate
from taskwire.adapters.database.schema import (
    SchemaMissingError,
    SchemaNewerError,
    wait_for_schema,
)
from tests.services.postgresql import PostgresqlServer

AT_ONCE = 2


@pytest.fixture(params=["sqlite", "postgresql"])
async def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """A database in which nobody has made a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    server: PostgresqlServer = request.getfixturevalue("own_postgresql")
    yield server.create("taskwire_test_empty")
    server.drop("taskwire_test_empty")


@pytest.fixture
async def empty(empty_url: str) -> AsyncIterator[Database]:
    opened = open_database(empty_url, pool_size=2)
    yield opened
    await opened.close()


async def test_two_that_migrate_at_once_make_one_schema(empty_url: str, empty: Database) -> None:
    with ThreadPoolExecutor(AT_ONCE) as threads:
        loop = asyncio.get_running_loop()
        await asyncio.gather(
            *(loop.run_in_executor(threads, migrate, empty_url) for _ in range(AT_ONCE))
        )
    await wait_for_schema(empty, 0)
    epochs = text("SELECT count(*) FROM log_epoch")
    assert await empty.look(lambda connection: connection.execute(epochs).scalar_one()) == 1


async def test_migrating_again_keeps_the_epoch(database_url: str, database: Database) -> None:
    log = DatabaseChangeLog(database, 15.0)
    before = (await log.positions([])).epoch
    await asyncio.to_thread(migrate, database_url)
    assert (await log.positions([])).epoch == before


async def test_each_database_has_an_epoch_of_its_own(
    empty_url: str, empty: Database, sqlite_url: str
) -> None:
    await asyncio.to_thread(migrate, empty_url)
    own = (await DatabaseChangeLog(empty, 15.0).positions([])).epoch
    another = open_database(sqlite_url, pool_size=1)
    assert own != (await DatabaseChangeLog(another, 15.0).positions([])).epoch
    await another.close()


async def test_a_schema_newer_than_the_program_is_refused_and_left_alone(
    database_url: str, database: Database
) -> None:
    future = text("UPDATE alembic_version SET version_num = '9999'")
    await database.write(lambda connection: connection.execute(future))
    with pytest.raises(SchemaNewerError, match="9999"):
        await asyncio.to_thread(migrate, database_url)
    with pytest.raises(SchemaNewerError, match="9999"):
        await wait_for_schema(database, 60)
    kept = text("SELECT version_num FROM alembic_version")
    assert await database.look(lambda connection: connection.execute(kept).scalar_one()) == "9999"


async def test_a_schema_that_never_comes_is_waited_for_within_a_bound(empty: Database) -> None:
    with pytest.raises(SchemaMissingError, match="taskwire migrate"):
        await wait_for_schema(empty, 0.1)


async def test_the_migrations_make_what_the_tables_say(database: Database) -> None:
    def made(connection: Connection) -> dict[str, set[str]]:
        found = inspect(connection)
        return {
            name: {column["name"] for column in found.get_columns(name)}
            for name in found.get_table_names()
            if name != "alembic_version"
        }

    written = {
        table.name: {column.name for column in table.columns}
        for table in calendar_tables.calendar_accounts.metadata.sorted_tables  # and with them those of tables.py
    }
    assert await database.look(made) == written
