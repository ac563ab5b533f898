"""A worker that is killed in the middle of an import loses nothing and doubles nothing."""

import os
import signal

import pytest

from tests.product.importing import a_list, all_created, start_import, titles, wait_for_status
from tests.product.person import Person
from tests.product.serving import Deployment, working

TASKS = 500
SETTINGS = {"JOB_LEASE_S": "3", "JOB_RESCAN_INTERVAL_S": "1", "IMPORT_PAUSE_S": "0.02"}

pytestmark = pytest.mark.timeout(120)


async def test_an_import_outlives_its_worker(deployment: Deployment, ann: Person) -> None:
    async with ann.line() as line:
        with working(deployment, "killed") as worker:
            answer = await start_import(ann, a_list(TASKS))
            begun = await all_created(line, 20)
            os.killpg(worker.pid, signal.SIGKILL)
        assert len(await titles(ann)) < TASKS, "it was in the middle"
        with working(deployment, "heir"):
            job = await wait_for_status(ann, answer, "done")
        heard = begun + await line.frames(TASKS - len(begun))
    assert [frame["seq"] for frame in heard] == list(range(1, TASKS + 1))
    assert (job["done"], job["total"]) == (TASKS, TASKS)
    assert await titles(ann) == [f"task {number}" for number in range(TASKS)]
