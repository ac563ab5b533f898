"""The truth's one promise: each channel counts 1, 2, 3 …, whoever writes and whatever fails."""

import asyncio
import random

import pytest
from sqlalchemy import Connection, text

from taskwire.adapters.database.change_log import DatabaseChangeLog
from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.row_and_event import Origin, append_events
from taskwire.adapters.database.task_store import DatabaseTaskStore
from taskwire.application.channels import tasks_channel
from taskwire.application.ports import Answer
from taskwire.domain.task import check_changes
from tests.contract.writing import create, events, key, shown

PEOPLE = (1, 2, 3)
WRITES_EACH = 30


class ItFailed(Exception):  # noqa: N818 - it is what happened
    """The transaction breaks after its events were appended."""


async def test_many_writers_some_of_whom_fail_leave_no_gap_on_any_channel(
    tasks: DatabaseTaskStore, database: Database, log: DatabaseChangeLog
) -> None:
    work = [write(tasks, database, person, n) for person in PEOPLE for n in range(WRITES_EACH)]
    random.Random(1).shuffle(work)
    committed = [answer for answer in await asyncio.gather(*work) if answer is not None]
    for person in PEOPLE:
        channel = tasks_channel(person)
        numbers = [event["seq"] for event in await events(log, channel)]
        assert numbers == list(range(1, len(numbers) + 1))
        told = [change.seq for a in committed for change in a.changes if change.channel == channel]
        assert sorted(told) == numbers
        extent = (await log.positions([channel])).extents[channel]
        assert (extent.floor, extent.head) == (0, len(numbers))


async def write(
    tasks: DatabaseTaskStore, database: Database, person: int, number: int
) -> Answer | None:
    """Every third write fails at the last moment, every fourth is a repetition of another."""
    if number % 3 == 2:
        with pytest.raises(ItFailed):
            await database.write(lambda connection: append_and_fail(connection, person))
        return None
    repeated = number % 4 == 0
    name = f"key {number - number % 8}" if repeated else f"own {number}"
    return await create(tasks, name, person_id=person, write=key(name))


def append_and_fail(connection: Connection, person: int) -> None:
    origin = Origin(person, tasks_channel(person), None)
    append_events(connection, origin, "task_deleted", [b'{"task_id":1}', b'{"task_id":2}'])
    raise ItFailed


async def test_a_row_and_its_event_are_undone_together(
    tasks: DatabaseTaskStore, database: Database, log: DatabaseChangeLog
) -> None:
    """An event that cannot be appended takes the row with it."""
    await create(tasks)
    await make_number_taken(database, 2)
    fields = check_changes({"title": "never"}).as_new_task()
    with pytest.raises(Exception, match=r"(?i)unique"):
        await tasks.create(1, fields, None)
    assert len((await tasks.snapshot(1)).items) == 1
    assert (await log.positions(["user:1:tasks"])).extents["user:1:tasks"].head == 1


async def make_number_taken(database: Database, seq: int) -> None:
    statement = text(
        "INSERT INTO events (channel, seq, type, op, payload, created_at) "
        "SELECT channel, :seq, type, op, payload, created_at FROM events"
    )
    await database.write(lambda connection: connection.execute(statement, {"seq": seq}))


async def test_events_of_different_writes_never_share_a_number(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    task_id = shown(await create(tasks))["id"]
    changes = [check_changes({"title": f"title {number}"}) for number in range(40)]
    answers = await asyncio.gather(*(tasks.change(1, task_id, c, None, None) for c in changes))
    numbers = sorted(answer.seq for answer in answers if isinstance(answer, Answer))
    assert numbers == list(range(2, 42))
    found = await tasks.find(1, task_id)
    assert found is not None
    last = (await events(log))[-1]["data"]
    assert (last["title"], last["version"]) == (found.title, found.version)
    versions = [event["data"]["version"] for event in await events(log)]
    assert versions == sorted(versions), "the log tells changes in the order they happened"
