import asyncio

import pytest

from taskwire.adapters.database.change_log import DatabaseChangeLog
from taskwire.adapters.database.task_store import DatabaseTaskStore
from taskwire.application.ports import Answer, KeyTaken, Missing, VersionStale, WriteResult
from taskwire.domain.task import check_changes
from tests.contract.writing import ANN, BEN, answered, change, create, events, key, shown

AT_ONCE = 50


def sayings(results: list[WriteResult]) -> set[tuple[int, bytes, int]]:
    answers = [answered(result) for result in results]
    return {(answer.status, answer.body, answer.seq) for answer in answers}


async def test_the_same_request_twice_is_one_task_and_one_answer(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    first = await create(tasks, write=key("k"))
    again = await create(tasks, write=key("k"))
    assert (again.status, again.body, again.seq) == (first.status, first.body, first.seq)
    assert again.changes == (), "nothing is announced twice"
    assert len(await events(log)) == 1


async def test_the_key_of_a_write_is_the_op_of_its_frame(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    await create(tasks, write=key('"quoted"'))
    await create(tasks)
    assert [event.get("op") for event in await events(log)] == ['"quoted"', None]


async def test_fifty_creations_at_once_under_one_key_are_one_task(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    fields = check_changes({"title": "only one"}).as_new_task()
    tries = [tasks.create(ANN, fields, key("k")) for _ in range(AT_ONCE)]
    results = await asyncio.gather(*tries)
    assert len(sayings(results)) == 1
    assert sum(isinstance(r, Answer) and len(r.changes) for r in results) == 1
    assert len(await events(log)) == len((await tasks.snapshot(ANN)).items) == 1


async def test_fifty_changes_at_once_under_one_key_are_one_change(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    task_id = shown(await create(tasks))["id"]
    changes = check_changes({"priority": 3})
    tries = [tasks.change(ANN, task_id, changes, None, key("k")) for _ in range(AT_ONCE)]
    assert len(sayings(await asyncio.gather(*tries))) == 1
    assert len(await events(log)) == 2


async def test_fifty_deletes_at_once_under_one_key_all_succeed(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    task_id = shown(await create(tasks))["id"]
    tries = [tasks.delete(ANN, task_id, None, key("k")) for _ in range(AT_ONCE)]
    assert sayings(await asyncio.gather(*tries)) == {(204, b"", 2)}
    assert len(await events(log)) == 2


async def test_fifty_changes_at_once_under_one_version_win_once(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    task_id = shown(await create(tasks))["id"]
    changes = [check_changes({"title": f"try {number}"}) for number in range(AT_ONCE)]
    tries = [tasks.change(ANN, task_id, one, 1, None) for one in changes]
    results = await asyncio.gather(*tries)
    assert sum(isinstance(result, Answer) for result in results) == 1
    assert sum(isinstance(result, VersionStale) for result in results) == AT_ONCE - 1
    assert len(await events(log)) == 2


@pytest.mark.parametrize("road", ["create", "change", "delete", "restore"])
async def test_a_key_that_was_used_for_something_else_is_refused(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog, road: str
) -> None:
    task_id = shown(await create(tasks, write=key("k", "one body")))["id"]
    other, changes = key("k", "another body"), check_changes({"title": "x"})
    attempts = {
        "create": lambda: tasks.create(ANN, changes.as_new_task(), other),
        "change": lambda: tasks.change(ANN, task_id, changes, None, other),
        "delete": lambda: tasks.delete(ANN, task_id, None, other),
        "restore": lambda: tasks.restore(ANN, task_id, other),
    }
    assert await attempts[road]() == KeyTaken()
    assert len(await events(log)) == 1


async def test_an_answer_is_repeated_as_it_was_whatever_happened_since(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    task_id = shown(await create(tasks))["id"]
    first = await change(tasks, task_id, title="mine", write=key("k"))
    await change(tasks, task_id, title="theirs")
    again = await change(tasks, task_id, title="mine", write=key("k"))
    assert (again.body, again.seq) == (first.body, first.seq)
    found = await tasks.find(ANN, task_id)
    assert found is not None
    assert found.title == "theirs", "a late repetition must not undo another's edit"
    assert len(await events(log)) == 3


async def test_an_answer_is_repeated_after_its_task_is_gone(tasks: DatabaseTaskStore) -> None:
    task_id = shown(await create(tasks))["id"]
    first = await change(tasks, task_id, title="mine", write=key("k"))
    await tasks.delete(ANN, task_id, None, None)
    assert (await change(tasks, task_id, title="mine", write=key("k"))).body == first.body


async def test_a_conditional_change_repeated_is_its_answer_and_not_stale(
    tasks: DatabaseTaskStore,
) -> None:
    task_id = shown(await create(tasks))["id"]
    first = await change(tasks, task_id, title="mine", if_version=1, write=key("k"))
    again = await change(tasks, task_id, title="mine", if_version=1, write=key("k"))
    assert again.body == first.body


async def test_an_answer_without_a_change_is_remembered_too(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    task_id = shown(await create(tasks, "same"))["id"]
    first = await change(tasks, task_id, title="same", write=key("k"))
    await change(tasks, task_id, title="theirs")
    again = await change(tasks, task_id, title="same", write=key("k"))
    assert (again.body, again.seq) == (first.body, first.seq)
    assert len(await events(log)) == 2, "the repetition must not write"


async def test_a_restore_repeated_is_its_answer(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    task_id = shown(await create(tasks))["id"]
    await tasks.delete(ANN, task_id, None, None)
    first = answered(await tasks.restore(ANN, task_id, key("k")))
    again = answered(await tasks.restore(ANN, task_id, key("k")))
    assert (again.body, again.seq) == (first.body, first.seq)
    assert len(await events(log)) == 3


async def test_a_refusal_is_not_remembered(tasks: DatabaseTaskStore) -> None:
    changes = check_changes({"title": "x"})
    assert await tasks.change(ANN, 1, changes, None, key("k")) == Missing()
    task_id = shown(await create(tasks))["id"]
    assert answered(await tasks.change(ANN, task_id, changes, None, key("k"))).status == 200


async def test_keys_belong_to_one_person(tasks: DatabaseTaskStore) -> None:
    anns = await create(tasks, "Ann's", write=key("k", "Ann's"))
    bens = await create(tasks, "Ben's", person_id=BEN, write=key("k", "Ben's"))
    assert shown(anns)["id"] != shown(bens)["id"]
