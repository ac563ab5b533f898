"""Leaving without losing anybody."""

import asyncio

from taskwire.realtime.drain import Drain
from tests.fakes.room import TASKS, opened
from tests.fakes.waiting import wait_until


async def test_every_socket_is_told_to_come_back_and_not_all_at_once() -> None:
    async with opened() as room:
        guests = [await room.welcome() for _ in range(10)]
        draining = Drain(room.gateway, spread_s=0.2).begin()
        await wait_until(lambda: any(guest.socket.closed_with for guest in guests))
        assert not all(guest.socket.closed_with for guest in guests)
        await draining
        assert {guest.socket.closed_with for guest in guests} == {1012}


async def test_a_draining_process_takes_no_new_socket() -> None:
    async with opened() as room:
        await Drain(room.gateway).run()
        assert room.gateway.is_draining
        assert room.enter().socket.closed_with == 1012


async def test_long_polls_are_answered_and_new_ones_do_not_wait() -> None:
    async with opened() as room:
        polling = asyncio.create_task(room.gateway.changes(TASKS, None, 60.0))
        await wait_until(lambda: any(channel.live for channel in room.gateway.hub))
        await Drain(room.gateway).run()
        assert list((await polling).items) == []
        assert list((await room.gateway.changes(TASKS, None, 60.0)).items) == []


async def test_a_drain_begun_twice_is_one() -> None:
    async with opened() as room:
        drain = Drain(room.gateway)
        assert drain.begin() is drain.begin()
        await drain.run()
