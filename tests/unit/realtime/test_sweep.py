"""Once a second the log says what moved, and nothing stays lost."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from taskwire.realtime.ports import LogUnavailable
from taskwire.realtime.sweep import Sweep
from tests.fakes.room import TASKS, Room, opened
from tests.fakes.waiting import wait_until


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with opened() as room:
        await room.sweep.sweep_heads()
        yield room


async def test_a_lost_publish_arrives_by_the_next_sweep(room: Room) -> None:
    guest = await room.welcome()
    room.log.commit(TASKS)
    await room.sweep.sweep_heads()
    await wait_until(lambda: guest.socket.seqs() == [1])
    assert room.counters.gap_repairs["sweep"] == 1


async def test_a_sweep_that_failed_is_made_up_for(room: Room) -> None:
    guest = await room.welcome()
    sweep = Sweep(room.gateway, room.log, room.authenticator, interval_s=0.01)
    sweeping = asyncio.create_task(sweep.run())
    await wait_until(lambda: room.counters.sweeps > 1)
    room.log.is_available = room.authenticator.is_available = False
    room.log.commit(TASKS)
    await wait_until(lambda: room.counters.log_failures > 3)
    room.log.is_available = room.authenticator.is_available = True
    await wait_until(lambda: guest.socket.seqs() == [1])
    sweeping.cancel()


async def test_a_failure_nobody_expected_does_not_end_the_sweep(room: Room) -> None:
    real_moved = room.log.moved

    async def fail_once(since):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        room.log.moved = real_moved  # type: ignore[method-assign]
        raise ValueError(since)

    room.log.moved = fail_once  # type: ignore[method-assign]
    sweep = Sweep(room.gateway, room.log, room.authenticator, interval_s=0.01)
    sweeping = asyncio.create_task(sweep.run())
    sweeps = room.counters.sweeps
    await wait_until(lambda: room.counters.sweeps > sweeps)
    assert room.counters.failures == 1
    sweeping.cancel()


async def test_streams_that_nobody_here_listens_to_are_none_of_our_business(room: Room) -> None:
    room.log.commit("user:2:tasks")
    questions = room.log.questions
    await room.sweep.sweep_heads()
    assert room.log.questions == questions + 1


async def test_another_epoch_has_every_channel_compared(room: Room) -> None:
    guest = await room.welcome()
    room.log.restore("e2")
    await room.sweep.sweep_heads()
    await wait_until(lambda: guest.socket.types()[-1] == "reset")


async def test_a_head_that_went_backwards_is_looked_at_and_reset(room: Room) -> None:
    guest = await room.welcome()
    for _ in range(3):
        room.write()
    room.log.rewind(TASKS, 1)
    await room.sweep.sweep_heads()
    await wait_until(lambda: guest.socket.types()[-1] == "reset")
    assert guest.socket.frames[-1]["data"] == {"reason": "rewind", "epoch": "e1", "seq": 1}


async def test_a_first_sweep_compares_who_came_before_it() -> None:
    """Found by the simulator, seed 21: who joined before the first good sweep kept an old epoch.

    The first answer had nothing to be compared with, so a restore between a socket's joining and
    that answer was noticed by nobody until somebody wrote.
    """
    async with opened() as room:
        guest = await room.welcome()
        room.log.restore("e2")
        await room.sweep.sweep_heads()
        await wait_until(lambda: guest.socket.types()[-1] == "reset")


async def test_a_log_that_was_away_is_compared_when_it_is_back(room: Room) -> None:
    """Found by the simulator, seed 216: a backup under the same epoch, and nobody writes.

    In a restored log no stream moved lately, so the sweep was told of none, and sockets went on
    with numbers that the log had no longer.
    """
    guest = await room.welcome()
    for _ in range(3):
        room.write()
    sweep = Sweep(room.gateway, room.log, room.authenticator)
    await sweep.sweep_heads()
    room.log.is_available = False
    with pytest.raises(LogUnavailable):
        await sweep.sweep_heads()
    room.log.rewind(TASKS, 1, is_told=False)
    room.log.is_available = True
    await sweep.sweep_heads()
    await wait_until(lambda: guest.socket.types()[-1] == "reset")
    assert guest.socket.frames[-1]["data"] == {"reason": "rewind", "epoch": "e1", "seq": 1}


async def test_the_lag_of_the_sweep_is_known(room: Room) -> None:
    room.clock.now_s += 7
    await room.sweep.sweep_heads()
    assert room.counters.sweep_lag_s == 7
