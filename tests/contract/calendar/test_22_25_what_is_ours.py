"""Scenarios 22 to 25: echoes, foreign events, calendars that change their nature, and HTML."""

from contextlib import suppress
from typing import Any

import orjson
import pytest

from taskwire.application.calendar.accounts import CalendarChoice
from taskwire.application.calendar.ports import AccountState, RemovalAnswer
from tests.calendar_world.inline import InlineDatabase
from tests.calendar_world.weather import CrashError, OneCrash, StormyDatabase, StormyLine
from tests.calendar_world.world import World, at, open_world
from tests.contract.calendar.stories import NINE, dentist, many
from tests.fake_google.google import Google


async def test_22_a_hundred_own_writes_come_back_as_nothing(world: World) -> None:
    await many(world, 100)
    await world.run()
    heard = len(world.heard.numbered())
    await world.run()
    assert len(world.heard.numbered()) == heard
    await world.assert_alike()


# --- 23 -----------------------------------------------------------------------------------------

LATER: dict[str, Any] = {
    "start": {"dateTime": "2099-12-01T12:00:00+01:00"},
    "end": {"dateTime": "2099-12-01T13:00:00+01:00"},
}
FOREIGN: dict[str, dict[str, Any]] = {
    "a plain one": {},
    "a private one": {"visibility": "private"},
    "a series": {"recurrence": ["RRULE:FREQ=DAILY"]},
    "one of a series, moved": {
        "recurringEventId": "series",
        "originalStartTime": {"dateTime": "2026-12-01T12:00:00+01:00"},
    },
    "a birthday": {"eventType": "birthday"},
    "hours of focus": {"eventType": "focusTime"},
    "with guests": {"attendees": [{"email": "bob@example.org"}]},
    "marked by somebody else": {
        "extendedProperties": {"private": {"tw_task": "1", "tw_instance": "x"}}
    },
}


async def test_23_foreign_events_are_never_written(world: World) -> None:
    await dentist(world)
    foreign = [world.add_foreign(summary, **fields) for summary, fields in FOREIGN.items()]
    await world.assert_alike()
    world.google.events(world.calendar_id).touch_all_tokens(purges=False)
    await world.assert_alike()
    for event_id in foreign:
        world.google.events(world.calendar_id).delete(event_id, None)
        del world.foreign[event_id]
    await world.assert_alike()
    assert await _titles(world) == ["Dentist"]


async def test_23_a_copy_of_our_event_is_foreign_although_it_has_our_mark(world: World) -> None:
    task_id = await dentist(world)
    ours = world.event()
    copy = world.add_foreign("A copy", extendedProperties=ours.fields["extendedProperties"])
    await world.assert_alike()
    world.edit_there(copy, summary="A copy, edited")
    world.foreign[copy] = world.etag(copy)
    await world.assert_alike()
    assert (await world.task(task_id)).title == "Dentist"


async def test_23_our_event_that_became_a_series_is_let_go(world: World) -> None:
    task_id = await dentist(world)
    event_id = world.event().id
    world.edit_there(event_id, recurrence=["RRULE:FREQ=WEEKLY"])
    world.foreign[event_id] = world.etag(event_id)
    await world.change(task_id, title="Dentist, here")
    await world.assert_alike()
    assert await world.note_kinds() == ["repeats_there"]


async def _takes_events(world: World) -> None:
    await world.run()
    await world.accounts.choose(world.person_id, CalendarChoice(takes_events=True), None)


async def _titles(world: World) -> list[str]:
    items = (await world.tasks.snapshot(world.person_id)).items
    return sorted(orjson.loads(item)["title"] for item in items)


async def test_23_whoever_wants_it_gets_one_task_of_each_event_once(world: World) -> None:
    await world.run()
    lunch = world.add_foreign("Lunch", description="<b>Bring</b> cake", **LATER)
    day = world.add_foreign("Holiday", start={"date": "2099-12-01"}, end={"date": "2099-12-03"})
    await _takes_events(world)
    await world.assert_alike()
    assert await _titles(world) == ["Holiday", "Lunch"]
    assert (await world.note_kinds()).count("taken_over") == 2
    world.google.events(world.calendar_id).touch_all_tokens(purges=True)
    await world.assert_alike()
    assert await _titles(world) == ["Holiday", "Lunch"], "and no second one from a full list"
    assert world.writes() == [], "nor was anything written there"

    later = world.add_foreign("Dinner", **LATER)
    del world.foreign[lunch], world.foreign[day], world.foreign[later]
    world.edit_there(lunch, summary="Late lunch")
    await world.run()
    assert await _titles(world) == ["Dinner", "Holiday", "Late lunch"]
    (task_id,) = [note.task_id for note in await world.notes() if note.task_title == "Dinner"]
    await world.change(task_id, title="Early dinner")
    await world.assert_alike()
    assert "Early dinner" in [event.fields["summary"] for event in world.living()]
    await world.delete(task_id)
    await world.assert_alike()
    assert len(world.living()) == 2


NEVER_TAKEN: dict[str, dict[str, Any]] = FOREIGN | {
    "one that is over": {
        "start": {"dateTime": "2020-12-01T12:00:00+01:00"},
        "end": {"dateTime": "2020-12-01T13:00:00+01:00"},
    },
    "": {},
    "✓ one that is ticked": {},
}
del NEVER_TAKEN["a plain one"], NEVER_TAKEN["a private one"]


async def test_23_what_is_no_plain_event_to_come_is_taken_by_nobody(world: World) -> None:
    await _takes_events(world)
    for summary, fields in NEVER_TAKEN.items():
        world.add_foreign(summary, **(LATER | fields))
    await world.assert_alike()
    assert await _titles(world) == []


async def test_23_a_copy_of_ours_is_taken_by_nobody(world: World) -> None:
    await dentist(world)
    await _takes_events(world)
    marked = {"extendedProperties": world.event().fields["extendedProperties"]}
    world.add_foreign("A copy", **LATER, **marked)
    await world.assert_alike()
    assert await _titles(world) == ["Dentist"]


async def test_23_no_switch_and_no_leaving_takes_away_what_they_put_there(world: World) -> None:
    await world.run()
    holiday = world.add_foreign("Holiday", start={"date": "2099-12-01"}, end={"date": "2099-12-02"})
    await _takes_events(world)
    await dentist(world)
    for choice in (CalendarChoice(with_days=False), CalendarChoice(takes_events=False)):
        await world.accounts.choose(world.person_id, choice, None)
        await world.assert_alike()
        assert holiday in [event.id for event in world.living()]
    await world.accounts.disconnect(world.person_id, deletes_events=True)
    assert [event.id for event in world.living()] == [holiday]


async def test_23_an_event_taken_by_a_worker_that_died_becomes_one_task() -> None:
    database, steps = InlineDatabase(), 0
    while await _takes_and_dies_at(database, steps + 1):
        steps += 1
    await database.close()
    assert steps > 5


async def _takes_and_dies_at(database: InlineDatabase, step: int) -> bool:
    weather, google = OneCrash.at(step), Google()
    async with open_world(
        database,
        google,
        person_id=step,
        transport=StormyLine(google, weather),
        engine_database=StormyDatabase(database, weather),
    ) as world:
        await world.connect()
        await _takes_events(world)
        world.add_foreign("Lunch", **LATER)
        weather.is_stormy = True
        with suppress(CrashError):
            await world.run()
        weather.is_stormy = False
        await world.assert_alike()
        assert await _titles(world) == ["Lunch"]
    return weather.crash_count == 1


# --- 24 -----------------------------------------------------------------------------------------


async def _thirty_of_forty_disappear(world: World) -> None:
    await many(world, 40)
    await world.run()
    for event in world.ours()[:30]:
        world.delete_there(event.id)
    await world.run()
    account = await world.account()
    assert (account.state, account.reason) == (AccountState.MANY_REMOVED, "30")
    assert world.heard.states()[-1]["state"] == "many_removed", "open pages ask"


async def test_24_many_removed_at_once_come_back_when_that_was_not_meant(world: World) -> None:
    await _thirty_of_forty_disappear(world)
    await world.store.answer_removals(world.person_id, RemovalAnswer.MAKE_AGAIN)
    await world.assert_alike()
    assert len(world.ours()) == 40


@pytest.mark.parametrize("is_purged", [False, True])
async def test_24_many_removed_at_once_are_let_go_when_that_was_meant(
    world: World, *, is_purged: bool
) -> None:
    await _thirty_of_forty_disappear(world)
    if is_purged:
        world.google.events(world.calendar_id).touch_all_tokens(purges=True)
    await world.store.answer_removals(world.person_id, RemovalAnswer.KEEP_TASKS)
    await world.assert_alike()
    assert len(world.ours()) == 10
    assert (await world.note_kinds()).count("removed_there") == 30
    assert len((await world.tasks.snapshot(world.person_id)).items) == 40, "no task is lost"
    assert (await world.account()).state is AccountState.ACTIVE


async def test_24_a_calendar_that_is_gone_leaves_the_tasks_alone(world: World) -> None:
    task_id = await dentist(world)
    del world.google.calendars[world.calendar_id]
    await world.run()
    assert (await world.account()).state is AccountState.MISSING
    assert (await world.task(task_id)).due_at == at(NINE)
    await world.connect()
    await world.assert_alike()
    assert len(world.ours()) == 1


async def test_24_a_calendar_that_may_only_be_read_says_so(world: World) -> None:
    await world.run()
    world.google.switches.role = "reader"
    await world.add("Refused", due_at=at(NINE))
    await world.run()
    assert (await world.account()).state is AccountState.READ_ONLY


# --- 25 -----------------------------------------------------------------------------------------


async def test_25_html_comes_in_as_text_and_is_left_as_it_was(world: World) -> None:
    task_id = await dentist(world)
    html = "<p>Bring <b>x-rays</b> &amp; card<br>Ask &lt;when&gt;</p>"
    world.edit_there(world.event().id, description=html)
    await world.assert_alike()
    assert (await world.task(task_id)).description == "Bring x-rays & card\nAsk <when>"
    await world.change(task_id, title="Dentist, at last")
    await world.assert_alike()
    assert world.event().fields["description"] == html


async def test_25_a_description_of_ours_that_google_made_html_of_is_no_edit(world: World) -> None:
    task_id = await dentist(world)
    await world.change(task_id, description="Bring\nx-rays & <card>")
    await world.run()
    version = (await world.task(task_id)).version
    world.edit_there(world.event().id, description="Bring<br>x-rays &amp; &lt;card&gt;")
    await world.assert_alike()
    assert (await world.task(task_id)).version == version
