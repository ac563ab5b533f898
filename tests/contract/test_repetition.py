import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
import pytest

from taskwire.adapters.database.change_log import DatabaseChangeLog
from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.task_store import DatabaseTaskStore
from taskwire.application.ports import KeyTaken, StoreFull, VersionStale
from taskwire.domain.reminder import ReminderAt, ReminderBefore
from taskwire.domain.task import check_changes
from tests.contract.writing import (
    ANN,
    answered,
    change,
    create,
    events,
    frames,
    key,
    move_to,
    shown,
)

DAILY = {"due_on": date(2026, 3, 1), "recurrence": "FREQ=DAILY"}


async def add(tasks: DatabaseTaskStore, **fields: Any) -> int:  # noqa: ANN401 - any field
    task_id: int = shown(await create(tasks, **{**DAILY, **fields}))["id"]
    return task_id


async def listed(tasks: DatabaseTaskStore) -> list[dict[str, Any]]:
    return [orjson.loads(item) for item in (await tasks.snapshot(ANN)).items]


async def test_completing_makes_the_next_one_in_the_same_transaction(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    task_id = await add(tasks, title="Water the plants", priority=2)
    answer = await change(tasks, task_id, is_completed=True, write=key("k"))
    _, completed, successor = await events(log)
    assert (completed["type"], completed["seq"], completed["op"]) == ("task_update", 2, "k")
    assert (successor["type"], successor["seq"], successor["op"]) == ("task_created", 3, "k")
    assert completed["data"] == shown(answer)
    assert completed["data"]["is_completed"]
    assert await listed(tasks) == [completed["data"], successor["data"]]
    kept = {name: completed["data"][name] for name in ("title", "priority", "recurrence")}
    assert {name: successor["data"][name] for name in kept} == kept
    assert (successor["data"]["due_on"], successor["data"]["is_completed"]) == ("2026-03-02", False)


async def test_both_are_announced_as_the_log_has_them(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    answer = await change(tasks, await add(tasks), is_completed=True)
    assert tuple(one.frame for one in answer.changes) == tuple(await frames(log))[1:]
    assert answer.seq == 3, "the answer's place is behind all that it wrote"


async def test_a_request_that_is_repeated_makes_one_successor(tasks: DatabaseTaskStore) -> None:
    task_id = await add(tasks)
    first = await change(tasks, task_id, is_completed=True, write=key("k"))
    again = await change(tasks, task_id, is_completed=True, write=key("k"))
    assert (again.body, again.seq, again.changes) == (first.body, first.seq, ())
    assert len(await listed(tasks)) == 2
    other = check_changes({"is_completed": True, "priority": 1})
    assert await tasks.change(ANN, task_id, other, None, key("k", "other")) == KeyTaken()


async def test_of_ten_that_complete_at_once_one_makes_the_successor(
    tasks: DatabaseTaskStore,
) -> None:
    task_id = await add(tasks)
    await asyncio.gather(*(change(tasks, task_id, is_completed=True) for _ in range(10)))
    assert len(await listed(tasks)) == 2


async def test_reopened_and_completed_again_makes_no_second_one(tasks: DatabaseTaskStore) -> None:
    task_id = await add(tasks)
    for is_completed in (True, False, True, False, True):
        await change(tasks, task_id, is_completed=is_completed)
    assert [task["id"] for task in await listed(tasks)] == [task_id, task_id + 1]


async def test_a_rule_that_comes_with_the_completion_counts(tasks: DatabaseTaskStore) -> None:
    task_id = shown(await create(tasks, due_on=date(2026, 3, 1)))["id"]
    await change(tasks, task_id, is_completed=True, recurrence="FREQ=WEEKLY")
    assert (await listed(tasks))[1]["due_on"] == "2026-03-08"


async def test_a_rule_that_goes_with_the_completion_makes_nothing(
    tasks: DatabaseTaskStore,
) -> None:
    await change(tasks, await add(tasks), is_completed=True, recurrence=None)
    assert len(await listed(tasks)) == 1


async def test_a_rule_that_is_over_lets_its_last_task_be_completed(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    task_id = await add(tasks, recurrence="FREQ=DAILY;COUNT=2")
    await change(tasks, task_id, is_completed=True)
    await change(tasks, task_id + 1, is_completed=True)
    assert [task["recurrence"] for task in await listed(tasks)] == [
        "FREQ=DAILY;COUNT=2",
        "FREQ=DAILY;COUNT=1",
    ]
    assert [event["type"] for event in await events(log)][3:] == ["task_update"]


async def test_a_stale_version_completes_nothing(tasks: DatabaseTaskStore) -> None:
    task_id = await add(tasks)
    changes = check_changes({"is_completed": True})
    assert isinstance(await tasks.change(ANN, task_id, changes, 7, None), VersionStale)
    assert len(await listed(tasks)) == 1


async def test_where_no_task_fits_nothing_is_completed(database: Database) -> None:
    small = DatabaseTaskStore(database, tasks_max=1, deleted_kept_s=60)
    task_id = await add(small)
    changes = check_changes({"is_completed": True})
    assert await small.change(ANN, task_id, changes, None, None) == StoreFull()
    assert [task["is_completed"] for task in await listed(small)] == [False]


async def test_the_next_one_keeps_the_reminders_that_count_from_its_due_date(
    tasks: DatabaseTaskStore,
) -> None:
    reminders = (ReminderAt(datetime(2026, 2, 28, tzinfo=UTC)), ReminderBefore(30))
    await change(tasks, await add(tasks, reminders=reminders), is_completed=True)
    first, second = await listed(tasks)
    assert first["reminders"] == [{"at": "2026-02-28T00:00:00Z"}, {"minutes_before": 30}]
    assert second["reminders"] == [{"minutes_before": 30}]


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        (None, ["2026-03-28T01:30", "2026-03-29T01:30", "2026-03-30T01:30"]),
        # In Berlin 02:30 does not exist on 29 March 2026; the day after it is 02:30 again.
        ("Europe/Berlin", ["2026-03-28T01:30", "2026-03-29T01:30", "2026-03-30T00:30"]),
    ],
)
async def test_the_wall_clock_of_the_persons_zone_is_kept(
    tasks: DatabaseTaskStore, database: Database, zone: str | None, due: list[str]
) -> None:
    if zone is not None:
        await move_to(database, ANN, zone)
    due_at = datetime.fromisoformat(due[0] + "Z")
    task_id = shown(await create(tasks, due_at=due_at, recurrence="FREQ=DAILY"))["id"]
    for step in range(2):
        await change(tasks, task_id + step, is_completed=True)
    assert [task["due_at"] for task in await listed(tasks)] == [f"{at}:00Z" for at in due]


async def test_from_completion_counts_from_today(tasks: DatabaseTaskStore) -> None:
    rule = {"recurrence": "FREQ=DAILY;INTERVAL=3", "recurrence_from": "completion"}
    before = datetime.now(UTC).date()
    await change(tasks, await add(tasks, **rule), is_completed=True)
    after = datetime.now(UTC).date()
    due_on = date.fromisoformat((await listed(tasks))[1]["due_on"])
    assert before + timedelta(days=3) <= due_on <= after + timedelta(days=3)


async def test_a_deleted_task_completes_nothing_and_a_restored_one_does(
    tasks: DatabaseTaskStore,
) -> None:
    task_id = await add(tasks)
    answered(await tasks.delete(ANN, task_id, None, None))
    answered(await tasks.restore(ANN, task_id, None))
    await change(tasks, task_id, is_completed=True)
    assert len(await listed(tasks)) == 2
