"""Joins the log to the live stream for one connection: no gap, no repeat.

    decide(since) ─► at the head ─┐
                  ├► replay ──────┼─► reading ──take(frames)──► reading … ──► met: attach
                  └► reset ───────┘      │
                                         └─ the stream was restarted meanwhile ─► turned: reset

A joiner has a position of its own, the stream has `last`. Both read the same log until they are
equal *in the same tick*; then the joiner is attached and shares the stream's position for the
rest of its life. The last few frames come from the stream's memory: a log is always read a little
late, and on a busy channel the two would never be equal otherwise. What a joiner reads beyond the stream is given to the stream too, so nobody who
is live can ever be behind somebody who is joining.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from taskwire.realtime.ports import Extent, Frame
from taskwire.realtime.protocol import Cursor, ResetReason
from taskwire.realtime.stream import FUTILE_READS_MAX, Stream

PAGE_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class Start:
    """Where a joiner begins, and whether it must first drop what it holds."""

    after: int
    reset: ResetReason | None = None


def decide(since: Cursor | None, epoch: str, extent: Extent) -> Start:
    """Judge a cursor by what the log holds. Never a partial replay: all of it, or a reset."""
    if since is None:
        return Start(extent.head)
    if since.epoch != epoch:
        return Start(extent.head, ResetReason.EPOCH)
    if since.seq > extent.head:
        return Start(extent.head, ResetReason.REWIND)
    if since.seq < extent.floor:
        return Start(extent.head, ResetReason.RETENTION)
    return Start(since.seq)


class Recovery:
    """One connection on its way to the live stream."""

    __slots__ = ("futile_reads", "position", "turn")

    def __init__(self, after: int, turn: int) -> None:
        self.position = after
        self.turn = turn
        self.futile_reads = 0

    def has_met(self, stream: Stream) -> bool:
        """True: attach now, before anything else happens."""
        return self.position == stream.last and self.turn == stream.turn

    def has_turned(self, stream: Stream) -> bool:
        """True: the stream was restarted; what was replayed belongs to another life of the log."""
        return self.turn != stream.turn

    @property
    def is_stuck(self) -> bool:
        """True: the log says there is more and gives none; it must be judged again."""
        return self.futile_reads >= FUTILE_READS_MAX

    def reads_after(self, stream: Stream) -> int:
        """Name the number after which to read next: that of whoever is further back."""
        return min(self.position, stream.last)

    def bridge(self, stream: Stream) -> list[bytes]:
        """Take the last frames from memory instead of the log, if they reach up to the stream."""
        recent = stream.recent(self.position) if self.turn == stream.turn else []
        self.position += len(recent)
        return recent

    def take(self, frames: Sequence[Frame], stream: Stream) -> tuple[list[bytes], list[bytes]]:
        """Accept a page. Returns what is due to this connection, and what to all live ones."""
        # Others read the same log: a page that they were faster with is old, and not futile.
        is_given = bool(frames) and (frames[0].seq or 0) <= self.reads_after(stream) + 1
        mine: list[bytes] = []
        for frame in frames:
            if frame.seq == self.position + 1:
                self.position += 1
                mine.append(frame.payload)
        everyones = stream.take(frames)
        self.futile_reads = 0 if is_given else self.futile_reads + 1
        return mine, everyones
