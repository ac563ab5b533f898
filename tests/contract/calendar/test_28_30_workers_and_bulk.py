"""Scenarios 28 to 30: who may write, how one leaves, and very many tasks at once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import select
from typing_extensions import override

from taskwire.adapters.database.calendar_tables import calendar_accounts
from taskwire.adapters.database.connection import Database
from taskwire.application.calendar.ports import AccountState, LeaseLostError
from taskwire.domain.calendar.link import LinkState
from tests.calendar_world.inline import InlineDatabase
from tests.calendar_world.weather import CrashError
from tests.calendar_world.world import BOUNDS, World, open_world
from tests.contract.calendar.stories import dentist, many
from tests.fake_google.clock import Clock
from tests.fake_google.google import Google
from tests.faults.simulation.clock import VirtualLoop

T = TypeVar("T")

# --- 28 -----------------------------------------------------------------------------------------


async def test_28_two_workers_at_once_are_one_run(database: Database) -> None:
    async with open_world(database, lease_s=60) as world:
        await world.connect()
        await many(world, 5)
        await asyncio.gather(*(world.run() for _ in range(4)))
        assert len(world.ours()) == 5
        assert Counter(world.writes()).total() == 5
        await world.assert_alike()


async def test_28_a_worker_that_lost_its_lease_writes_nothing(world: World) -> None:
    task_id = await dentist(world)
    zombie = await world.store.claim(world.person_id)
    successor = await world.store.claim(world.person_id)
    assert zombie is not None
    assert successor is not None
    with pytest.raises(LeaseLostError):
        await world.store.decide(zombie, task_id, lambda pair: pytest.fail(str(pair)))
    with pytest.raises(LeaseLostError):
        await world.store.receive(zombie, [], "a token from before")


async def test_28_a_worker_that_froze_in_the_middle_of_a_write_ends_without_a_word(
    world: World,
) -> None:
    """It wakes up with Google's answer in its hands, and somebody else has finished long ago."""
    await world.run()
    task_id = (await many(world, 1))[0]
    world.line.after("POST", world.run)
    await world.run()
    assert len(world.ours()) == 1
    assert (await world.account()).failures == 0
    await world.change(task_id, title="Task, renamed")
    await world.assert_alike()


async def test_28_a_lease_lets_one_in(database: Database) -> None:
    async with open_world(database, lease_s=60) as world:
        await world.connect()
        assert await world.store.claim(world.person_id) is not None
        assert await world.store.claim(world.person_id) is None


# --- 29 -----------------------------------------------------------------------------------------


async def _kept_secret(world: World) -> bytes | None:
    found = select(calendar_accounts.c.refresh_token)
    kept: bytes | None = await world.store.database.read(lambda c: c.execute(found).scalar_one())
    return kept


@pytest.fixture
async def watched(database: Database) -> AsyncIterator[World]:
    bounds = replace(BOUNDS, webhook_url="https://tasks.example/changed")
    async with open_world(database, bounds=bounds) as opened:
        await opened.connect()
        await dentist(opened)
        yield opened


async def test_29_who_leaves_with_all_events_leaves_nothing_behind(watched: World) -> None:
    foreign = watched.add_foreign()
    await watched.accounts.disconnect(watched.person_id, deletes_events=True)
    assert [event.id for event in watched.living()] == [foreign]
    assert watched.google.channels.channels == {}, "nobody knocks any more"
    grant = watched.google.accounts.grant
    assert grant is not None
    assert not grant.is_alive
    assert await _kept_secret(watched) is None
    assert watched.heard.states()[-1]["state"] == "disconnected"
    calls = len(watched.google.log)
    await watched.run()
    assert len(watched.google.log) == calls


async def test_29_who_leaves_and_comes_back_finds_the_same_events(watched: World) -> None:
    event_id = watched.event().id
    await watched.accounts.disconnect(watched.person_id, deletes_events=False)
    assert watched.event().id == event_id
    await watched.connect()
    await watched.assert_alike()
    assert watched.event().id == event_id


@pytest.mark.parametrize("deletes_events", [False, True])
async def test_29_without_a_network_it_ends_here_all_the_same(
    watched: World, *, deletes_events: bool
) -> None:
    watched.line.is_down = True
    await watched.accounts.disconnect(watched.person_id, deletes_events=deletes_events)
    assert await _kept_secret(watched) is None
    assert (await watched.account()).state is AccountState.DISCONNECTED
    assert await watched.store.due(10) == []


# --- 30 -----------------------------------------------------------------------------------------

WRITES_PER_S = 5.0
AT_ONCE = 25


class LoopClock(Clock):
    """The fake's clock goes by the loop's."""

    @override
    def now(self) -> datetime:
        began = datetime(2026, 12, 1, tzinfo=UTC)
        return began + timedelta(seconds=asyncio.get_running_loop().time())


async def _export(task_count: int, crash_at: int) -> tuple[World, list[float]]:
    """A first export whose worker dies once in the middle; and when each write went out."""
    database = InlineDatabase()
    bounds = replace(BOUNDS, items_per_run_max=AT_ONCE, writes_per_s=WRITES_PER_S)
    async with open_world(database, Google(clock=LoopClock()), bounds=bounds) as world:
        await world.connect()
        await many(world, task_count)
        world.line.after("POST", _die, number=crash_at)
        runs = 0
        while await world.store.due(1):
            runs += 1
            try:
                await world.run()
            except CrashError:
                continue
        assert runs == pytest.approx(task_count / AT_ONCE, abs=3)
        await world.assert_alike()
    await database.close()
    posts = [one for one in world.google.log if one.path.endswith("/events") and one.body]
    return world, [one.came_at.timestamp() for one in posts if one.came_at]


def _die() -> None:
    raise CrashError


def _in_virtual_time(story: Coroutine[Any, Any, T]) -> T:
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(story)
    finally:
        loop.close()


def test_30_a_long_list_goes_out_slowly_and_outlives_its_worker() -> None:
    count = 300
    world, moments = _in_virtual_time(_export(count, count // 2))
    assert len(world.ours()) == count, "none twice"
    assert len(moments) == count, "the one whose answer nobody heard was found by looking"
    for first, sixth in zip(moments, moments[5:], strict=False):
        # One of them died before its pause, and its successor came at once.
        assert sixth - first > 0.7, "five in a second, and no more"
    told = [state["linked"] for state in world.heard.states()]
    assert told == sorted(told), "open pages see it grow"
    assert len(told) >= count // AT_ONCE


async def test_30_a_long_list_goes_out_in_parts(database: Database) -> None:
    small = replace(BOUNDS, items_per_run_max=10)
    async with open_world(database, bounds=small) as world:
        await world.connect()
        await many(world, 25)
        counts = []
        for _ in range(3):
            await world.run()
            counts.append(len(world.ours()))
        assert counts == [10, 20, 25]
        told = [(one["kind"], one["body"]) for one in world.heard.news()]
        assert told == [("sync_finished", "25 tasks are in the calendar.")], "at the end, and once"
        states = await world.store.living_events(world.person_id)
        assert set(states.values()) == {LinkState.SYNCED}
        await world.assert_alike()
