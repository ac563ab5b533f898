"""A deploy while everybody works: the schema of the next version under a process of this one."""

import pytest
from sqlalchemy import Connection, text

from tests.integration.one_database import ON_POSTGRESQL
from tests.product.importing import a_list, start_import, wait_for_status
from tests.product.people import database_of
from tests.product.person import Person, anonymous, registered
from tests.product.serving import Serving, working

pytestmark = [ON_POSTGRESQL, pytest.mark.timeout(120)]
IMPORTED = 3
NEXT_VERSION = (
    "ALTER TABLE tasks ADD COLUMN of_the_next_version TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE people ADD COLUMN of_the_next_version INTEGER",
    "CREATE TABLE of_the_next_version (id INTEGER PRIMARY KEY)",
    "CREATE INDEX ix_of_the_next_version ON tasks (of_the_next_version)",
    "UPDATE alembic_version SET version_num = '9999'",
)
"""What a release may do to the schema: see tests/contract/test_migrations_add.py."""


async def test_who_works_while_the_next_version_migrates_notices_nothing(ann: Person) -> None:
    with working(ann.product.deployment):
        await has_imported(ann)  # the worker is up: started after the migration, it would refuse
        async with ann.line() as opened:
            task = await ann.add("Before")
            assert (await opened.frame())["data"] == task
            await migrate_further(ann.product)
            for number in range(3):
                changed = await ann.http.put(
                    f"/api/tasks/{task['id']}", json={"title": f"After {number}"}
                )
                assert (await opened.frame())["data"] == changed.json()
            async with registered(ann.product) as ben, ben.line() as another:
                new = await ben.add("New")
                assert (await another.frame())["data"] == new
        await has_imported(ann)
        snapshot = (await ann.http.get("/api/tasks")).json()["items"]
        assert len(snapshot) == 1 + 2 * IMPORTED
        await is_still_ready(ann.product)


async def has_imported(person: Person) -> None:
    job = await start_import(person, a_list(IMPORTED))
    await wait_for_status(person, job, "done")


async def migrate_further(product: Serving) -> None:
    def work(connection: Connection) -> None:
        for statement in NEXT_VERSION:
            connection.execute(text(statement))

    async with database_of(product) as database:
        await database.write(work)


async def is_still_ready(product: Serving) -> None:
    """A proxy or an orchestrator that asks must not take all of them away at once."""
    async with anonymous(product) as http:
        answer = await http.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["schema"]) == (200, "newer")
