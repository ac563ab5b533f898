"""The front door: who comes in, who is told what, and who is sent away."""

from collections.abc import AsyncIterator

import orjson
import pytest

from taskwire.realtime.gateway import TooManyPollsError
from taskwire.realtime.limits import Limits
from tests.fakes.room import TASKS, Room, opened
from tests.fakes.waiting import wait_until


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with opened() as room:
        yield room


# --- delivery --------------------------------------------------------------------------------------


async def test_hello_comes_first_and_then_what_is_published(room: Room) -> None:
    guest = await room.welcome()
    payload = room.write()
    assert guest.socket.types() == ["hello", "task_update"]
    assert guest.socket.lines[1] == payload


async def test_all_sockets_of_a_channel_get_a_change_and_no_other_does(room: Room) -> None:
    ann, ann_too = await room.welcome(), await room.welcome()
    ben = await room.welcome(channel="user:2:tasks", subject="2")
    room.write()
    assert (ann.socket.seqs(), ann_too.socket.seqs(), ben.socket.seqs()) == ([1], [1], [])


async def test_what_came_in_one_read_goes_out_in_one_write(room: Room) -> None:
    guest = await room.welcome()
    writes = len(guest.socket.writes)
    committed = [room.log.commit(TASKS).payload for _ in range(3)]
    room.bus.publish(*((TASKS, payload) for payload in committed))
    assert guest.socket.seqs() == [1, 2, 3]
    assert len(guest.socket.writes) == writes + 1


async def test_a_message_without_a_number_passes_as_it_is(room: Room) -> None:
    guest = await room.welcome()
    foreign = b'{ "type": "task_update", "data": {"id": 1} }'
    room.bus.publish((TASKS, foreign))
    assert guest.socket.lines[-1] == foreign


@pytest.mark.parametrize("message", [b"not json", b"[1]", b'{"seq":"x"}', b"\xff"])
async def test_what_is_no_message_is_counted_and_dropped(room: Room, message: bytes) -> None:
    guest = await room.welcome()
    room.bus.publish((TASKS, message))
    assert guest.socket.types() == ["hello"]
    assert room.counters.messages_malformed == 1


async def test_a_doubled_message_is_sent_once(room: Room) -> None:
    guest = await room.welcome()
    payload = room.write()
    room.bus.publish((TASKS, payload), (TASKS, payload))
    assert guest.socket.seqs() == [1]


async def test_a_lost_message_is_read_from_the_log_when_the_next_one_comes(room: Room) -> None:
    guest = await room.welcome()
    room.log.commit(TASKS)
    room.write()
    await wait_until(lambda: guest.socket.seqs() == [1, 2])
    assert room.counters.gap_repairs["gap"] == 2


async def test_a_number_alone_is_read_from_the_log(room: Room) -> None:
    guest = await room.welcome()
    frame = room.log.commit(TASKS)
    room.bus.publish((TASKS, b'{"seq":1}'))
    await wait_until(lambda: guest.socket.seqs() == [1])
    assert guest.socket.lines[-1] == frame.payload


async def test_a_message_for_a_channel_that_was_left_meanwhile_is_for_nobody(room: Room) -> None:
    guest = await room.welcome()
    room.gateway.lost(guest.open)
    room.bus.subscribed.add(TASKS)
    room.write()
    assert guest.socket.types() == ["hello"]


async def test_the_first_socket_subscribes_and_the_last_one_unsubscribes(room: Room) -> None:
    ann, ben = await room.welcome(), await room.welcome()
    assert room.bus.subscribed == {TASKS}
    room.gateway.lost(ann.open)
    assert room.bus.subscribed == {TASKS}
    room.gateway.lost(ben.open)
    assert room.bus.subscribed == set()


# --- who may stay -----------------------------------------------------------------------------------


async def test_the_newest_socket_beyond_a_persons_cap_is_closed_with_4429() -> None:
    async with opened(Limits(sockets_per_user_max=1)) as room:
        await room.welcome()
        assert room.enter().socket.closed_with == 4429
        assert (await room.welcome(subject="2")).socket.closed_with is None


async def test_a_full_process_says_come_back_later() -> None:
    async with opened(Limits(sockets_max=1)) as room:
        await room.welcome()
        assert room.enter(subject="2").socket.closed_with == 1013


async def test_a_malformed_cursor_is_closed_with_4400(room: Room) -> None:
    guest = room.enter("nonsense")
    assert (guest.socket.closed_with, guest.connection) == (4400, None)


@pytest.mark.parametrize("text", ["", "garbage", "[]", '{"data":1}', '{"type":"auth"}'])
async def test_garbage_is_closed_with_4400(room: Room, text: str) -> None:
    guest = await room.welcome()
    room.gateway.receive(guest.open, text)
    assert guest.socket.closed_with == 4400


async def test_an_unknown_type_is_ignored(room: Room) -> None:
    guest = await room.welcome()
    room.gateway.receive(guest.open, '{"type":"typing"}')
    assert guest.open.is_open


async def test_too_many_messages_are_closed_with_4429(room: Room) -> None:
    guest = await room.welcome()
    for _ in range(61):
        room.gateway.receive(guest.open, '{"type":"typing"}')
    assert guest.socket.closed_with == 4429


async def test_pings_count_as_messages(room: Room) -> None:
    guest = await room.welcome()
    answers = [room.gateway.pinged(guest.open) for _ in range(61)]
    assert answers == [True] * 60 + [False]
    assert guest.socket.closed_with == 4429


async def test_a_client_that_does_not_read_gets_no_pongs_heaped_up(room: Room) -> None:
    guest = await room.welcome()
    guest.open.pause()
    assert not room.gateway.pinged(guest.open)


async def test_what_a_closed_socket_still_says_is_ignored(room: Room) -> None:
    guest = await room.welcome()
    room.gateway.receive(guest.open, "garbage")
    room.gateway.receive(guest.open, "garbage")
    room.gateway.lost(guest.open)
    assert room.counters.closes == {"BAD_MESSAGE": 1}
    assert room.counters.sockets == 0


async def test_a_reader_that_cannot_keep_up_is_closed_and_the_others_are_not() -> None:
    async with opened(Limits(outbound_frames_max=2)) as room:
        slow, quick = await room.welcome(), await room.welcome()
        slow.open.pause()
        for _ in range(3):
            room.write()
        assert slow.socket.closed_with == 4408
        assert quick.socket.seqs() == [1, 2, 3]


async def test_a_reader_that_was_behind_gets_all_that_waited_in_one_write(room: Room) -> None:
    guest = await room.welcome()
    guest.open.pause()
    for _ in range(3):
        room.write()
    writes = len(guest.socket.writes)
    guest.open.resume()
    assert guest.socket.seqs() == [1, 2, 3]
    assert len(guest.socket.writes) == writes + 1


# --- proofs and lifetimes ---------------------------------------------------------------------------


def quick() -> Limits:
    return Limits(heartbeat_interval_s=0.05, socket_lifetime_s=900.0)


async def test_a_socket_ends_when_its_last_proof_is_too_old() -> None:
    async with opened(quick()) as room:
        guest = await room.welcome()
        room.clock.now_s += 901
        guest.open.heard_at_s = room.clock.now_s
        await wait_until(lambda: guest.socket.closed_with == 4401)


async def test_a_new_proof_is_answered_by_a_heartbeat_and_lets_the_socket_live_on() -> None:
    async with opened(quick()) as room:
        older, renewed = await room.welcome(), await room.welcome()
        room.clock.now_s += 600
        room.authenticator.issue("fresh", "1", once=True)
        room.gateway.receive(renewed.open, '{"type":"auth","data":{"token":"fresh"}}')
        await wait_until(lambda: "heartbeat" in renewed.socket.types())
        room.clock.now_s += 400
        renewed.open.heard_at_s = room.clock.now_s
        await wait_until(lambda: older.socket.closed_with is not None)
        assert renewed.open.is_open


@pytest.mark.parametrize("token", ["bad", "spent", "foreign"])
async def test_a_bad_or_foreign_proof_ends_the_socket(room: Room, token: str) -> None:
    room.authenticator.issue("spent", "1", once=True)
    await room.gateway.authenticate("spent")
    room.authenticator.issue("foreign", "2")
    guest = await room.welcome()
    message = orjson.dumps({"type": "auth", "data": {"token": token}}).decode()
    room.gateway.receive(guest.open, message)
    await wait_until(lambda: guest.socket.closed_with == 4401)


async def test_a_proof_that_nobody_can_judge_changes_nothing(room: Room) -> None:
    guest = await room.welcome()
    room.authenticator.is_available = False
    room.gateway.receive(guest.open, '{"type":"auth","data":{"token":"t"}}')
    await wait_until(lambda: room.authenticator.asked == ["t"])
    assert guest.open.is_open


async def test_a_revoked_session_ends_at_the_next_sweep_and_no_other_does(room: Room) -> None:
    gone, stays = await room.welcome(session="s1"), await room.welcome(session="s2")
    room.authenticator.revoke("s1")
    await room.sweep.sweep_sessions()
    assert gone.socket.closed_with == 4401
    assert stays.open.is_open


async def test_a_handshake_that_outlived_its_session_is_refused(room: Room) -> None:
    room.authenticator.revoke("s1")
    await room.sweep.sweep_sessions()
    assert room.enter(session="s1").socket.closed_with == 4401
    room.clock.now_s += 61
    await room.sweep.sweep_sessions()
    assert room.enter(session="s1").socket.closed_with is None


# --- heartbeats -------------------------------------------------------------------------------------


async def test_a_live_socket_is_pinged_and_told_its_head() -> None:
    async with opened(quick()) as room:
        room.log.commit(TASKS)
        guest = await room.welcome()
        await wait_until(lambda: "heartbeat" in guest.socket.types())
        heartbeat = next(f for f in guest.socket.frames if f["type"] == "heartbeat")
        assert heartbeat["data"]["seq"] == 1
        assert b"PING" in b"".join(guest.socket.writes)


async def test_a_joining_socket_is_pinged_and_told_no_head() -> None:
    async with opened(quick()) as room:
        room.log.is_available = False
        guest = room.enter()
        await wait_until(lambda: len(guest.socket.writes) > 1)
        assert guest.socket.types() == []


async def test_a_socket_that_is_behind_gets_no_heartbeat_on_top() -> None:
    async with opened(quick()) as room:
        behind, other = await room.welcome(), await room.welcome()
        behind.open.pause()
        await wait_until(lambda: "heartbeat" in other.socket.types())
        behind.open.resume()
        assert "heartbeat" not in behind.socket.types()


async def test_a_silent_socket_is_closed_with_1001_and_an_answering_one_is_not() -> None:
    async with opened(Limits(heartbeat_interval_s=0.05, socket_lifetime_s=1e9)) as room:
        silent, answering = await room.welcome(), await room.welcome()
        room.clock.now_s += 3600
        room.gateway.heard(answering.open)
        await wait_until(lambda: silent.socket.closed_with == 1001)
        assert answering.open.is_open


# --- long polls -------------------------------------------------------------------------------------


async def test_long_polls_are_bounded() -> None:
    async with opened(Limits(long_polls_max=0)) as room:
        with pytest.raises(TooManyPollsError):
            await room.gateway.changes(TASKS, None, 0.0)


async def test_an_answered_poll_leaves_nothing_behind(room: Room) -> None:
    await room.gateway.changes(TASKS, None, 0.0)
    assert (room.counters.long_polls, len(room.gateway.hub), room.bus.subscribed) == (0, 0, set())
