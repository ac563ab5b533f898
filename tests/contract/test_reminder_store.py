"""What is due is told once: whoever looks, however often, wherever the person is by then."""

import asyncio
import functools
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection, Update, select, text, update

from taskwire.adapters.database.change_log import DatabaseChangeLog
from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.notification_store import DatabaseNotificationStore
from taskwire.adapters.database.preference_store import DatabasePreferenceStore
from taskwire.adapters.database.reminder_store import DatabaseReminderStore
from taskwire.adapters.database.tables import tasks as task_table
from taskwire.adapters.database.task_store import DatabaseTaskStore
from taskwire.domain.notice import NoticeRules
from taskwire.domain.reminder import ReminderAt, ReminderBefore
from tests.contract.writing import (
    ANN,
    BEN,
    answered,
    change,
    create,
    events,
    frames,
    make_older,
    move_to,
    shown,
)

ANNS_NEWS = "user:1:notifications"
RULES = NoticeRules(overdue_after=timedelta(minutes=15))
LIMIT = 100


@pytest.fixture
def reminders(database: Database) -> DatabaseReminderStore:
    return DatabaseReminderStore(database, RULES)


def soon() -> datetime:
    return (datetime.now(UTC) + timedelta(minutes=10)).replace(microsecond=0)


async def add(tasks: DatabaseTaskStore, **fields: Any) -> int:  # noqa: ANN401 - any field
    task_id: int = shown(await create(tasks, **fields))["id"]
    return task_id


async def let_pass(database: Database, by: timedelta) -> None:
    """Time passes: all that tasks say of instants is earlier by so much."""
    for column in ("due_at", "look_at", "looked_until"):
        await shift(database, column, by)
    rows = await database.look(lambda c: c.execute(select(task_table)).all())
    for row in rows:
        earlier = tuple(
            ReminderAt(one.at - by) if isinstance(one, ReminderAt) else one for one in row.reminders
        )
        setting = update(task_table).where(task_table.c.id == row.id).values(reminders=earlier)
        await database.write(functools.partial(_execute, setting))


def _execute(statement: Update, connection: Connection) -> None:
    connection.execute(statement)


async def shift(database: Database, column: str, by: timedelta) -> None:
    seconds = by.total_seconds()
    earlier = (
        f"{column} - interval '{seconds} seconds'"
        if database.dialect == "postgresql"
        else f"strftime('%Y-%m-%d %H:%M:%f000', {column}, '-{seconds} seconds')"
    )
    moving = text(f"UPDATE tasks SET {column} = {earlier} WHERE {column} IS NOT NULL")  # noqa: S608 - ours
    await database.write(lambda connection: connection.execute(moving))


async def told(log: DatabaseChangeLog, channel: str = ANNS_NEWS) -> list[tuple[str, int]]:
    """The kinds and the tasks of all that was told."""
    return [(one["data"]["kind"], one["data"]["task_id"]) for one in await events(log, channel)]


async def test_a_reminder_comes_when_it_is_due_and_not_before(
    tasks: DatabaseTaskStore,
    reminders: DatabaseReminderStore,
    notifications: DatabaseNotificationStore,
    database: Database,
    log: DatabaseChangeLog,
) -> None:
    task_id = await add(tasks, title="Call Ben", reminders=(ReminderAt(soon()),))
    assert (await reminders.tell_due(LIMIT)).changes == ()
    await let_pass(database, timedelta(minutes=11))
    (said,) = (await reminders.tell_due(LIMIT)).changes
    assert [said.frame] == list(await frames(log, ANNS_NEWS))
    (item,) = (await notifications.snapshot(ANN)).items
    assert said.frame.endswith(b',"data":' + item + b"}")
    found = orjson.loads(item)
    assert (found["kind"], found["title"], found["task_id"]) == (
        "reminder_due",
        "Call Ben",
        task_id,
    )
    assert found["body"] == "You asked to be reminded of this now."
    assert (await reminders.tell_due(LIMIT)).changes == ()


async def test_each_reminder_of_a_task_comes_at_its_own_time(
    tasks: DatabaseTaskStore,
    reminders: DatabaseReminderStore,
    database: Database,
    log: DatabaseChangeLog,
) -> None:
    due_at = soon()
    both = (ReminderBefore(5), ReminderAt(due_at - timedelta(minutes=2)))
    task_id = await add(tasks, due_at=due_at, reminders=both)
    counts = []
    for minutes in (0, 6, 4, 2, 15):
        await let_pass(database, timedelta(minutes=minutes))
        await reminders.tell_due(LIMIT)
        counts.append(len(await told(log)))
    assert counts == [0, 1, 2, 2, 3]
    assert await told(log) == [("reminder_due", task_id)] * 2 + [("task_overdue", task_id)]


async def test_two_reminders_for_one_moment_are_one(
    tasks: DatabaseTaskStore,
    reminders: DatabaseReminderStore,
    database: Database,
    log: DatabaseChangeLog,
) -> None:
    due_at = soon()
    await add(tasks, due_at=due_at, reminders=(ReminderBefore(0), ReminderAt(due_at)))
    await let_pass(database, timedelta(minutes=11))
    await reminders.tell_due(LIMIT)
    assert len(await told(log)) == 1


@pytest.mark.parametrize("doing", ["completed", "deleted", "moved away", "without reminders"])
async def test_what_is_settled_in_time_is_not_told(
    tasks: DatabaseTaskStore,
    reminders: DatabaseReminderStore,
    database: Database,
    log: DatabaseChangeLog,
    doing: str,
) -> None:
    task_id = await add(tasks, due_at=soon(), reminders=(ReminderBefore(0),))
    await reminders.tell_due(LIMIT)
    match doing:
        case "completed":
            await change(tasks, task_id, is_completed=True)
        case "deleted":
            answered(await tasks.delete(ANN, task_id, None, None))
        case "moved away":
            await change(tasks, task_id, due_at=soon() + timedelta(days=30))
        case _:
            await change(tasks, task_id, reminders=None, due_at=None)
    await let_pass(database, timedelta(hours=1))
    await reminders.tell_due(LIMIT)
    assert await told(log) == []


async def test_nobody_is_told_of_what_they_set_into_the_past(
    tasks: DatabaseTaskStore,
    reminders: DatabaseReminderStore,
    log: DatabaseChangeLog,
) -> None:
    past = datetime.now(UTC) - timedelta(hours=1)
    await add(tasks, due_at=past, reminders=(ReminderBefore(5), ReminderAt(past)))
    plain = await add(tasks)
    await reminders.tell_due(LIMIT)
    await change(tasks, plain, due_on=date(2026, 1, 1), reminders=(ReminderBefore(5),))
    await reminders.tell_due(LIMIT)
    assert await told(log) == []


async def test_a_task_that_is_reopened_or_restored_goes_on_from_now(
    tasks: DatabaseTaskStore,
    reminders: DatabaseReminderStore,
    database: Database,
    log: DatabaseChangeLog,
) -> None:
    due_at = soon()
    both = (ReminderBefore(5), ReminderBefore(0))
    reopened = await add(tasks, due_at=due_at, reminders=both)
    restored = await add(tasks, due_at=due_at, reminders=both)
    await change(tasks, reopened, is_completed=True)
    answered(await tasks.delete(ANN, restored, None, None))
    await reminders.tell_due(LIMIT)
    await let_pass(database, timedelta(minutes=6))
    await change(tasks, reopened, is_completed=False)
    answered(await tasks.restore(ANN, restored, None))
    await reminders.tell_due(LIMIT)
    assert await told(log) == [], "five minutes before, nobody was to be told"
    await let_pass(database, timedelta(minutes=5))
    await reminders.tell_due(LIMIT)
    assert await told(log) == [("reminder_due", reopened), ("reminder_due", restored)]


async def test_an_edit_while_the_worker_is_away_loses_no_reminder(
    tasks: DatabaseTaskStore,
    reminders: DatabaseReminderStore,
    database: Database,
    log: DatabaseChangeLog,
) -> None:
    """It was due unseen; then the person adds another reminder. The first one still comes."""
    at = soon()
    task_id = await add(tasks, reminders=(ReminderAt(at),))
    await reminders.tell_due(LIMIT)
    await let_pass(database, timedelta(minutes=11))
    found = await tasks.find(ANN, task_id)
    assert found is not None
    later = ReminderAt(soon() + timedelta(days=1))
    await change(tasks, task_id, title="Edited", reminders=(*found.reminders, later))
    await reminders.tell_due(LIMIT)
    assert await told(log) == [("reminder_due", task_id)]


async def test_what_was_due_while_the_worker_was_away_comes_once_it_is_back(
    tasks: DatabaseTaskStore,
    reminders: DatabaseReminderStore,
    database: Database,
    log: DatabaseChangeLog,
) -> None:
    for _ in range(5):
        await add(tasks, reminders=(ReminderAt(soon()),))
    await let_pass(database, timedelta(days=3))
    assert [(await reminders.tell_due(2)).has_more for _ in range(3)] == [True, True, False]
    assert Counter(await told(log)).most_common(1)[0][1] == 1
    assert len(await told(log)) == 5


async def test_a_clock_that_is_put_back_tells_nothing_twice(
    tasks: DatabaseTaskStore,
    reminders: DatabaseReminderStore,
    database: Database,
    log: DatabaseChangeLog,
) -> None:
    task_id = await add(tasks, due_at=soon(), reminders=(ReminderBefore(0),))
    await let_pass(database, timedelta(minutes=11))
    await reminders.tell_due(LIMIT)
    # The clock goes back, and so does what the person does with the task under the old time.
    await let_pass(database, -timedelta(minutes=11))
    await change(tasks, task_id, is_completed=True)
    await change(tasks, task_id, is_completed=False)
    await let_pass(database, timedelta(minutes=11))
    await reminders.tell_due(LIMIT)
    assert await told(log) == [("reminder_due", task_id)]


async def test_workers_that_look_at_once_tell_each_reminder_once(
    tasks: DatabaseTaskStore,
    reminders: DatabaseReminderStore,
    database: Database,
    log: DatabaseChangeLog,
) -> None:
    """Of several people, whose channels are taken in one order: nobody waits in a ring."""
    for number in range(40):
        person_id = ANN if number % 2 else BEN
        await add(tasks, person_id=person_id, reminders=(ReminderAt(soon()),))
    await let_pass(database, timedelta(minutes=11))

    async def work() -> None:
        while (await reminders.tell_due(3)).has_more:
            pass

    await asyncio.gather(*(work() for _ in range(6)))
    await reminders.tell_due(LIMIT)
    anns, bens = await told(log), await told(log, "user:2:notifications")
    assert (len(anns), len(bens)) == (20, 20)
    assert len({*anns, *bens}) == 40


async def test_a_day_is_over_at_the_persons_midnight(
    tasks: DatabaseTaskStore,
    reminders: DatabaseReminderStore,
    database: Database,
    log: DatabaseChangeLog,
) -> None:
    """Kiritimati is 14 hours ahead: its today is over before ours is."""
    await move_to(database, BEN, "Pacific/Kiritimati")
    yesterday_there = (datetime.now(UTC) + timedelta(hours=14)).date() - timedelta(days=1)
    mine = await add(tasks, due_on=yesterday_there + timedelta(days=30))
    his = await add(tasks, person_id=BEN, due_on=yesterday_there)
    await make_older(database, "tasks", "looked_until", timedelta(days=2))
    await reminders.tell_due(LIMIT)
    assert await told(log) == []
    assert await told(log, "user:2:notifications") == [("task_overdue", his)]
    assert mine != his


async def test_moving_to_another_zone_moves_the_morning_and_tells_nothing_twice(
    tasks: DatabaseTaskStore,
    reminders: DatabaseReminderStore,
    database: Database,
    log: DatabaseChangeLog,
) -> None:
    await move_to(database, ANN, "Etc/GMT+12")
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    await add(tasks, due_on=tomorrow, reminders=(ReminderBefore(0),))
    await reminders.tell_due(LIMIT)
    west = await looks(database)
    await move_to(database, ANN, "Pacific/Kiritimati")
    await reminders.tell_due(LIMIT)
    (east,) = await looks(database)
    assert [east] == [one - timedelta(hours=26) for one in west]
    assert await told(log) == []


async def looks(database: Database) -> Sequence[datetime]:
    wanted = select(task_table.c.look_at)
    return await database.look(lambda c: [row.look_at for row in c.execute(wanted)])


async def test_a_zone_that_is_set_is_remembered(database: Database) -> None:
    preferences = DatabasePreferenceStore(database)
    assert (await preferences.find(ANN)).time_zone is None
    await move_to(database, ANN, "Asia/Jerusalem")
    await move_to(database, ANN, "Asia/Tokyo")
    assert (await preferences.find(ANN)).time_zone == "Asia/Tokyo"
    assert (await preferences.find(BEN)).time_zone is None


async def test_a_look_reads_an_index_and_not_the_table(database: Database) -> None:
    """What it costs must not grow with the tasks, or a look a second would stop a large server."""
    looking = "SELECT 1 FROM tasks WHERE look_at <= {now}"
    if database.dialect == "postgresql":
        planning = ["SET LOCAL enable_seqscan = off", f"EXPLAIN {looking.format(now='now()')}"]
    else:
        planning = ["EXPLAIN QUERY PLAN " + looking.format(now="'2026-11-26'")]

    def plan(connection: Connection) -> str:
        for statement in planning[:-1]:
            connection.execute(text(statement))
        return str(connection.execute(text(planning[-1])).all())

    assert "ix_tasks_look_at" in await database.write(plan)
