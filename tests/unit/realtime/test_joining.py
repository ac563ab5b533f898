"""From a cursor to the live stream, for sockets and long polls."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from taskwire.realtime.limits import Limits
from taskwire.realtime.protocol import Cursor
from tests.fakes.room import TASKS, Room, opened
from tests.fakes.waiting import wait_until


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with opened() as room:
        yield room


def commit(room: Room, count: int) -> None:
    for _ in range(count):
        room.log.commit(TASKS)


async def test_without_a_cursor_a_socket_starts_at_the_head(room: Room) -> None:
    commit(room, 3)
    guest = await room.welcome()
    room.write()
    assert guest.socket.frames[0]["data"]["seq"] == 3
    assert guest.socket.seqs() == [4]


@pytest.mark.parametrize("since", [0, 1, 499, 500, 501, 1202, 1203])
async def test_a_socket_gets_exactly_what_follows_its_cursor_and_then_goes_on(
    room: Room, since: int
) -> None:
    commit(room, 1203)
    guest = await room.welcome(f"e1.{since}")
    room.write()
    assert guest.socket.types()[0] == "hello"
    assert guest.socket.frames[0]["data"]["seq"] == 1203
    assert guest.socket.seqs() == list(range(since + 1, 1205))


@pytest.mark.parametrize(
    ("since", "reason"), [("e1.1", "retention"), ("e1.99", "rewind"), ("e2.3", "epoch")]
)
async def test_a_cursor_that_cannot_be_served_is_reset_and_the_socket_goes_on(
    room: Room, since: str, reason: str
) -> None:
    commit(room, 4)
    room.log.prune(TASKS, 2)
    guest = await room.welcome(since)
    room.write()
    reset = guest.socket.frames[1]
    assert reset["data"] == {"reason": reason, "epoch": "e1", "seq": 4}
    assert guest.socket.seqs() == [5]


async def test_what_is_published_while_a_socket_joins_comes_once_and_in_order(room: Room) -> None:
    commit(room, 1000)
    guest = room.enter("e1.0")
    while not guest.is_live:
        room.write()
        await asyncio.sleep(0)
    room.write()
    assert guest.socket.seqs() == list(range(1, room.log.head(TASKS) + 1))


async def test_what_a_joiner_finds_beyond_the_stream_reaches_those_who_are_live(
    room: Room,
) -> None:
    live = await room.welcome()
    commit(room, 3)
    joined = await room.welcome("e1.1")
    assert live.socket.seqs() == [1, 2, 3]
    assert joined.socket.seqs() == [2, 3]


async def test_a_frame_that_came_before_the_position_is_neither_lost_nor_repeated(
    room: Room,
) -> None:
    """The hint of a number beyond the head that was read: its gap must be looked after at once."""
    guest = room.enter()
    room.bus.subscribed.add(TASKS)
    payload = b'{"type":"task_update","seq":2,"data":{}}'
    room.bus.publish((TASKS, payload))
    await wait_until(lambda: guest.is_live)
    commit(room, 2)
    room.bus.publish((TASKS, payload))
    await wait_until(lambda: guest.socket.seqs() == [1, 2])


async def test_a_thousand_sockets_that_resume_cost_a_handful_of_questions(room: Room) -> None:
    guests = []
    for person in range(500):
        name = f"user:{person}:tasks"
        room.log.commit(name)
        guests += [room.enter("e1.0", channel=name, subject=str(person)) for _ in range(2)]
    await wait_until(lambda: all(guest.is_live for guest in guests))
    assert room.log.questions <= 50
    assert all(guest.socket.seqs() == [1] for guest in guests)


async def test_a_socket_waits_for_a_log_that_is_away(room: Room) -> None:
    room.log.is_available = False
    guest = room.enter()
    await wait_until(lambda: room.counters.log_failures > 0)
    room.log.is_available = True
    await wait_until(lambda: guest.is_live)


async def test_a_socket_is_sent_away_when_the_log_stays_away() -> None:
    async with opened(Limits(join_patience_s=0.0)) as room:
        room.log.is_available = False
        guest = room.enter()
        await wait_until(lambda: guest.socket.closed_with == 1013)


async def test_a_socket_that_goes_while_it_joins_leaves_nothing_behind(room: Room) -> None:
    guest = room.enter()
    room.log.on_question = lambda _number: room.gateway.lost(guest.open)
    await wait_until(lambda: room.log.questions > 0)
    await wait_until(lambda: not room.gateway._tasks)  # noqa: SLF001 - its task must end as well
    assert (guest.socket.types(), len(room.gateway.hub), room.bus.subscribed) == ([], 0, set())


async def test_a_socket_that_goes_before_its_task_begins_is_not_subscribed(room: Room) -> None:
    """Found by the simulator, seed 451: the task subscribed after the last one had left.

    Nobody served the channel any more, so nobody ever unsubscribed it: the bus went on carrying
    messages for a person who was gone, until the process ended.
    """
    guest = room.enter()
    room.gateway.lost(guest.open)
    await wait_until(lambda: not room.gateway._tasks)  # noqa: SLF001 - its task must end as well
    assert (room.bus.subscribed, room.log.questions) == (set(), 0)


async def test_a_failure_of_ours_is_closed_with_1011_and_counted(room: Room) -> None:
    async def fail(_channel: str) -> None:
        raise ValueError

    room.bus.subscribe = fail  # type: ignore[method-assign, assignment]
    guest = room.enter()
    await wait_until(lambda: guest.socket.closed_with == 1011)
    assert room.counters.failures == 1


async def test_a_replay_waits_for_a_slow_reader_and_loses_nothing(room: Room) -> None:
    commit(room, 1200)
    guest = room.enter("e1.0")
    guest.open.pause()
    await wait_until(lambda: room.log.questions == 2)
    assert guest.socket.types() == []
    guest.open.resume()
    await wait_until(lambda: guest.is_live)
    assert guest.socket.seqs() == list(range(1, 1201))


async def test_a_reader_that_takes_nothing_of_its_replay_is_closed_as_slow() -> None:
    async with opened(Limits(replay_stall_s=0.01)) as room:
        commit(room, 3)
        guest = room.enter("e1.0")
        guest.open.pause()
        await wait_until(lambda: guest.socket.closed_with == 4408)


async def test_a_log_pruned_under_a_replay_ends_in_a_reset(room: Room) -> None:
    commit(room, 1200)
    guest = room.enter("e1.0")
    guest.open.pause()
    await wait_until(lambda: room.log.questions == 2)
    room.log.prune(TASKS, 1000)
    guest.open.resume()
    await wait_until(lambda: guest.is_live)
    assert guest.socket.types()[-1] == "reset"
    assert guest.socket.frames[-1]["data"]["reason"] == "retention"


async def test_a_restore_under_a_replay_ends_in_a_reset(room: Room) -> None:
    commit(room, 1200)
    await room.welcome()
    guest = room.enter("e1.0")
    guest.open.pause()
    await wait_until(lambda: room.log.questions >= 3)
    room.log.restore("e2")
    room.bus.resume()
    await wait_until(lambda: room.counters.resets["epoch"] == 1)
    guest.open.resume()
    await wait_until(lambda: guest.is_live)
    assert guest.socket.frames[-1]["data"]["reason"] == "epoch"


# --- long polls ---------------------------------------------------------------------------------------


async def test_a_poll_is_answered_at_once_when_there_is_something(room: Room) -> None:
    commit(room, 3)
    changes = await room.gateway.changes(TASKS, Cursor("e1", 1), 60.0)
    assert (list(changes.items), changes.epoch, changes.seq) == (
        room.log.payloads(TASKS, after=1),
        "e1",
        3,
    )


async def test_a_poll_gets_at_most_a_page_and_goes_on_from_there(room: Room) -> None:
    commit(room, 700)
    first = await room.gateway.changes(TASKS, Cursor("e1", 0), 0.0)
    second = await room.gateway.changes(TASKS, Cursor("e1", first.seq), 0.0)
    assert (len(first.items), len(second.items), second.seq) == (500, 200, 700)


async def test_a_poll_that_waits_costs_the_log_nothing_and_is_woken_by_a_change(
    room: Room,
) -> None:
    polling = asyncio.create_task(room.gateway.changes(TASKS, None, 60.0))
    await wait_until(lambda: any(channel.live for channel in room.gateway.hub))
    questions = room.log.questions
    payload = room.write()
    changes = await polling
    assert (list(changes.items), changes.seq) == ([payload], 1)
    assert room.log.questions == questions


async def test_a_poll_for_which_nothing_comes_is_answered_empty(room: Room) -> None:
    commit(room, 3)
    changes = await room.gateway.changes(TASKS, Cursor("e1", 3), 0.01)
    assert (list(changes.items), changes.epoch, changes.seq) == ([], "e1", 3)


async def test_a_poll_that_missed_more_than_a_page_gets_the_first_page_of_it(room: Room) -> None:
    polling = asyncio.create_task(room.gateway.changes(TASKS, None, 60.0))
    await wait_until(lambda: any(channel.live for channel in room.gateway.hub))
    committed = [room.log.commit(TASKS).payload for _ in range(600)]
    room.bus.publish(*((TASKS, payload) for payload in committed))
    changes = await polling
    assert (list(changes.items), changes.seq) == (committed[:500], 500)


@pytest.mark.parametrize(
    ("since", "reason"), [(Cursor("e1", 9), "rewind"), (Cursor("x", 0), "epoch")]
)
async def test_a_poll_that_cannot_be_served_gets_one_reset(
    room: Room, since: Cursor, reason: str
) -> None:
    commit(room, 3)
    changes = await room.gateway.changes(TASKS, since, 60.0)
    assert len(changes.items) == 1
    assert f'"reason":"{reason}"'.encode() in changes.items[0]
    assert (changes.epoch, changes.seq) == ("e1", 3)


async def test_a_poll_waiting_through_a_restore_gets_the_reset(room: Room) -> None:
    polling = asyncio.create_task(room.gateway.changes(TASKS, None, 60.0))
    await wait_until(lambda: any(channel.live for channel in room.gateway.hub))
    room.log.restore("e2")
    room.bus.resume()
    changes = await polling
    assert b'"reason":"epoch"' in changes.items[0]
    assert changes.epoch == "e2"


async def test_a_poll_whose_page_was_pruned_meanwhile_gets_a_reset(room: Room) -> None:
    commit(room, 3)
    room.log.on_question = lambda number: room.log.prune(TASKS, 3) if number == 2 else None
    changes = await room.gateway.changes(TASKS, Cursor("e1", 1), 60.0)
    assert b'"reason":"retention"' in changes.items[0]


async def test_a_socket_that_goes_during_its_replay_leaves_nothing_behind(room: Room) -> None:
    commit(room, 1200)
    guest = room.enter("e1.0")
    guest.open.pause()
    await wait_until(lambda: room.log.questions == 2)
    room.gateway.lost(guest.open)
    await wait_until(lambda: not room.gateway._tasks)  # noqa: SLF001 - its task must end as well
    assert (guest.is_live, len(room.gateway.hub)) == (False, 0)


async def test_a_log_that_goes_away_for_a_while_during_a_replay_is_waited_for(room: Room) -> None:
    commit(room, 1200)
    guest = room.enter("e1.0")
    room.log.on_question = lambda number: setattr(room.log, "is_available", number != 3)
    await wait_until(lambda: guest.is_live)
    assert guest.socket.seqs() == list(range(1, 1201))
