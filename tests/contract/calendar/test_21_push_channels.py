"""Scenario 21: Google knocks. What it says is never believed further than "look again".

Over HTTP, with a product that runs: tests/integration/test_calendar.py.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from taskwire.adapters.database.calendar_tables import calendar_channels
from taskwire.adapters.database.connection import Database
from taskwire.application.calendar.ports import Knock
from taskwire.application.calendar.watching import LIFETIME_S
from tests.calendar_world.line import time_out
from tests.calendar_world.world import BOUNDS, World, at, open_world
from tests.contract.calendar.stories import NINE, dentist
from tests.fake_google.channels import Channel, Message
from tests.fake_google.faults import Fault

WEBHOOK = "https://tasks.example/api/calendar/google/changed"
POLL_S, WATCHED_POLL_S = 60, 900


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    """One that Google can reach."""
    async with open_world(database, bounds=replace(BOUNDS, webhook_url=WEBHOOK)) as opened:
        await opened.connect()
        yield opened


def _knock(message: Message) -> Knock:
    headers = message.headers
    return Knock(
        headers["X-Goog-Channel-ID"],
        headers["X-Goog-Channel-Token"],
        headers["X-Goog-Resource-ID"],
        headers["X-Goog-Resource-State"] == "sync",
        None,
    )


def _channels(world: World) -> list[Channel]:
    return list(world.google.channels.channels.values())


def _watches(world: World) -> int:
    return sum(request.path.endswith("/watch") for request in world.google.log)


async def _is_due(world: World) -> bool:
    return await world.store.due(10) == [world.person_id]


async def _quiet(world: World) -> None:
    """All is said, also what our own writes made Google say."""
    await world.run(2)
    world.google.channels.taken()
    await world.run()
    assert not await _is_due(world)


async def _hear(world: World) -> list[bool]:
    return [await world.store.heard(_knock(message)) for message in world.google.channels.taken()]


async def _end_of_channels(world: World, at_moment: datetime) -> None:
    """As if the days until then had passed."""
    ending = update(calendar_channels).values(expires_at=at_moment)
    await world.store.database.write(lambda c: c.execute(ending))


async def test_21_a_knock_makes_a_calendar_due_at_once(world: World) -> None:
    task_id = await dentist(world)
    await _quiet(world)
    world.edit_there(world.event().id, summary="Doctor")
    assert await _hear(world) == [True]
    assert await _is_due(world)
    await world.run()
    assert (await world.task(task_id)).title == "Doctor"
    await world.assert_alike()


async def test_21_the_address_is_https_and_each_channel_has_a_secret_of_its_own(
    world: World,
) -> None:
    await world.run()
    (channel,) = _channels(world)
    assert channel.address == WEBHOOK
    assert len(channel.token) >= 32
    assert len(channel.id) <= 64


async def test_21_the_first_message_may_come_before_the_answer(world: World) -> None:
    """The answer gets lost, and the message opens the channel all the same."""
    await world.run()
    await _end_of_channels(world, datetime.now(UTC))
    world.line.after("POST", time_out)
    await world.run()
    assert _watches(world) == 2
    messages = world.google.channels.taken()
    assert messages[-1].headers["X-Goog-Resource-State"] == "sync"
    end = datetime.now(UTC) + timedelta(seconds=LIFETIME_S)
    assert await world.store.heard(replace(_knock(messages[-1]), expires_at=end))
    await world.run(2)
    assert _watches(world) == 2, "it is there, and lives long"
    assert not await _is_due(world), "that a channel is there is no change"


async def test_21_a_knock_that_google_did_not_send_is_refused_and_changes_nothing(
    world: World,
) -> None:
    await dentist(world)
    await _quiet(world)
    world.edit_there(world.event().id, summary="Doctor")
    (message,) = world.google.channels.taken()
    right = _knock(message)
    assert not await world.store.heard(replace(right, channel_id="unknown"))
    assert not await world.store.heard(replace(right, secret="guessed"))
    assert not await world.store.heard(replace(right, resource_id="another's"))
    assert not await _is_due(world)


async def test_21_fifty_knocks_are_one_run_and_one_that_comes_meanwhile_is_one_more(
    world: World,
) -> None:
    task_id = await dentist(world)
    await _quiet(world)
    event_id = world.event().id
    for number in range(50):
        world.edit_there(event_id, summary=f"Doctor {number}")
    assert await _hear(world) == [True] * 50

    async def somebody_edits_after_our_look() -> None:
        world.edit_there(event_id, summary="Doctor, at last")
        await _hear(world)

    world.line.after("GET", somebody_edits_after_our_look)
    await world.run()
    assert (await world.task(task_id)).title == "Doctor 49"
    assert await _is_due(world), "what came in the middle of the run is not forgotten"
    await world.run()
    assert (await world.task(task_id)).title == "Doctor, at last"
    await world.run()
    assert not await _is_due(world)


async def test_21_what_changed_before_the_channel_was_there_is_looked_for_at_once(
    world: World,
) -> None:
    task_id = await world.add("Dentist", due_at=at(NINE))
    world.line.before(
        "POST", lambda: world.edit_there(world.event().id, summary="Doctor"), number=4
    )  # after the token's, the calendar's and the event's: the channel's
    await world.run()
    assert await _is_due(world)
    await world.run()
    assert (await world.task(task_id)).title == "Doctor"


async def test_21_our_own_writes_knock_too_and_come_to_rest(world: World) -> None:
    await _quiet(world)
    await world.add("Dentist", due_at=at(NINE))
    runs = 0
    while await _is_due(world):
        await world.run()
        await _hear(world)
        runs += 1
        assert runs < 5, "they would call each other for ever"
    await world.assert_alike()


async def test_21_a_message_that_got_lost_is_found_by_the_poll(world: World) -> None:
    task_id = await dentist(world)
    await _quiet(world)
    world.google.channels.drops = lambda: True
    world.edit_there(world.event().id, summary="Doctor")
    assert await _hear(world) == []
    assert WATCHED_POLL_S <= await world.next_in_s() <= 2 * WATCHED_POLL_S
    await world.run()
    assert (await world.task(task_id)).title == "Doctor"


async def test_21_a_channel_gets_its_successor_in_time_and_both_may_speak(world: World) -> None:
    task_id = await dentist(world)
    await _quiet(world)
    await _end_of_channels(world, datetime.now(UTC) + timedelta(hours=23))
    await world.run()
    assert len(_channels(world)) == 2, "a new one; nobody can lengthen the old one's life"
    world.google.channels.taken()
    world.edit_there(world.event().id, summary="Doctor")
    assert await _hear(world) == [True, True]
    await world.run()
    assert (await world.task(task_id)).title == "Doctor"
    assert (await world.note_kinds()).count("pulled") == 1, "heard twice, done once"
    await world.run()
    assert len(_channels(world)) == 2


async def test_21_a_channel_that_has_ended_is_no_reason_to_look_rarely(world: World) -> None:
    await world.run()
    await _end_of_channels(world, datetime.now(UTC) - timedelta(seconds=1))
    world.google.faults.plan(Fault.INVALID, method="POST")
    await world.run()
    assert await world.next_in_s() <= 2 * POLL_S


async def test_21_a_new_consent_has_a_channel_of_its_own(world: World) -> None:
    """Google dropped the old one with the grant, and said nothing of it."""
    await _quiet(world)
    world.google.accounts.end_grant()
    await world.run()
    await world.connect()
    await world.run()
    assert _watches(world) == 2


async def test_21_where_google_refuses_a_channel_it_is_asked_again_an_hour_later(
    world: World,
) -> None:
    """As for an address that it does not take. It had been asked with each run, or never again."""
    await world.run()
    await _end_of_channels(world, datetime.now(UTC))
    world.google.faults.plan(Fault.INVALID, method="POST")
    await world.run(5)
    assert _watches(world) == 2
    assert await world.next_in_s() <= 2 * POLL_S, "and until then we look ourselves"
    await _end_of_channels(world, datetime.now(UTC))
    await world.run(2)
    assert _watches(world) == 3
    assert await world.next_in_s() >= WATCHED_POLL_S / 2


async def test_21_without_an_address_that_google_can_reach_there_is_no_channel(
    database: Database,
) -> None:
    async with open_world(database) as opened:
        await opened.connect()
        await opened.run(2)
        assert _watches(opened) == 0
        assert await opened.next_in_s() <= 2 * POLL_S
