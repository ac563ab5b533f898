"""Scenarios 22 to 25: echoes, foreign events, calendars that change their nature, and HTML."""

import pytest

from taskwire.application.calendar.ports import AccountState, RemovalAnswer
from tests.calendar_world.world import World, at
from tests.contract.calendar.stories import NINE, dentist, many


async def test_22_a_hundred_own_writes_come_back_as_nothing(world: World) -> None:
    await many(world, 100)
    await world.run()
    heard = len(world.heard.numbered())
    await world.run()
    assert len(world.heard.numbered()) == heard
    await world.assert_alike()


# --- 23 -----------------------------------------------------------------------------------------

FOREIGN = {
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


@pytest.mark.parametrize("fields", FOREIGN.values(), ids=FOREIGN.keys())
async def test_23_foreign_events_are_never_written(world: World, fields: dict[str, object]) -> None:
    await dentist(world)
    foreign = world.add_foreign("Theirs", **fields)
    await world.assert_alike()
    world.google.events(world.calendar_id).touch_all_tokens(purges=False)
    await world.assert_alike()
    world.google.events(world.calendar_id).delete(foreign, None)
    del world.foreign[foreign]
    await world.assert_alike()
    assert len((await world.tasks.snapshot(world.person_id)).items) == 1


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
