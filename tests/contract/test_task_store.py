from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from taskwire.adapters.database.change_log import DatabaseChangeLog
from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.task_store import DatabaseTaskStore
from taskwire.application.ports import Missing, StoreFull, VersionStale
from taskwire.application.representation import task_json
from taskwire.domain.task import FieldValue, check_changes
from tests.contract.conftest import DELETED_KEPT_S
from tests.contract.writing import (
    ANN,
    ANNS_TASKS,
    BEN,
    answered,
    change,
    create,
    events,
    make_older,
    shown,
)

INSTANT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 24)
A_FULL_TASK: dict[str, Any] = {
    "description": "The fern as well",
    "is_completed": True,
    "due_at": INSTANT,
    "priority": 2,
}


async def test_a_new_task_has_its_defaults_and_the_first_number(tasks: DatabaseTaskStore) -> None:
    answer = await create(tasks)
    task = shown(answer)
    assert (answer.status, answer.seq) == (201, 1)
    assert {name: task[name] for name in ("description", "is_completed", "priority")} == {
        "description": "",
        "is_completed": False,
        "priority": 0,
    }
    assert (task["due_at"], task["due_on"], task["version"]) == (None, None, 1)
    assert task["created_at"] == task["updated_at"]


async def test_a_field_that_is_not_given_stays(tasks: DatabaseTaskStore) -> None:
    task = shown(await create(tasks, **A_FULL_TASK))
    changed = shown(await change(tasks, task["id"], priority=3))
    stays = {name: changed[name] for name in task if name not in ("priority", "version")}
    assert stays | {"updated_at": ""} == {
        name: task[name] for name in task if name not in ("priority", "version")
    } | {"updated_at": ""}
    assert (changed["priority"], changed["version"]) == (3, 2)


@pytest.mark.parametrize(
    ("name", "cleared"),
    [("description", ""), ("is_completed", False), ("due_at", None), ("priority", 0)],
)
async def test_null_clears_a_field(
    tasks: DatabaseTaskStore, name: str, cleared: FieldValue
) -> None:
    task = shown(await create(tasks, **A_FULL_TASK))
    assert shown(await change(tasks, task["id"], **no_value(name)))[name] == cleared


def no_value(name: str) -> dict[str, Any]:
    return {name: None}


async def test_a_day_takes_the_place_of_an_instant(tasks: DatabaseTaskStore) -> None:
    task = shown(await create(tasks, due_at=INSTANT))
    changed = shown(await change(tasks, task["id"], due_on=DAY))
    assert (changed["due_at"], changed["due_on"]) == (None, "2026-11-24")


async def test_an_instant_takes_the_place_of_a_day(tasks: DatabaseTaskStore) -> None:
    task = shown(await create(tasks, due_on=DAY))
    changed = shown(await change(tasks, task["id"], due_at=INSTANT))
    assert (changed["due_at"], changed["due_on"]) == ("2026-11-24T09:00:00Z", None)


async def test_what_changes_nothing_is_answered_without_an_event(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    created = await create(tasks, **A_FULL_TASK)
    answer = await change(tasks, shown(created)["id"], **A_FULL_TASK)
    assert (answer.status, answer.changes, answer.seq) == (200, (), 1)
    assert answer.body == created.body
    assert len(await events(log)) == 1


async def test_a_change_of_nothing_at_all_is_answered(tasks: DatabaseTaskStore) -> None:
    created = await create(tasks)
    assert (await change(tasks, shown(created)["id"])).body == created.body


async def test_a_change_under_the_version_it_saw_goes_through(tasks: DatabaseTaskStore) -> None:
    task = shown(await create(tasks))
    assert shown(await change(tasks, task["id"], if_version=1, priority=1))["version"] == 2


async def test_a_change_under_a_stale_version_shows_the_task_as_it_is(
    tasks: DatabaseTaskStore,
) -> None:
    task = shown(await create(tasks))
    await change(tasks, task["id"], priority=1)
    stale = await tasks.change(ANN, task["id"], check_changes({"priority": 2}), 1, None)
    assert isinstance(stale, VersionStale)
    assert (stale.current.priority, stale.current.version) == (1, 2)


async def test_a_delete_under_a_stale_version_deletes_nothing(tasks: DatabaseTaskStore) -> None:
    task_id = shown(await create(tasks))["id"]
    assert isinstance(await tasks.delete(ANN, task_id, 7, None), VersionStale)
    assert await tasks.find(ANN, task_id) is not None


async def test_a_deleted_task_is_gone_and_its_event_names_it(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    task_id = shown(await create(tasks))["id"]
    answer = answered(await tasks.delete(ANN, task_id, None, None))
    assert (answer.status, answer.body, answer.seq) == (204, b"", 2)
    assert await tasks.find(ANN, task_id) is None
    assert (await tasks.snapshot(ANN)).items == []
    assert (await events(log))[-1] == {
        "type": "task_deleted",
        "seq": 2,
        "data": {"task_id": task_id},
    }


async def test_a_deleted_task_cannot_be_changed_or_deleted_again(tasks: DatabaseTaskStore) -> None:
    task_id = shown(await create(tasks))["id"]
    await tasks.delete(ANN, task_id, None, None)
    changes = check_changes({"priority": 1})
    assert await tasks.change(ANN, task_id, changes, None, None) == Missing()
    assert await tasks.delete(ANN, task_id, None, None) == Missing()


async def test_a_restored_task_comes_back_as_created_with_its_old_id(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    task = shown(await create(tasks, **A_FULL_TASK))
    await tasks.delete(ANN, task["id"], None, None)
    answer = answered(await tasks.restore(ANN, task["id"], None))
    restored = shown(answer)
    own = ("version", "updated_at")
    assert {k: v for k, v in restored.items() if k not in own} == {
        k: v for k, v in task.items() if k not in own
    }
    assert restored["version"] == 3
    last = (await events(log))[-1]
    assert (last["type"], last["seq"], last["data"]) == ("task_created", 3, restored)


async def test_a_delete_can_be_undone_for_thirty_days_and_no_longer(
    tasks: DatabaseTaskStore, database: Database
) -> None:
    nearly, over = shown(await create(tasks))["id"], shown(await create(tasks))["id"]
    await tasks.delete(ANN, nearly, None, None)
    await make_older(database, "tasks", "deleted_at", timedelta(seconds=DELETED_KEPT_S - 60))
    answered(await tasks.restore(ANN, nearly, None))
    await tasks.delete(ANN, over, None, None)
    await make_older(database, "tasks", "deleted_at", timedelta(seconds=DELETED_KEPT_S + 60))
    assert await tasks.restore(ANN, over, None) == Missing()


async def test_restoring_what_lives_changes_nothing(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    created = await create(tasks)
    assert answered(await tasks.restore(ANN, shown(created)["id"], None)).body == created.body
    assert len(await events(log)) == 1


async def test_a_foreign_task_is_missing_on_every_road(tasks: DatabaseTaskStore) -> None:
    task_id = shown(await create(tasks))["id"]
    assert await tasks.find(BEN, task_id) is None
    changes = check_changes({"priority": 1})
    assert await tasks.change(BEN, task_id, changes, None, None) == Missing()
    assert await tasks.change(BEN, task_id, changes, 1, None) == Missing()
    assert await tasks.delete(BEN, task_id, None, None) == Missing()
    await tasks.delete(ANN, task_id, None, None)
    assert await tasks.restore(BEN, task_id, None) == Missing()


async def test_nobody_holds_more_tasks_than_allowed(database: Database) -> None:
    small = DatabaseTaskStore(database, tasks_max=2, deleted_kept_s=DELETED_KEPT_S)
    first = shown(await create(small))["id"]
    await create(small)
    fields = check_changes({"title": "one more"}).as_new_task()
    assert await small.create(ANN, fields, None) == StoreFull()
    assert shown(await create(small, person_id=BEN))["id"]
    await small.delete(ANN, first, None, None)
    await create(small)
    assert await small.restore(ANN, first, None) == StoreFull()


async def test_a_snapshot_is_all_tasks_and_their_place_in_the_stream(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    bodies = [(await create(tasks, f"task {number}")).body for number in range(3)]
    await create(tasks, person_id=BEN)
    snapshot = await tasks.snapshot(ANN)
    assert (snapshot.items, snapshot.seq) == (bodies, 3)
    assert snapshot.epoch == (await log.positions([ANNS_TASKS])).epoch


async def test_the_snapshot_of_nobody_is_empty_at_zero(tasks: DatabaseTaskStore) -> None:
    snapshot = await tasks.snapshot(ANN)
    assert (snapshot.items, snapshot.seq) == ([], 0)


async def test_a_change_is_the_same_in_answer_frame_log_and_get(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    task_id = shown(await create(tasks))["id"]
    answer = await change(tasks, task_id, title="Feed the cat", due_at=INSTANT)
    found = await tasks.find(ANN, task_id)
    assert found is not None
    assert answer.body == task_json(found)
    (told,) = answer.changes
    assert told.frame == b'{"type":"task_update","seq":2,"data":%b}' % answer.body
    assert (await events(log))[-1]["data"] == shown(answer)
