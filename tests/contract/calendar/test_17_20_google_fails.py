"""Scenarios 17 to 20: dead sync tokens, long lists, and a Google that cannot or will not."""

import pytest

from taskwire.adapters.database.connection import Database
from taskwire.application.calendar.ports import AccountState
from tests.calendar_world.line import time_out
from tests.calendar_world.weather import CrashError
from tests.calendar_world.world import World, at, open_world
from tests.contract.calendar.stories import NINE, dentist, many
from tests.fake_google.faults import RETRY_AFTER_S, Fault


def _looks(world: World) -> list[str]:
    """Single events that were asked for."""
    return [
        one.path.rpartition("/")[2]
        for one in world.google.log
        if one.method == "GET" and "/events/" in one.path
    ]


def _lists(world: World) -> list[dict[str, str]]:
    return [
        dict(one.query)
        for one in world.google.log
        if one.method == "GET" and one.path.endswith("/events")
    ]


def _expire(world: World, *, purges: bool) -> None:
    world.google.events(world.calendar_id).touch_all_tokens(purges=purges)


# --- 17 and 18: tokens that died ----------------------------------------------------------------


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
    _expire(world, purges=purges)
    await world.run()
    assert _looks(world) == [by_title["Removed there"]], "only what the full list left out"
    await world.assert_alike()
    assert (await world.task(kept)).title == "Edited there"
    assert (await world.task(edited)).title == "Edited here, yes"
    assert (await world.task(removed)).title == "Removed there"
    assert len(world.ours()) == 2


async def test_18_a_token_that_dies_between_two_pages_begins_the_list_anew(world: World) -> None:
    await many(world, 5)
    await world.run()
    for event in world.ours():
        world.edit_there(event.id, description="edited there")
    world.google.switches.page_size = 2
    world.line.before("GET", lambda: _expire(world, purges=True), number=2)
    before = len(_lists(world))
    await world.run()
    asked = _lists(world)[before:]
    assert ["syncToken" in one for one in asked[:3]] == [True, True, False]
    assert len(asked) == 5, "two of the old list, three of the new one, and no more"
    await world.assert_alike()


async def test_18_a_list_that_cannot_begin_at_all_is_left_alone_for_a_while(
    world: World,
) -> None:
    await dentist(world)
    _expire(world, purges=True)
    world.google.faults.plan(Fault.EXPIRED, method="GET", count=2)
    before = len(_lists(world))
    await world.run()
    assert len(_lists(world)) - before == 2, "once with the token, once without, and no more"
    account = await world.account()
    assert (account.state, account.failures) == (AccountState.ACTIVE, 1)
    assert await world.store.due(10) == [], "not before its time"
    await world.assert_alike()


# --- 19: pages ----------------------------------------------------------------------------------


async def test_19_many_pages_some_of_them_empty(world: World) -> None:
    world.google.switches.page_size, world.google.switches.has_empty_pages = 3, True
    ids = await many(world, 20)
    await world.run()
    for event in world.ours():
        world.edit_there(event.id, description=f"note of {event.fields['summary']}")
    await world.assert_alike()
    for number, task_id in enumerate(ids):
        assert (await world.task(task_id)).description == f"note of Task {number}"


async def test_19_a_worker_that_dies_between_pages_begins_the_list_again(world: World) -> None:
    ids = await many(world, 20)
    await world.run(2)
    world.google.switches.page_size = 3
    for event in world.ours():
        world.edit_there(event.id, description="edited there")
    before = len(_lists(world))
    world.line.before("GET", _die, number=5)
    with pytest.raises(CrashError):
        await world.run()
    await world.run()
    first, again = _lists(world)[before], _lists(world)[before + 4]
    assert again == first, "from the same token: it is kept with the last of the changes"
    for task_id in ids:
        assert (await world.task(task_id)).description == "edited there"
    await world.assert_alike()


def _die() -> None:
    raise CrashError


async def test_19_what_changes_while_pages_come_arrives_with_the_next_list(world: World) -> None:
    ids = await many(world, 9)
    await world.run(2)
    world.google.switches.page_size = 3
    events = world.ours()
    for event in events:
        world.edit_there(event.id, description="first")
    world.line.before("GET", lambda: world.edit_there(events[0].id, description="late"), number=3)
    await world.run(2)
    assert (await world.task(ids[0])).description == "late"
    await world.assert_alike()


# --- 20: refusals -------------------------------------------------------------------------------

PATIENT = [Fault.RATE_LIMIT, Fault.USER_RATE_LIMIT, Fault.TOO_MANY, Fault.BACKEND, Fault.PROXY]


@pytest.mark.parametrize("fault", [*PATIENT, Fault.QUOTA])
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


async def test_20_three_refusals_in_a_row_are_three_longer_and_longer_waits(world: World) -> None:
    await world.run()
    world.google.faults.plan(Fault.RATE_LIMIT, method="POST", count=3)
    await world.add("Patience", due_at=at(NINE))
    waits, sent = [], len(world.google.log)
    for _ in range(3):
        await world.run()
        waits.append(await world.wait_s())
    assert waits[0] < waits[1] < waits[2]
    refused = [one for one in world.google.log[sent:] if one.method == "POST"]
    assert len(refused) == 3, "one knock for each run"
    await world.assert_alike()
    assert (await world.account()).failures == 0


@pytest.mark.parametrize(
    ("fault", "least_s", "most_s"),
    [
        (Fault.TOO_MANY, RETRY_AFTER_S - 1, RETRY_AFTER_S),
        (Fault.QUOTA, 14 * 60, 31 * 60),
        (Fault.BACKEND, 0, 3),
    ],
)
async def test_20_each_refusal_has_a_wait_of_its_own(
    world: World, fault: Fault, least_s: float, most_s: float
) -> None:
    await world.run()
    world.google.faults.plan(fault, method="GET")
    await world.run()
    assert least_s <= await world.wait_s() <= most_s


async def test_20_nobody_shortens_a_wait_but_the_person(world: World) -> None:
    await dentist(world)
    world.google.faults.plan(Fault.QUOTA, method="GET")
    await world.run()
    await world.add("Another", due_at=at(NINE))
    assert await world.store.due(10) == [], "a task that moved waits like all others"
    await world.accounts.sync_now(world.person_id)
    assert await world.store.due(10) == [world.person_id]


async def test_20_an_answer_that_does_not_come_in_time_is_looked_for(world: World) -> None:
    await world.run()
    world.line.after("POST", time_out)
    await world.add("Slow", due_at=at(NINE))
    await world.run()
    assert (await world.account()).failures == 1
    await world.assert_alike()
    assert len(world.ours()) == 1


async def test_20_one_item_that_is_refused_does_not_hold_up_the_others(world: World) -> None:
    await world.run()
    world.google.faults.plan(Fault.INVALID, method="POST")
    refused, *others = await many(world, 3)
    await world.run()
    assert len(world.ours()) == len(others)
    account = await world.account()
    assert (account.state, account.failures) == (AccountState.ACTIVE, 0)
    assert await world.note_kinds() == ["refused"]
    sent = len(world.writes())
    await world.run()
    assert len(world.writes()) == sent, "it would be refused again"
    await world.change(refused, title="Something else")
    await world.assert_alike()
    assert len(world.ours()) == 3


async def test_20_one_calendar_that_fails_does_not_hold_up_another(
    world: World, database: Database
) -> None:
    async with open_world(database, person_id=2) as other:
        await other.connect()
        world.google.faults.by_chance(1.0, 0, (Fault.BACKEND,))
        await world.add("Stuck", due_at=at(NINE))
        await other.add("Free", due_at=at(NINE))
        await world.sync.run(world.person_id)
        assert await world.store.due(10) == [other.person_id]
        await other.run()
        assert len(other.ours()) == 1
    assert await world.wait_s() > 0
