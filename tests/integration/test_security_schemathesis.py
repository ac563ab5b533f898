"""The whole API by its own paper: nothing is our mistake, nothing comes back that it does not name."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.product.person import Person, registered
from tests.product.schemathesis import SETTINGS, SHORT, ask
from tests.product.serving import Deployment, Serving, serving
from tests.services.databases import SqliteDatabases
from tests.services.redis import redis_server


@pytest.fixture(scope="module")
def product(
    sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serving]:
    """One database is enough: what is asked here is the edge."""
    folder = tmp_path_factory.mktemp("deployment")
    url = sqlite_databases.fresh(folder)
    with redis_server() as redis, serving(Deployment(folder, url, redis, SETTINGS)) as running:
        yield running


async def test_every_operation_answers_as_its_paper_says(ann: Person) -> None:
    async with registered(ann.product, "Ben") as ben:
        await ben.add("only-for-ben")
        said = await asyncio.to_thread(ask, ann.product, ann.token, *SHORT)
        assert said.returncode == 0, said.stdout + said.stderr
        assert "only-for-ben" not in said.stdout
        assert [task["title"] for task in (await ben.http.get("/api/tasks")).json()["items"]] == [
            "only-for-ben"
        ]
    assert "request_failed" not in ann.product.logged
