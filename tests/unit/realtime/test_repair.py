"""What the live streams miss is read from the log; what it no longer fits is started again."""

from collections.abc import AsyncIterator, Sequence

import pytest

from taskwire.realtime.ports import Frame, Range
from taskwire.realtime.protocol import ResetReason
from tests.fakes.room import TASKS, Room, opened
from tests.fakes.waiting import wait_until


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with opened() as room:
        yield room


async def test_a_resumed_bus_has_every_channel_compared_with_the_log(room: Room) -> None:
    guests = [await room.welcome(channel=f"c{n}", subject=str(n)) for n in range(3)]
    for number in range(3):
        room.log.commit(f"c{number}")
    room.bus.resume()
    await wait_until(lambda: all(guest.socket.seqs() == [1] for guest in guests))


async def test_a_gap_of_several_pages_is_closed(room: Room) -> None:
    guest = await room.welcome()
    for _ in range(1200):
        room.log.commit(TASKS)
    room.write()
    await wait_until(lambda: guest.socket.seqs() == list(range(1, 1202)))


async def test_a_repair_goes_on_when_the_log_is_back(room: Room) -> None:
    guest = await room.welcome()
    room.log.commit(TASKS)
    room.log.is_available = False
    room.write()
    await wait_until(lambda: room.counters.log_failures > 0)
    room.log.is_available = True
    await wait_until(lambda: guest.socket.seqs() == [1, 2])


async def test_a_failure_nobody_expected_is_counted_and_survived(room: Room) -> None:
    guest = await room.welcome()
    real_read = room.log.read

    async def fail_once(ranges):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        room.log.read = real_read  # type: ignore[method-assign]
        raise ValueError(ranges)

    room.log.read = fail_once  # type: ignore[method-assign]
    room.log.commit(TASKS)
    room.write()
    await wait_until(lambda: guest.socket.seqs() == [1, 2])
    assert room.counters.failures == 1


async def test_a_page_that_was_read_before_a_restore_is_not_of_the_log_after_it(room: Room) -> None:
    guest = await room.welcome()
    stream, real_read = guest.open.channel.stream, room.log.read

    async def read_while_it_is_restored(ranges):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        room.log.read = real_read  # type: ignore[method-assign]
        pages = await real_read(ranges)
        room.log.rewind(TASKS, head=0)
        room.log.restore("e2")
        room.gateway.repairs.restart(guest.open.channel, ResetReason.EPOCH, "e2", 0)
        return pages

    room.log.read = read_while_it_is_restored  # type: ignore[method-assign]
    room.log.commit(TASKS)
    room.write()
    await wait_until(lambda: stream.epoch == "e2" and not room.gateway.repairs.is_busy)
    assert (stream.last, guest.socket.types()) == (0, ["hello", "reset"])


async def test_a_forged_number_costs_a_few_reads_and_nobody_anything(room: Room) -> None:
    guest = await room.welcome()
    room.bus.publish((TASKS, b'{"type":"task_update","seq":999999,"data":{}}'))
    stream = guest.open.channel.stream
    await wait_until(lambda: not stream.is_behind)
    room.write()
    assert guest.socket.seqs() == [1]
    assert room.log.questions < 10


async def test_a_forged_next_number_is_shown_and_found_out_by_the_log(room: Room) -> None:
    """Whoever may publish is trusted; still the real frame of that number must not be lost."""
    guest = await room.welcome()
    room.bus.publish((TASKS, b'{"type":"task_update","seq":1,"data":{"forged":1}}'))
    room.bus.resume()
    await wait_until(lambda: guest.socket.types()[-1] == "reset")
    room.write()
    assert guest.socket.frames[-1]["data"] == {}


async def test_a_restore_resets_every_open_socket(room: Room) -> None:
    room.log.commit(TASKS)
    guests = [await room.welcome(), await room.welcome()]
    room.log.restore("e2")
    room.bus.resume()
    expected = {"reason": "epoch", "epoch": "e2", "seq": 1}
    await wait_until(lambda: all(g.socket.frames[-1]["data"] == expected for g in guests))
    room.write()
    assert all(guest.socket.seqs() == [2] for guest in guests)
    assert room.counters.resets["epoch"] == 2


async def test_numbers_pruned_before_they_went_out_are_a_reset(room: Room) -> None:
    guest = await room.welcome()
    for _ in range(5):
        room.log.commit(TASKS)
    room.log.prune(TASKS, 4)
    room.bus.resume()
    await wait_until(lambda: guest.socket.types()[-1] == "reset")
    assert guest.socket.frames[-1]["data"] == {"reason": "retention", "epoch": "e1", "seq": 5}


async def test_a_gap_that_others_close_while_it_is_read_is_not_read_in_vain(room: Room) -> None:
    """The twin of a bug in `Recovery` that the simulator found (seed 2581).

    Late hints brought what the repair was just reading, and left it with old frames only. Three
    such reads, and all sockets were reset (retention) though nothing was pruned.
    """
    guest = await room.welcome()
    stream = guest.open.channel.stream
    real_read, ahead = room.log.read, 10

    async def read_late(ranges: Sequence[Range]) -> Sequence[Sequence[Frame]]:
        answer = await real_read(ranges)
        room.bus.publish(*((TASKS, frame.payload) for frame in answer[0]))
        if stream.last < ahead:
            room.log.commit(TASKS)
            stream.notice(room.log.head(TASKS))
        return answer

    room.log.read = read_late  # type: ignore[method-assign]
    room.log.commit(TASKS)
    room.bus.resume()
    await wait_until(lambda: guest.socket.seqs() == list(range(1, ahead + 1)))
    assert "reset" not in guest.socket.types()


async def test_a_channel_that_everybody_left_is_not_repaired(room: Room) -> None:
    guest = await room.welcome()
    channel = guest.open.channel
    room.log.commit(TASKS)
    room.gateway.lost(guest.open)
    questions = room.log.questions
    channel.stream.notice(1)
    room.gateway.repairs.want(channel, "gap")
    await wait_until(lambda: not room.gateway.repairs.is_busy)
    assert room.log.questions == questions
