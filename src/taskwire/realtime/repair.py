"""Reads from the log what the live streams miss, and restarts those that the log no longer fits.

One task for the whole process: however many channels are behind, the database sees one reader,
and what falls behind while it reads goes into its next question.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from taskwire.realtime.counters import Counters
from taskwire.realtime.hub import Channel, Hub
from taskwire.realtime.ports import ChangeLog, Extent, LogUnavailable, Range
from taskwire.realtime.protocol import ResetReason, encode_reset
from taskwire.realtime.recovery import PAGE_MAX

LOG = logging.getLogger(__name__)

COMPARED_AT_ONCE_MAX: Final = 500
RANGES_AT_ONCE_MAX: Final = 100
RETRY_S: Final = 0.25

Deliver = Callable[[Channel, Sequence[bytes]], None]


class Repairs:
    """Who is behind, who is in doubt, and the task that looks after both."""

    def __init__(self, log: ChangeLog, hub: Hub, deliver: Deliver, counters: Counters) -> None:
        self._log = log
        self._hub = hub
        self._deliver = deliver
        self._counters = counters
        self._behind: dict[Channel, str] = {}
        self._doubtful: dict[Channel, None] = {}
        self._wanted = asyncio.Event()

    def want(self, channel: Channel, cause: str) -> None:
        """Have a channel that is behind read from the log. `cause` is for the counters."""
        self._behind.setdefault(channel, cause)
        self._wanted.set()

    def doubt(self, channels: Iterable[Channel]) -> None:
        """Have channels compared with the log: messages may have been missed."""
        self._doubtful.update(dict.fromkeys(channels))
        self._wanted.set()

    @property
    def is_busy(self) -> bool:
        """True while a channel is known to be behind or in doubt."""
        return bool(self._behind or self._doubtful)

    async def run(self) -> None:
        """Repair until cancelled. No failure of the log ends it."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                while self.is_busy:
                    await self._compare_some()
                    await self._read_some()
            except LogUnavailable:
                self._counters.log_failures += 1
                await self._try_again_later()
            except Exception:
                LOG.exception("a repair failed")
                self._counters.failures += 1
                await self._try_again_later()

    async def _try_again_later(self) -> None:
        await asyncio.sleep(RETRY_S)
        self._wanted.set()

    async def _compare_some(self) -> None:
        """Ask for one batch of extents; a batch that failed stays in doubt."""
        batch = list(self._doubtful)[:COMPARED_AT_ONCE_MAX]
        if not batch:
            return
        lasts = [channel.stream.last for channel in batch]
        positions = await self._log.positions([channel.name for channel in batch])
        for channel, last in zip(batch, lasts, strict=True):
            self._doubtful.pop(channel, None)
            extent = positions.extents.get(channel.name, Extent(0, 0))
            self.compare(channel, positions.epoch, extent, last, "resumed")

    def compare(
        self, channel: Channel, epoch: str, extent: Extent, last_when_asked: int, cause: str
    ) -> None:
        """Hold a channel against what the log said of it: repair it, or start it again."""
        stream = channel.stream
        if not stream.is_anchored or not self._hub.serves(channel):
            return
        reason = stream.judge(epoch, extent, last_when_asked)
        if reason is not None:
            self.restart(channel, reason, epoch, extent.head)
        elif stream.is_behind:
            self.want(channel, cause)

    def restart(self, channel: Channel, reason: ResetReason, epoch: str, head: int) -> None:
        """Begin a channel anew at `head` and tell all its sockets so."""
        channel.stream.restart(reason, epoch, head)
        if channel.put_off:
            channel.put_off.clear()  # of which life of the log it is, a frame does not say
        self._counters.resets[reason.value] += len(channel.live)
        self._deliver(channel, [encode_reset(reason, epoch, head)])

    async def _read_some(self) -> None:
        """Read one batch of gaps. A channel stays in the list until its gap is closed."""
        batch = self._still_behind()[:RANGES_AT_ONCE_MAX]
        if not batch:
            return
        ranges = [Range(channel.name, channel.stream.last, PAGE_MAX) for channel in batch]
        turns = [channel.stream.turn for channel in batch]
        pages = await self._log.read(ranges)
        for channel, turn, asked, frames in zip(batch, turns, ranges, pages, strict=True):
            stream = channel.stream
            if stream.turn != turn:
                continue  # it began anew meanwhile: the page is of the log's life before
            due = stream.take(frames)
            if due:
                self._counters.gap_repairs[self._behind.get(channel, "gap")] += len(due)
                self._deliver(channel, due)
            elif stream.is_behind and stream.last == asked.after:
                # The number is known and the log has it not: forged, forgotten or rewound.
                # Only the log's own extent can tell.
                stream.note_futile_read()
                self.doubt([channel])

    def _still_behind(self) -> list[Channel]:
        for channel in [
            channel
            for channel in self._behind
            if not channel.stream.is_behind or not self._hub.serves(channel)
        ]:
            del self._behind[channel]
        return list(self._behind)
