"""What happens to one calendar, story by story; each ends with both sides alike, and silence."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from taskwire.adapters.database.connection import Database
from taskwire.adapters.security.sealing import KeySeal
from taskwire.application.calendar.ports import AccountState, LeaseLostError, RemovalAnswer
from taskwire.domain.calendar.link import LinkState
from tests.calendar_world.world import World, at, open_world
from tests.fake_google.faults import Fault

NINE = "2026-12-01T09:00:00Z"


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with open_world(database) as opened:
        await opened.connect()
        yield opened


async def dentist(world: World) -> int:
    """A task that stands in the calendar."""
    task_id = await world.add("Dentist", due_at=at(NINE))
    await world.run()
    return task_id


def start_of(world: World) -> str:
    start = world.event().fields["start"]
    return str(start.get("dateTime", start.get("date")))


async def test_01_a_refresh_token_is_sealed_for_its_person_alone() -> None:
    seal = KeySeal(("a key of at least thirty-two bytes!!",))
    sealed = seal.seal("1//0token", "calendar:1")
    assert b"1//0token" not in sealed
    assert seal.open(sealed, "calendar:1") == "1//0token"
    assert seal.open(sealed, "calendar:2") is None
    other = KeySeal(("another key of thirty-two bytes or more",))
    assert other.open(sealed, "calendar:1") is None
    both = KeySeal(
        ("another key of thirty-two bytes or more", "a key of at least thirty-two bytes!!")
    )
    assert both.open(sealed, "calendar:1") == "1//0token"
    assert not both.is_current(sealed, "calendar:1")


async def test_04_an_access_token_that_ends_is_renewed_once(world: World) -> None:
    await dentist(world)
    before = world.google.accounts.refresh_count
    world.google.accounts.expire_accesses()
    await world.run()
    assert world.google.accounts.refresh_count == before + 1
    await world.assert_alike()


async def test_05_a_revoked_grant_stops_everything_and_a_new_one_resumes(world: World) -> None:
    task_id = await dentist(world)
    world.google.accounts.end_grant()
    await world.run()
    assert (await world.account()).state is AccountState.NEEDS_CONSENT
    calls = len(world.google.log)
    await world.run()
    assert len(world.google.log) == calls, "nobody knocks at a closed door"
    await world.change(task_id, title="Dentist, later")
    await world.connect()
    await world.assert_alike()
    assert world.event().fields["summary"] == "Dentist, later"


async def test_06_a_task_with_a_day_is_one_all_day_event_with_an_exclusive_end(
    world: World,
) -> None:
    await world.add("Rent", due_on=date(2026, 12, 1))
    await world.assert_alike()
    assert world.event().fields["start"] == {"date": "2026-12-01"}
    assert world.event().fields["end"] == {"date": "2026-12-02"}
    assert len(world.writes()) == 1


async def test_07_another_spelling_of_the_same_instant_is_no_change(world: World) -> None:
    await world.add("Call", due_at=at("2026-12-01T09:00:00-05:00"))
    await world.assert_alike()
    assert start_of(world) == "2026-12-01T15:00:00+01:00"
    assert len(world.writes()) == 1


@pytest.mark.parametrize("fault", [Fault.DROPPED_AFTER, Fault.CUT])
async def test_08_a_create_whose_answer_was_lost_makes_one_event(
    world: World, fault: Fault
) -> None:
    await world.run()
    world.google.faults.plan(fault, method="POST")
    await world.add("Once", due_at=at(NINE))
    await world.assert_alike()
    assert len(world.ours()) == 1


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
    gone = {"dateTime": None, "timeZone": None}
    day = {"start": {"date": "2026-12-05"} | gone, "end": {"date": "2026-12-06"} | gone}
    world.edit_there(world.event().id, **day)
    await world.run()
    assert (await world.task(task_id)).due_on == date(2026, 12, 5)
    await world.change(task_id, due_at=at(NINE))
    await world.assert_alike()
    await world.change(task_id, due_on=date(2026, 12, 7))
    await world.assert_alike()
    assert start_of(world) == "2026-12-07"


async def test_12_deleted_there_the_task_stays_until_it_gets_a_new_date(world: World) -> None:
    task_id = await dentist(world)
    first = world.event().id
    world.delete_there(first)
    await world.assert_alike()
    assert (await world.task(task_id)).due_at == at(NINE)
    assert await world.note_kinds() == ["removed_there"]

    world.restore_there(first)
    await world.run()
    assert (await world.note_kinds())[-1] == "restored_there"
    world.delete_there(first)
    await world.run()
    await world.change(task_id, due_at=at("2026-12-09T09:00:00Z"))
    await world.assert_alike()
    assert world.event().id != first


async def test_13_an_edit_here_outlives_a_deletion_there(world: World) -> None:
    task_id = await dentist(world)
    first = world.event().id
    world.delete_there(first)
    await world.change(task_id, title="Still on")
    await world.assert_alike()
    assert world.event().id != first
    assert world.event().fields["summary"] == "Still on"


async def test_14_a_deletion_here_goes_out_and_overrules_an_edit_there(world: World) -> None:
    task_id = await dentist(world)
    world.google.drag(world.calendar_id, world.event().id, timedelta(days=1))
    world.edit_there(world.event().id, summary="Renamed there")
    await world.delete(task_id)
    await world.settle()
    assert world.ours() == []
    assert "edit_overruled" in await world.note_kinds()
    await world.restore(task_id)
    assert (await world.task(task_id)).title == "Renamed there", "the trash has the merged values"
    await world.assert_alike()


async def test_15_different_fields_merge_and_the_same_field_keeps_the_loser(
    world: World,
) -> None:
    task_id = await dentist(world)
    world.edit_there(world.event().id, description="From there")
    await world.change(task_id, title="From here")
    await world.assert_alike()
    assert "conflict" not in await world.note_kinds()

    world.edit_there(world.event().id, summary="Theirs")
    world.google.drag(world.calendar_id, world.event().id, timedelta(days=1))
    await world.change(task_id, title="Ours", due_at=at("2026-12-24T09:00:00Z"))
    await world.assert_alike()
    task = await world.task(task_id)
    assert (task.title, task.due_at) == ("Ours", at("2026-12-02T09:00:00Z"))
    lost = {note.lost for note in await world.notes() if note.kind.value == "conflict"}
    assert lost == {"Theirs", "2026-12-24T09:00:00Z"}


@pytest.mark.parametrize("purges", [False, True])
async def test_17_a_dead_token_loses_nothing(world: World, *, purges: bool) -> None:
    kept = await dentist(world)
    removed = await world.add("Removed there", due_at=at(NINE))
    edited = await world.add("Edited here", due_at=at(NINE))
    await world.run()
    by_title = {event.fields["summary"]: event.id for event in world.ours()}
    world.edit_there(by_title["Dentist"], summary="Edited there")
    world.delete_there(by_title["Removed there"])
    await world.change(edited, title="Edited here, yes")
    world.google.events(world.calendar_id).touch_all_tokens(purges=purges)
    await world.assert_alike()
    assert (await world.task(kept)).title == "Edited there"
    assert (await world.task(edited)).title == "Edited here, yes"
    assert (await world.task(removed)).title == "Removed there"
    assert len(world.ours()) == 2


async def test_19_many_pages_some_of_them_empty(world: World) -> None:
    world.google.switches.page_size, world.google.switches.has_empty_pages = 3, True
    ids = [await world.add(f"Task {number}", due_at=at(NINE)) for number in range(20)]
    await world.run()
    for event in world.ours():
        world.edit_there(event.id, description=f"note of {event.fields['summary']}")
    await world.assert_alike()
    for number, task_id in enumerate(ids):
        assert (await world.task(task_id)).description == f"note of Task {number}"


@pytest.mark.parametrize(
    "fault",
    [
        Fault.RATE_LIMIT,
        Fault.USER_RATE_LIMIT,
        Fault.QUOTA,
        Fault.TOO_MANY,
        Fault.BACKEND,
        Fault.PROXY,
    ],
)
async def test_20_what_google_cannot_do_now_is_waited_for_and_done(
    world: World, fault: Fault
) -> None:
    await world.run()
    world.google.faults.plan(fault, method="POST")
    await world.add("Patience", due_at=at(NINE))
    await world.run()
    account = await world.account()
    assert account.state is AccountState.ACTIVE
    assert account.failures == 1
    assert await world.store.due(10) == [], "not before its time"
    await world.assert_alike()
    assert len(world.ours()) == 1


async def test_22_a_hundred_own_writes_come_back_as_nothing(world: World) -> None:
    for number in range(100):
        await world.add(f"Task {number}", due_at=at(NINE))
    await world.run()
    heard = len(world.heard.numbered())
    await world.run()
    assert len(world.heard.numbered()) == heard
    await world.assert_alike()


async def test_23_foreign_events_are_never_written(world: World) -> None:
    await dentist(world)
    ours = world.event()
    world.add_foreign("Lunch")
    world.add_foreign("Standup", recurrence=["RRULE:FREQ=DAILY"])
    world.add_foreign("A copy", extendedProperties=ours.fields["extendedProperties"])
    await world.assert_alike()
    snapshot = await world.tasks.snapshot(world.person_id)
    assert len(snapshot.items) == 1


async def test_24_many_removed_at_once_are_asked_about(world: World) -> None:
    for number in range(40):
        await world.add(f"Task {number}", due_at=at(NINE))
    await world.run()
    for event in world.ours()[:30]:
        world.delete_there(event.id)
    await world.run()
    account = await world.account()
    assert (account.state, account.reason) == (AccountState.MANY_REMOVED, "30")
    await world.store.answer_removals(world.person_id, RemovalAnswer.MAKE_AGAIN)
    await world.assert_alike()
    assert len(world.ours()) == 40


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


async def test_25_html_comes_in_as_text_and_is_left_as_it_was(world: World) -> None:
    task_id = await dentist(world)
    html = "<p>Bring <b>x-rays</b> &amp; card<br>Ask &lt;when&gt;</p>"
    world.edit_there(world.event().id, description=html)
    await world.assert_alike()
    assert (await world.task(task_id)).description == "Bring x-rays & card\nAsk <when>"
    await world.change(task_id, title="Dentist, at last")
    await world.assert_alike()
    assert world.event().fields["description"] == html


async def test_28_a_worker_that_lost_its_lease_writes_nothing(world: World) -> None:
    task_id = await dentist(world)
    zombie = await world.store.claim(world.person_id)
    successor = await world.store.claim(world.person_id)
    assert zombie is not None
    assert successor is not None
    with pytest.raises(LeaseLostError):
        await world.store.decide(zombie, task_id, lambda pair: pytest.fail(str(pair)))


async def test_28_a_lease_lets_one_in(database: Database) -> None:
    async with open_world(database, lease_s=60) as world:
        await world.connect()
        assert await world.store.claim(world.person_id) is not None
        assert await world.store.claim(world.person_id) is None


async def test_30_a_long_list_goes_out_in_parts(database: Database) -> None:
    async with open_world(database) as opened:
        await opened.connect()
        small = replace(opened.sync.bounds, items_per_run_max=10)
        world = replace(opened, sync=replace(opened.sync, bounds=small))
        for number in range(25):
            await world.add(f"Task {number}", due_at=at(NINE))
        counts = []
        for _ in range(3):
            await world.run()
            counts.append(len(world.ours()))
        assert counts == [10, 20, 25]
        states = await world.store.living_events(world.person_id)
        assert set(states.values()) == {LinkState.SYNCED}
        await world.assert_alike()


async def test_a_title_that_begins_with_the_tick_is_not_done(world: World) -> None:
    task_id = await world.add("✓ Checked list", due_at=datetime(2026, 12, 1, tzinfo=UTC))
    await world.assert_alike()
    assert not (await world.task(task_id)).is_completed
    world.edit_there(world.event().id, summary="✓ Checked list")
    await world.assert_alike()
    assert (await world.task(task_id)).is_completed
