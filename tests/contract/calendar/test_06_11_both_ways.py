"""Scenarios 6 to 11: from here to there, from there to here, and answers that get lost."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

from taskwire.adapters.database.connection import Database
from tests.calendar_world.inline import InlineDatabase
from tests.calendar_world.weather import CrashError, OneCrash, StormyDatabase, StormyLine
from tests.calendar_world.world import World, at, open_world
from tests.contract.calendar.stories import NINE, PLAIN_TIMES_GONE, dentist, start_of
from tests.fake_google.faults import Fault
from tests.fake_google.google import Google

# --- 6 ------------------------------------------------------------------------------------------


async def test_06_a_task_with_a_day_is_one_all_day_event_with_an_exclusive_end(
    world: World,
) -> None:
    task_id = await world.add("Rent", due_on=date(2026, 12, 1))
    await world.assert_alike()
    event = world.event()
    assert event.fields["start"] == {"date": "2026-12-01"}
    assert event.fields["end"] == {"date": "2026-12-02"}
    mark = world.seen(event).mark
    assert mark is not None
    assert (mark.task_id, mark.event_id) == (task_id, event.id)
    assert len(world.writes()) == 1
    assert world.heard.states()[-1]["linked"] == 1, "open pages are told that it stands there"


async def test_06_the_id_of_an_event_is_ours_and_always_the_same(world: World) -> None:
    await world.run()
    world.google.faults.plan(Fault.DROPPED_BEFORE, method="POST")
    await world.add("Rent", due_on=date(2026, 12, 1))
    await world.run(2)
    asked = [
        one.json["id"] for one in world.google.log if one.path.endswith("/events") and one.body
    ]
    assert asked == [world.event().id] * 2


# --- 7 ------------------------------------------------------------------------------------------


async def test_07_another_spelling_of_the_same_instant_is_no_change(world: World) -> None:
    await world.add("Call", due_at=at("2026-12-01T09:00:00-05:00"))
    await world.assert_alike()
    assert start_of(world) == "2026-12-01T15:00:00+01:00"
    assert len(world.writes()) == 1


@pytest.fixture(
    params=["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC", "Asia/Kathmandu"]
)
async def elsewhere(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    database = InlineDatabase()
    async with open_world(database, Google(zone=request.param)) as opened:
        await opened.connect()
        yield opened
    await database.close()


SHIFTS = [
    "2026-10-25T00:30:00Z",  # Berlin: half past two, for the first time
    "2026-10-25T01:30:00Z",  # and for the second
    "2027-03-28T00:59:00Z",  # the minute before the hour that Berlin leaves out
    "2027-03-28T01:00:00Z",
    "2026-11-01T05:30:00Z",  # New York: half past one, twice
    "2026-11-01T06:30:00Z",
    "2027-04-03T14:45:00Z",  # Lord Howe puts its clocks back by half an hour
    "2027-04-03T15:15:00Z",
]


async def test_07_clocks_that_are_put_back_change_nothing(elsewhere: World) -> None:
    for instant in SHIFTS:
        await elsewhere.add(instant, due_at=at(instant))
    await elsewhere.assert_alike()
    assert len(elsewhere.writes()) == len(SHIFTS)
    for event in elsewhere.ours():
        assert at(event.fields["start"]["dateTime"]) == at(event.fields["summary"])


async def test_07_a_wall_time_of_another_zone_comes_in_as_its_instant(elsewhere: World) -> None:
    task_id = await dentist(elsewhere)
    zone = {"timeZone": "Australia/Lord_Howe"}
    start = {"dateTime": "2026-10-04T01:45:00", **zone}
    elsewhere.edit_there(
        elsewhere.event().id, start=start, end=start | {"dateTime": "2026-10-04T02:45:00"}
    )
    await elsewhere.assert_alike()
    assert (await elsewhere.task(task_id)).due_at == at("2026-10-03T15:15:00Z")


# --- 8 and 9 ------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [Fault.DROPPED_AFTER, Fault.CUT])
async def test_08_a_create_whose_answer_was_lost_makes_one_event(
    world: World, fault: Fault
) -> None:
    await world.run()
    world.google.faults.plan(fault, method="POST")
    await world.add("Once", due_at=at(NINE))
    await world.assert_alike()
    assert len(world.ours()) == 1


async def test_08_a_worker_that_dies_at_any_step_makes_one_event() -> None:
    """Before and after each commit and each request, one after the other, until none is left."""
    database, steps = InlineDatabase(), 0
    while await _dies_at(database, steps + 1):
        steps += 1
    await database.close()
    assert steps > 10, "a run has many steps, the create's four among them"


async def _dies_at(database: Database, step: int) -> bool:
    """Whether there was such a step."""
    weather, google = OneCrash.at(step), Google()
    async with open_world(
        database,
        google,
        person_id=step,
        transport=StormyLine(google, weather),
        engine_database=StormyDatabase(database, weather),
    ) as world:
        await world.connect()
        await world.run()
        task_id = await world.add("Once", due_at=at(NINE))
        weather.is_stormy = True
        try:
            await world.run()
        except CrashError:
            await world.change(task_id, description="Written while nobody was there")
        weather.is_stormy = False
        await world.assert_alike()
        assert len(world.ours()) == 1
    return weather.crash_count == 1


async def test_09_edits_on_both_sides_of_a_lost_create_both_survive(world: World) -> None:
    await world.run()
    world.google.faults.plan(Fault.DROPPED_AFTER, method="POST")
    task_id = await world.add("Once", due_at=at(NINE))
    await world.run()
    world.edit_there(world.event().id, summary="Renamed there")
    await world.change(task_id, description="Noted here")
    await world.assert_alike()
    task = await world.task(task_id)
    assert (task.title, task.description) == ("Renamed there", "Noted here")
    assert "conflict" not in await world.note_kinds()


# --- 10 and 11 ----------------------------------------------------------------------------------


async def test_10_a_new_title_there_is_an_ordinary_task_update_here(world: World) -> None:
    task_id = await dentist(world)
    writes = len(world.writes())
    world.edit_there(world.event().id, summary="Doctor")
    await world.run()
    assert (await world.task(task_id)).title == "Doctor"
    assert b'"type":"task_update"' in world.heard.numbered()[-1]
    assert len(world.writes()) == writes
    await world.assert_alike()


async def test_11_timed_and_all_day_change_into_each_other_on_both_sides(world: World) -> None:
    task_id = await dentist(world)
    day = {
        "start": {"date": "2026-12-05"} | PLAIN_TIMES_GONE,
        "end": {"date": "2026-12-06"} | PLAIN_TIMES_GONE,
    }
    world.edit_there(world.event().id, **day)
    await world.run()
    assert (await world.task(task_id)).due_on == date(2026, 12, 5)
    await world.change(task_id, due_at=at(NINE))
    await world.assert_alike()
    patches = [one.json for one in world.google.log if one.method == "PATCH"]
    assert patches[-1]["start"] == {"dateTime": NINE, "date": None}, "or Google refuses it"
    await world.change(task_id, due_on=date(2026, 12, 7))
    await world.assert_alike()
    assert start_of(world) == "2026-12-07"


async def test_11_a_title_that_begins_with_the_tick_is_not_done(world: World) -> None:
    task_id = await world.add("✓ Checked list", due_at=datetime(2026, 12, 1, tzinfo=UTC))
    await world.assert_alike()
    assert not (await world.task(task_id)).is_completed
    world.edit_there(world.event().id, summary="✓ Checked list")
    await world.assert_alike()
    assert (await world.task(task_id)).is_completed
