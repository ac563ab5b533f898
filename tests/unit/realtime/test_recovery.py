"""Joining the log to the live stream: no gap, no repeat."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskwire.realtime.ports import Extent, Frame
from taskwire.realtime.protocol import Cursor, ResetReason
from taskwire.realtime.recovery import Recovery, Start, decide
from taskwire.realtime.stream import FUTILE_READS_MAX, Stream

EXTENT = Extent(floor=5, head=10)


@pytest.mark.parametrize(
    ("since", "start"),
    [
        (None, Start(10)),
        (Cursor("e1", 10), Start(10)),
        (Cursor("e1", 9), Start(9)),
        (Cursor("e1", 5), Start(5)),
        (Cursor("e1", 4), Start(10, ResetReason.RETENTION)),
        (Cursor("e1", 0), Start(10, ResetReason.RETENTION)),
        (Cursor("e1", 11), Start(10, ResetReason.REWIND)),
        (Cursor("e2", 7), Start(10, ResetReason.EPOCH)),
        (Cursor("e2", 99), Start(10, ResetReason.EPOCH)),
    ],
)
def test_a_cursor_is_replayed_whole_or_reset(since: Cursor | None, start: Start) -> None:
    assert decide(since, "e1", EXTENT) == start


def stream_at(last: int) -> Stream:
    stream = Stream()
    stream.anchor("e1", last)
    return stream


def frames(first: int, last: int) -> list[Frame]:
    return [Frame(seq, b"%d" % seq) for seq in range(first, last + 1)]


def test_a_joiner_at_the_streams_place_has_met_it() -> None:
    assert Recovery(10, turn=0).has_met(stream_at(10))


def test_a_joiner_behind_reads_from_its_own_place_until_it_meets() -> None:
    stream, recovery = stream_at(10), Recovery(7, turn=0)
    assert recovery.reads_after(stream) == 7
    assert recovery.take(frames(8, 10), stream) == ([b"8", b"9", b"10"], [])
    assert recovery.has_met(stream)


def test_a_joiner_ahead_reads_for_the_stream_and_gets_nothing_twice() -> None:
    stream, recovery = stream_at(8), Recovery(10, turn=0)
    assert recovery.reads_after(stream) == 8
    assert recovery.take(frames(9, 10), stream) == ([], [b"9", b"10"])
    assert recovery.has_met(stream)


def test_what_a_joiner_reads_beyond_the_stream_goes_to_everybody() -> None:
    stream, recovery = stream_at(8), Recovery(7, turn=0)
    assert recovery.take(frames(8, 9), stream) == ([b"8", b"9"], [b"9"])
    assert recovery.has_met(stream)


def test_a_page_with_a_hole_is_taken_up_to_the_hole() -> None:
    recovery = Recovery(7, turn=0)
    page = [*frames(8, 8), *frames(10, 10)]
    assert recovery.take(page, stream_at(10)) == ([b"8"], [])


def test_a_page_that_a_repair_was_faster_with_is_not_futile() -> None:
    """Found by the simulator, seed 2581: a joiner ahead of a stream that a repair was closing.

    Both read the same pages, the repair was always first, and after three pages the joiner held
    that the log had nothing to give: it was reset (retention) though nothing was pruned.
    """
    stream, recovery = stream_at(1), Recovery(10, turn=0)
    for seq in range(2, 7):
        page = frames(seq, seq)
        stream.take(page)
        assert recovery.take(page, stream) == ([], [])
    assert not recovery.is_stuck


def test_a_joiner_that_the_log_gives_nothing_is_stuck_in_the_end() -> None:
    stream, recovery = stream_at(10), Recovery(7, turn=0)
    for _ in range(FUTILE_READS_MAX):
        assert not recovery.is_stuck
        recovery.take([], stream)
    assert recovery.is_stuck


def test_a_joiner_never_meets_a_stream_that_began_anew() -> None:
    stream, recovery = stream_at(10), Recovery(10, turn=0)
    stream.restart(ResetReason.REWIND, "e1", 10)
    assert recovery.has_turned(stream)
    assert not recovery.has_met(stream)


def test_the_last_frames_come_from_memory_when_the_stream_ran_ahead_of_the_log() -> None:
    stream, recovery = stream_at(8), Recovery(8, turn=0)
    stream.record()
    stream.offer(9, b"9")
    stream.offer(10, b"10")
    assert recovery.bridge(stream) == [b"9", b"10"]
    assert recovery.has_met(stream)


def test_memory_that_does_not_reach_back_far_enough_is_of_no_use() -> None:
    stream, recovery = stream_at(8), Recovery(7, turn=0)
    stream.record()
    stream.offer(9, b"9")
    assert (recovery.bridge(stream), recovery.position) == ([], 7)


def test_memory_of_another_turn_is_of_no_use() -> None:
    stream, recovery = stream_at(8), Recovery(8, turn=0)
    stream.record()
    stream.restart(ResetReason.EPOCH, "e2", 8)
    stream.offer(9, b"9")
    assert recovery.bridge(stream) == []


# --- everything together ---------------------------------------------------------------------------


@dataclass
class Listener:
    """What one connection got, and whether it shares the stream's place yet."""

    since: int
    recovery: Recovery
    got: list[bytes] = field(default_factory=list)
    is_live: bool = False


class World:
    """A log, a bus that does what it likes, and any number of listeners on one stream."""

    def __init__(self) -> None:
        self.head = 0
        self.stream = Stream()
        self.stream.anchor("e1", 0)
        self.listeners: list[Listener] = []

    def commit(self) -> None:
        self.head += 1

    def hint(self, seq: int, *, has_frame: bool) -> None:
        """A publish arrives: late, twice, out of order, or as its number alone."""
        if seq <= self.head:
            self._broadcast(list(self.stream.offer(seq, b"%d" % seq if has_frame else None)))

    def join(self, since: int) -> None:
        self.stream.record()
        start = decide(Cursor("e1", min(since, self.head)), "e1", Extent(0, self.head))
        self.stream.notice(self.head)
        recovery = Recovery(start.after, self.stream.turn)
        self.listeners.append(Listener(start.after, recovery))

    def repair(self, page: int) -> None:
        last = self.stream.last
        self._broadcast(self.stream.take(frames(last + 1, min(self.head, last + page))))

    def advance(self, index: int, page: int) -> None:
        """A joiner reads one page, and is attached in the tick in which it meets the stream."""
        if not self.listeners:
            return
        listener = self.listeners[index % len(self.listeners)]
        if listener.is_live:
            return
        listener.got += listener.recovery.bridge(self.stream)
        if not listener.recovery.has_met(self.stream):
            after = listener.recovery.reads_after(self.stream)
            read = frames(after + 1, min(self.head, after + page))
            mine, everyones = listener.recovery.take(read, self.stream)
            listener.got += mine
            self._broadcast(everyones)
        listener.is_live = listener.recovery.has_met(self.stream)

    def settle(self) -> None:
        """The storm is over: the sweep sees the head, and everybody arrives."""
        self.stream.notice(self.head)
        while self.stream.is_behind:
            self.repair(page=3)
        for index, listener in enumerate(self.listeners):
            while not listener.is_live:
                self.advance(index, page=3)

    def _broadcast(self, payloads: list[bytes]) -> None:
        for listener in self.listeners:
            if listener.is_live:
                listener.got += payloads


STEPS = st.one_of(
    st.tuples(st.just("commit")),
    st.tuples(st.just("hint"), st.integers(1, 40), st.booleans()),
    st.tuples(st.just("join"), st.integers(0, 40)),
    st.tuples(st.just("repair"), st.integers(1, 5)),
    st.tuples(st.just("advance"), st.integers(0, 10), st.integers(1, 5)),
)


@given(st.lists(STEPS, max_size=120))
def test_in_any_weather_every_listener_gets_exactly_what_follows_its_cursor(
    steps: list[tuple[object, ...]],
) -> None:
    world = World()
    for step in steps:
        match step:
            case ("commit",):
                world.commit()
            case ("hint", int(seq), bool(has_frame)):
                world.hint(seq, has_frame=has_frame)
            case ("join", int(since)):
                world.join(since)
            case ("repair", int(page)):
                world.repair(page)
            case ("advance", int(index), int(page)):
                world.advance(index, page)
            case _:
                raise AssertionError(step)
    world.settle()
    for listener in world.listeners:
        assert listener.got == [b"%d" % seq for seq in range(listener.since + 1, world.head + 1)]
