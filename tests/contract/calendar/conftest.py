"""A person with an empty calendar, and one who has not connected any.

On both kinds of database, quickly: SQLite in memory and in this thread, and one PostgreSQL for a
whole file, emptied before each test. A SQLite in its file is under the product in the tests with
processes.
"""

from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import Connection, delete

from taskwire.adapters.database.calendar_tables import (
    calendar_accounts,
    calendar_channels,
    calendar_consents,
    calendar_links,
    calendar_notes,
    calendar_old_events,
)
from taskwire.adapters.database.connection import Database, open_database
from taskwire.adapters.database.tables import events, notifications, streams, tasks
from tests.calendar_world.inline import InlineDatabase
from tests.calendar_world.world import World, open_world
from tests.services.databases import PostgresqlDatabases

_WRITTEN = (
    calendar_accounts,
    calendar_channels,
    calendar_consents,
    calendar_links,
    calendar_notes,
    calendar_old_events,
    events,
    notifications,
    streams,
    tasks,
)


@pytest.fixture(scope="module")
def shared_postgresql_url(postgresql_databases: PostgresqlDatabases) -> Iterator[str]:
    with postgresql_databases.fresh() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    opened: Database = (
        InlineDatabase()
        if request.param == "sqlite"
        else open_database(request.getfixturevalue("shared_postgresql_url"), pool_size=10)
    )
    if request.param == "postgresql":
        await opened.write(_empty)
    yield opened
    await opened.close()


def _empty(connection: Connection) -> None:
    for table in _WRITTEN:
        connection.execute(delete(table))


@pytest.fixture
async def stranger(database: Database) -> AsyncIterator[World]:
    async with open_world(database) as opened:
        yield opened


@pytest.fixture
async def world(stranger: World) -> World:
    await stranger.connect()
    return stranger
