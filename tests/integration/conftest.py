"""Integration tests run on the loop of the product, against the product as its own process.

`product` is one `taskwire serve` for a whole module, once on each database; a module that wants it
set otherwise says so in SETTINGS.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping

import pytest
import uvloop

from tests.product.person import Person, registered
from tests.product.serving import Deployment, Serving, serving
from tests.services.databases import PostgresqlDatabases, SqliteDatabases
from tests.services.redis import redis_server


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def deployment(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    """A database and a Redis of the module's own."""
    folder = tmp_path_factory.mktemp("deployment")
    settings = getattr(request.module, "SETTINGS", {})
    with contextlib.ExitStack() as stack:
        if request.param == "sqlite":
            files: SqliteDatabases = request.getfixturevalue("sqlite_databases")
            url = files.fresh(folder)
        else:
            databases: PostgresqlDatabases = request.getfixturevalue("postgresql_databases")
            url = stack.enter_context(databases.fresh())
        redis = stack.enter_context(redis_server())
        yield Deployment(folder, url, redis, settings)


@pytest.fixture(scope="module")
def product(deployment: Deployment) -> Iterator[Serving]:
    with serving(deployment) as running:
        yield running


@pytest.fixture
async def ann(product: Serving) -> AsyncIterator[Person]:
    async with registered(product, "Ann") as person:
        yield person


@pytest.fixture
async def ben(product: Serving) -> AsyncIterator[Person]:
    """Somebody else."""
    async with registered(product, "Ben") as person:
        yield person
