from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from taskwire.adapters.database import tables
from taskwire.adapters.database.change_log import DatabaseChangeLog
from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.person_store import DatabasePersonStore
from taskwire.adapters.database.session_store import DatabaseSessionStore
from taskwire.adapters.database.task_store import DatabaseTaskStore
from taskwire.adapters.database.upkeep import STREAMS_A_TURN, Retention, Upkeep
from taskwire.realtime.ports import Extent, Range
from tests.contract.writing import ANN, ANNS_TASKS, BEN, LAPTOP, create, key, make_older, shown

DAY_S = 86400
ALL_KEPT = 10_000


def upkeep_of(
    database: Database, events_kept_min: int = ALL_KEPT, kept_max: int = ALL_KEPT
) -> Upkeep:
    return Upkeep(
        database,
        Retention(
            events_kept_s=30 * DAY_S,
            events_kept_min=events_kept_min,
            idempotency_keys_kept_s=DAY_S,
            deleted_tasks_kept_s=30 * DAY_S,
            sign_in_failures_kept_s=300,
            sessions_kept_s=900,
            deliveries_kept_s=7 * DAY_S,
            devices_known_s=365 * DAY_S,
            notifications_kept_max=kept_max,
            jobs_kept_max=kept_max,
        ),
    )


async def count(database: Database, name: str) -> int:
    counted = select(func.count()).select_from(tables.metadata.tables[name])
    return await database.look(lambda connection: connection.execute(counted).scalar_one())


async def extent(log: DatabaseChangeLog) -> Extent:
    return (await log.positions([ANNS_TASKS])).extents[ANNS_TASKS]


async def test_old_events_go_and_the_floor_says_so(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog, database: Database
) -> None:
    for _ in range(5):
        await create(tasks)
    await make_older(database, "events", "created_at", timedelta(days=31))
    await create(tasks)
    await upkeep_of(database, events_kept_min=2).prune()
    assert await extent(log) == Extent(4, 6)
    (left,) = await log.read([Range(ANNS_TASKS, 4, 100)])
    assert [frame.seq for frame in left] == [5, 6]


async def test_the_newest_events_are_kept_however_old(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog, database: Database
) -> None:
    for _ in range(5):
        await create(tasks)
    await make_older(database, "events", "created_at", timedelta(days=400))
    await upkeep_of(database).prune()
    assert await extent(log) == Extent(0, 5)


async def test_young_events_are_kept_however_many(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog, database: Database
) -> None:
    for _ in range(5):
        await create(tasks)
    await upkeep_of(database, events_kept_min=1).prune()
    assert await extent(log) == Extent(0, 5)


async def test_numbers_go_on_after_a_pruning(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog, database: Database
) -> None:
    await create(tasks)
    await create(tasks)
    await make_older(database, "events", "created_at", timedelta(days=31))
    await upkeep_of(database, events_kept_min=0).prune()
    assert (await create(tasks)).seq == 3
    assert await extent(log) == Extent(2, 3)


async def test_more_streams_than_fit_in_one_turn_are_all_pruned(
    tasks: DatabaseTaskStore, database: Database
) -> None:
    for person_id in range(1, STREAMS_A_TURN + 2):
        await create(tasks, person_id=person_id)
    await make_older(database, "events", "created_at", timedelta(days=31))
    await upkeep_of(database, events_kept_min=0).prune()
    assert await count(database, "events") == 0


@pytest.mark.parametrize(
    ("table", "column", "kept"),
    [
        ("idempotency_keys", "created_at", timedelta(days=1)),
        ("tasks", "deleted_at", timedelta(days=30)),
        ("sign_in_failures", "failed_at", timedelta(seconds=300)),
        ("sessions", "closed_at", timedelta(seconds=900)),
        ("sessions", "expires_at", timedelta(seconds=900)),
        ("spent_tickets", "expires_at", timedelta(0)),
    ],
)
async def test_what_is_past_its_time_is_forgotten_and_not_before(
    database: Database, table: str, column: str, kept: timedelta
) -> None:
    await fill(database)
    margin = timedelta(minutes=1)
    await make_older(database, table, column, kept - margin)
    await upkeep_of(database).prune()
    assert await count(database, table) == 1
    await make_older(database, table, column, kept + margin)
    await upkeep_of(database).prune()
    assert await count(database, table) == 0


async def fill(database: Database) -> None:
    """One row of each thing that ages."""
    tasks = DatabaseTaskStore(database, 10, 30 * DAY_S)
    task_id = shown(await create(tasks, write=key("k")))["id"]
    await tasks.delete(ANN, task_id, None, None)
    people = DatabasePersonStore(database, 300)
    await people.add_failure(["account:a"])
    sessions = DatabaseSessionStore(database, lifetime_s=3600, grace_s=10, token_lifetime_s=900)
    await sessions.open(ANN, "t0", LAPTOP)
    await sessions.close_all(ANN)
    await sessions.spend_tickets({"x": datetime.now(UTC) + timedelta(seconds=30)})


async def test_a_living_task_is_never_forgotten(
    tasks: DatabaseTaskStore, database: Database
) -> None:
    await create(tasks)
    await make_older(database, "tasks", "updated_at", timedelta(days=400))
    await upkeep_of(database).prune()
    assert await count(database, "tasks") == 1


async def test_a_pulse_is_as_old_as_its_last_beat(database: Database) -> None:
    upkeep = upkeep_of(database)
    await upkeep.beat("worker")
    await make_older(database, "pulses", "at", timedelta(seconds=60))
    assert (await upkeep.pulses())["worker"] >= 60
    await upkeep.beat("worker")
    assert (await upkeep.pulses())["worker"] < 60


async def test_a_deleted_person_leaves_nothing_but_the_word_that_they_are_signed_out(
    database: Database,
    people: DatabasePersonStore,
    sessions: DatabaseSessionStore,
    tasks: DatabaseTaskStore,
) -> None:
    person = await people.add("ann@example.org", "Ann", "hash")
    assert person is not None
    session = (await sessions.open(person.id, "t0", LAPTOP)).id
    await create(tasks, person_id=person.id, write=key("k"))
    await create(tasks, person_id=person.id + BEN)
    mark, _ = await sessions.closed_since(None)
    assert await upkeep_of(database).delete_person(person.id)
    assert await people.find(person.id) is None
    assert (await sessions.closed_since(mark))[1] == {session}
    left = {name: await count(database, name) for name in ("tasks", "events", "idempotency_keys")}
    assert left == {"tasks": 1, "events": 1, "idempotency_keys": 0}
    assert not await upkeep_of(database).delete_person(person.id)


async def test_an_id_is_never_given_to_a_second_person(
    database: Database, people: DatabasePersonStore
) -> None:
    first = await people.add("ann@example.org", "Ann", "hash")
    assert first is not None
    await upkeep_of(database).delete_person(first.id)
    second = await people.add("ben@example.org", "Ben", "hash")
    assert second is not None
    assert second.id > first.id
