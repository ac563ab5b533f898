"""A reminder by way of the whole product: written over REST, told by the worker, heard on a socket."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.product.importing import a_list, start_import, wait_for_status
from tests.product.person import Person
from tests.product.serving import Deployment, working

SETTINGS = {"OVERDUE_AFTER_S": "1", "IMPORT_PAUSE_S": "0.1", "LOG_LEVEL": "INFO"}
WITHIN_S = 60.0


@pytest.fixture(scope="module", autouse=True)
def worker(deployment: Deployment) -> Iterator[None]:
    with working(deployment):
        yield


async def test_a_reminder_and_then_that_it_is_overdue(ann: Person) -> None:
    async with ann.line("/ws/notifications") as line:
        due_at = datetime.now(UTC) + timedelta(seconds=1)
        task = await ann.add("Call", due_at=due_at.isoformat(), reminders=[{"minutes_before": 0}])
        told = [await line.frame(WITHIN_S) for _ in range(2)]
    assert [frame["data"]["kind"] for frame in told] == ["reminder_due", "task_overdue"]
    assert {(frame["data"]["task_id"], frame["data"]["title"]) for frame in told} == {
        (task["id"], "Call")
    }
    assert datetime.fromisoformat(told[0]["data"]["created_at"]) >= due_at
    items = (await ann.http.get("/api/notifications")).json()["items"]
    assert [told[1]["data"], told[0]["data"]] == items


async def test_a_long_job_keeps_nobody_from_being_reminded(ann: Person) -> None:
    """The pool's one process is busy; what beat sends waits behind the job."""
    answer = await start_import(ann, a_list(400))
    async with ann.line("/ws/notifications") as line:
        while (await line.frame(WITHIN_S))["type"] != "job_update":
            pass
        at = datetime.now(UTC) + timedelta(seconds=0.5)
        await ann.add("Now", reminders=[{"at": at.isoformat()}])
        while (frame := await line.frame(WITHIN_S))["type"] != "notification_created":
            pass
    assert frame["data"]["kind"] == "reminder_due"
    assert (await wait_for_status(ann, answer, "running"))["done"] < 400
    assert (await ann.http.delete(f"/api/jobs/{answer.json()['id']}")).status_code == 200
