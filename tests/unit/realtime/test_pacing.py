"""A large channel rests after a broadcast, and what comes meanwhile leaves in one write."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from taskwire.realtime import pacing
from taskwire.realtime.limits import Limits
from taskwire.realtime.protocol import ResetReason
from tests.fakes.room import TASKS, Guest, Room, opened
from tests.fakes.waiting import wait_until


@pytest.fixture(autouse=True)
def large_from_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "LISTENERS_MIN", 2)


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with opened() as room:
        room.stopwatch.step_s = 10.0  # a broadcast that ends in a rest of REST_MAX_S
        yield room


async def crowd(room: Room) -> tuple[Guest, Guest]:
    return await room.welcome(), await room.welcome()


def is_resting(room: Room) -> bool:
    channel = room.gateway.hub.get(TASKS)
    return channel is not None and channel.put_off is not None


async def rested(room: Room) -> None:
    await wait_until(lambda: not is_resting(room))


async def test_a_frame_that_comes_out_of_silence_waits_for_nothing(room: Room) -> None:
    ann, _ = await crowd(room)
    for seq in (1, 2, 3):
        room.write()
        assert ann.socket.seqs()[-1] == seq
        await rested(room)
    assert room.counters.messages_put_off == 0


async def test_what_comes_during_a_rest_leaves_at_its_end_in_order_and_in_one_write(
    room: Room,
) -> None:
    guests = await crowd(room)
    writes = [len(guest.socket.writes) for guest in guests]
    for _ in range(4):
        room.write()
    assert [guest.socket.seqs() for guest in guests] == [[1], [1]]
    await rested(room)
    assert [guest.socket.seqs() for guest in guests] == [[1, 2, 3, 4], [1, 2, 3, 4]]
    assert [len(guest.socket.writes) for guest in guests] == [count + 2 for count in writes]
    assert room.counters.messages_put_off == 3


async def test_a_channel_of_few_never_rests(room: Room) -> None:
    ann = await room.welcome()
    room.write()
    room.write()
    assert ann.socket.seqs() == [1, 2]


@pytest.mark.parametrize(("frames", "times"), [(1, 1), (2, 2), (9, pacing.RESTS_MAX)])
async def test_a_rest_grows_with_the_broadcast_and_its_frames(
    room: Room, frames: int, times: int
) -> None:
    await crowd(room)
    loop = asyncio.get_running_loop()
    room.stopwatch.step_s = 0.01
    frames_at_once = [(TASKS, room.log.commit(TASKS).payload) for _ in range(frames)]
    began_s = loop.time()
    room.bus.publish(*frames_at_once)
    await rested(room)
    assert loop.time() - began_s >= times * 0.01


async def test_more_than_a_rest_may_keep_ends_the_waiting(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, _ = await crowd(room)
    monkeypatch.setattr(pacing, "PUT_OFF_MAX", 3)
    for _ in range(4):
        room.write()
    assert ann.socket.seqs() == [1, 2, 3, 4]
    assert is_resting(room)


async def test_who_joins_during_a_rest_gets_everything_once(room: Room) -> None:
    ann, _ = await crowd(room)
    room.write()
    room.write()
    newcomer = await room.welcome(f"{room.log.epoch}.0")
    assert ann.socket.seqs() == newcomer.socket.seqs() == [1, 2]
    room.write()
    await rested(room)
    assert ann.socket.seqs() == newcomer.socket.seqs() == [1, 2, 3]


async def test_a_heartbeat_during_a_rest_says_what_went_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pacing, "REST_MAX_S", 3600.0)
    async with opened(Limits(heartbeat_interval_s=0.05)) as room:
        room.stopwatch.step_s = 3600.0
        ann, _ = await crowd(room)
        room.write()
        room.write()
        ann.socket.writes.clear()
        await wait_until(lambda: "heartbeat" in ann.socket.types())
        assert [frame["data"]["seq"] for frame in ann.socket.frames] == [1]


async def test_the_sweep_does_not_read_from_the_log_what_was_only_put_off(room: Room) -> None:
    await room.sweep.sweep_heads()
    ann, _ = await crowd(room)
    room.write()
    room.write()
    await room.sweep.sweep_heads()
    assert ann.socket.seqs() == [1, 2]
    assert not room.counters.gap_repairs


async def test_a_restore_drops_what_was_put_off(room: Room) -> None:
    await room.sweep.sweep_heads()
    ann, _ = await crowd(room)
    room.write()
    channel = room.gateway.hub.get(TASKS)
    assert channel is not None
    late = b'{"seq":2,"type":"task_update","data":"of the life before"}'
    room.bus.publish((TASKS, late))
    room.gateway.repairs.restart(channel, ResetReason.EPOCH, "another", 1)
    await rested(room)
    assert late not in ann.socket.lines
    assert channel.stream.last == 1


async def test_a_channel_that_everybody_left_during_a_rest_hears_nothing(room: Room) -> None:
    guests = await crowd(room)
    channel = room.gateway.hub.get(TASKS)
    assert channel is not None
    room.write()
    room.write()
    for guest in guests:
        room.gateway.lost(guest.open)
    await wait_until(lambda: channel.put_off is None)
    assert channel.stream.last == 1


async def test_a_broadcast_that_fails_leaves_no_channel_at_rest_for_ever(room: Room) -> None:
    ann, _ = await crowd(room)

    def fail(_payload: bytes) -> None:
        raise ValueError("a socket that raises")

    channel = room.gateway.hub.get(TASKS)
    assert channel is not None
    ann.open.send = fail
    channel.shift(ann.open)
    with pytest.raises(ValueError, match="a socket that raises"):
        room.write()
    await rested(room)
