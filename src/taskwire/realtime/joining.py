"""Takes a listener from its cursor to the live stream: a socket, or a long poll.

    subscribe (confirmed, or a bounded wait) → read the position → hello → replay → attach

In this order: what is published after the subscription reaches the stream, and what was committed
before the position was read is in the log. A position read first would leave a hole between.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from taskwire.realtime.batch import Batcher
from taskwire.realtime.connection import Connection, Poll, chunks
from taskwire.realtime.counters import Counters
from taskwire.realtime.hub import Channel, Hub
from taskwire.realtime.limits import Limits
from taskwire.realtime.pacing import Pacing
from taskwire.realtime.ports import Bus, ChangeLog, Extent, Frame, LogUnavailable, Range
from taskwire.realtime.protocol import Cursor, ResetReason, encode_hello, encode_reset
from taskwire.realtime.recovery import PAGE_MAX, Recovery, decide
from taskwire.realtime.repair import COMPARED_AT_ONCE_MAX, Deliver, Repairs
from taskwire.realtime.stream import Stream

Answer = TypeVar("Answer")

RANGES_AT_ONCE_MAX: Final = 50
"""Replays read in one question: up to 50 pages of 500 frames are in memory for it."""
READS_AT_ONCE_MAX: Final = 2
WRITE_BYTES_MAX: Final = 256 * 1024
RETRY_S: Final = 0.25


@dataclass(frozen=True, slots=True)
class Changes:
    """What a long poll gets: frames as on a socket, and the cursor after them."""

    items: Sequence[bytes]
    epoch: str
    seq: int


@dataclass(frozen=True, slots=True)
class _Place:
    epoch: str
    extent: Extent


class Joining:
    """The way in. Each listener walks it in a task of its own; the questions are asked together."""

    def __init__(
        self,
        log: ChangeLog,
        bus: Bus,
        hub: Hub,
        repairs: Repairs,
        pacing: Pacing,
        deliver: Deliver,
        limits: Limits,
        counters: Counters,
    ) -> None:
        self._log = log
        self._bus = bus
        self._hub = hub
        self._repairs = repairs
        self._pacing = pacing
        self._deliver = deliver
        self._limits = limits
        self._counters = counters
        self._places: Batcher[str, _Place] = Batcher(
            self._read_places, batch_max=COMPARED_AT_ONCE_MAX, at_once_max=1
        )
        self._pages: Batcher[Range, Sequence[Frame]] = Batcher(
            log.read, batch_max=RANGES_AT_ONCE_MAX, at_once_max=READS_AT_ONCE_MAX
        )

    async def welcome(self, connection: Connection, since: Cursor | None) -> None:
        """Bring a socket to the live stream.

        Raises LogUnavailable when the log does not answer in time, TimeoutError when the client
        does not take its replay. Returns early when the socket closes on the way.
        """
        channel = connection.channel
        await self._bus.subscribe(channel.name)
        place = await self._patiently(partial(self._place, channel))
        if not connection.is_open:
            return
        start = decide(since, place.epoch, place.extent)
        head = place.extent.head
        heartbeat_s = self._limits.heartbeat_interval_s
        self._send(connection, [encode_hello(place.epoch, head, heartbeat_s)])
        if start.reset is not None:
            self._reset(connection, start.reset, place.epoch, head)
        await self._catch_up(connection, Recovery(start.after, channel.stream.turn))

    async def changes(
        self, poll: Poll, channel: Channel, since: Cursor | None, wait_s: float
    ) -> Changes:
        """Answer a long poll that joined the hub. Raises LogUnavailable."""
        await self._bus.subscribe(channel.name)
        place = await self._place(channel)
        start = decide(since, place.epoch, place.extent)
        if start.reset is not None:
            self._counters.resets[start.reset.value] += 1
            head = place.extent.head
            return Changes([encode_reset(start.reset, place.epoch, head)], place.epoch, head)
        stream = channel.stream
        recovery = Recovery(start.after, stream.turn)
        while not recovery.has_met(stream):
            items = recovery.bridge(stream) or await self._advance(channel, recovery)
            if recovery.has_turned(stream) or recovery.is_stuck:
                return self._anew(channel, recovery)
            if items:
                return Changes(items, place.epoch, recovery.position)
        self._hub.attach(channel, poll)
        await asyncio.wait((poll.woken,), timeout=wait_s)
        if len(poll.payloads) <= PAGE_MAX:
            return Changes(poll.payloads, stream.epoch, stream.last)
        frames = await self._pages.ask(Range(channel.name, recovery.position, PAGE_MAX))
        return Changes(
            [frame.payload for frame in frames], stream.epoch, recovery.position + len(frames)
        )

    async def _catch_up(self, connection: Connection, recovery: Recovery) -> None:
        channel = connection.channel
        stream = channel.stream
        while not recovery.has_met(stream):
            if recovery.has_turned(stream) or recovery.is_stuck:
                self._reset(connection, _why(recovery, stream), stream.epoch, stream.last)
                recovery = Recovery(stream.last, stream.turn)
                continue
            recent = recovery.bridge(stream)
            if recent:
                self._send(connection, recent)
                continue
            mine = await self._advance(channel, recovery)
            self._counters.replayed_frames += len(mine)
            for chunk in chunks(mine, WRITE_BYTES_MAX):
                await connection.writable(self._limits.replay_stall_s)
                if not connection.is_open:
                    return
                self._send(connection, chunk)
            if not connection.is_open:
                return
        self._hub.attach(channel, connection)
        connection.attach()

    async def _advance(self, channel: Channel, recovery: Recovery) -> list[bytes]:
        """Read one page for a joiner, and give the stream what it did not know."""
        stream = channel.stream
        after = recovery.reads_after(stream)
        page = Range(channel.name, after, PAGE_MAX)
        frames = await self._patiently(partial(self._pages.ask, page))
        if recovery.has_turned(stream):
            return []
        mine, everyones = recovery.take(frames, stream)
        if everyones:
            self._counters.gap_repairs["resumed"] += len(everyones)
            self._deliver(channel, everyones)
        if recovery.is_stuck:
            # Was it pruned, or did the log go backwards? The stream judges, and may begin anew.
            await self._patiently(partial(self._place, channel))
        return mine

    async def _patiently(self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """Ask the log, again and again while it is away, within a bound."""
        loop = asyncio.get_running_loop()
        deadline_s = loop.time() + self._limits.join_patience_s
        while True:
            try:
                return await ask()
            except LogUnavailable:
                self._counters.log_failures += 1
                if loop.time() >= deadline_s:
                    raise
            await asyncio.sleep(RETRY_S)

    async def _place(self, channel: Channel) -> _Place:
        """Ask the log where a channel stands, and let its stream hear the answer."""
        stream = channel.stream
        last_when_asked = stream.last
        place = await self._places.ask(channel.name)
        if not stream.is_anchored:
            stream.anchor(place.epoch, place.extent.head)
            if stream.is_behind:
                self._repairs.want(channel, "gap")
        else:
            self._pacing.catch_up(channel)
            self._repairs.compare(channel, place.epoch, place.extent, last_when_asked, "resumed")
        return place

    async def _read_places(self, names: Sequence[str]) -> Sequence[_Place]:
        positions = await self._log.positions(names)
        nothing = Extent(0, 0)
        return [_Place(positions.epoch, positions.extents.get(name, nothing)) for name in names]

    def _send(self, connection: Connection, payloads: Sequence[bytes]) -> None:
        self._counters.deliveries += len(payloads)
        connection.deliver(self._hub.batch(payloads))

    def _reset(self, connection: Connection, reason: ResetReason, epoch: str, head: int) -> None:
        self._counters.resets[reason.value] += 1
        self._send(connection, [encode_reset(reason, epoch, head)])

    def _anew(self, channel: Channel, recovery: Recovery) -> Changes:
        stream = channel.stream
        reason = _why(recovery, stream)
        self._counters.resets[reason.value] += 1
        frame = encode_reset(reason, stream.epoch, stream.last)
        return Changes([frame], stream.epoch, stream.last)


def _why(recovery: Recovery, stream: Stream) -> ResetReason:
    """Say why a replay cannot go on: the stream began anew, or the log lost what comes next."""
    if recovery.has_turned(stream) and stream.reset_reason is not None:
        return stream.reset_reason
    return ResetReason.RETENTION
