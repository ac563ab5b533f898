"""One channel's order in one process: which frame is next, which is old, where the gap is.

                 anchor(head)                      offer(last + 1): due
    unanchored ──────────────► current ◄──────────────────────────────┐
        │ offer: its number only  │ offer(> last + 1), notice(head)   │
        └─ until anchored         ▼                                   │
                                behind ── take(frames of the log) ────┘
                                  │
                                  └─ judge(extent): the log cannot help ──► restart

`last` is the number broadcast to every live socket of the channel, so that the hot path asks one
question per message and none per socket. A stream never skips and never guesses: what is missing
is read from the log by whoever performs `is_behind`. It has no clock, no task and no socket.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import islice
from typing import Final

from taskwire.realtime.ports import Extent, Frame
from taskwire.realtime.protocol import ResetReason

UNANCHORED: Final = -1

HELD_MAX: Final = 256
"""Frames kept beyond a gap. More are forgotten: the log has them, and the gap makes us read it."""

RECENT_MAX: Final = 256
"""Frames kept while somebody joins. On a busy channel a reader of the log would otherwise always
be one frame late, and never arrive."""

FUTILE_READS_MAX: Final = 3
"""A repair that does not help is not repeated for ever."""


class Stream:
    """The order of one channel. Numbers go up by one, or the whole stream is started again."""

    __slots__ = (
        "_held",
        "_recent",
        "epoch",
        "futile_reads",
        "last",
        "reset_reason",
        "target",
        "turn",
    )

    def __init__(self) -> None:
        self.epoch = ""
        self.last = UNANCHORED
        """The last number that went out."""
        self.target = 0
        """The highest number known to exist."""
        self.turn = 0
        """Counts restarts: a replay begun before one must not be joined to what follows it."""
        self.reset_reason: ResetReason | None = None
        """Why the last restart was."""
        self.futile_reads = 0
        self._held: dict[int, bytes] | None = None
        self._recent: deque[bytes] | None = None

    @property
    def is_anchored(self) -> bool:
        return self.last != UNANCHORED

    @property
    def is_behind(self) -> bool:
        """Numbers are known to exist that have not gone out: the log must be read."""
        return self.target > self.last != UNANCHORED

    def anchor(self, epoch: str, head: int) -> None:
        """Begin at the log's head. Of what was heard before only the numbers count.

        A frame does not say which life of the log it is of. One heard on the bus just before a
        restore would pass for the next frame after it (seed 9206 of the simulator found it).
        """
        assert not self.is_anchored, "a stream is anchored once; restart() begins another turn"
        self.epoch = epoch
        self.last = head
        self.target = max(self.target, head)

    def offer(self, seq: int, payload: bytes | None) -> Sequence[bytes]:
        """Hear a number (and its frame, if it came along). Returns the frames now due, in order.

        An old number is dropped here: a bus that doubles or repeats is normal.
        """
        if payload is not None and seq == self.last + 1 and self._held is None:
            self.last = seq
            self.target = max(self.target, seq)
            if self._recent is not None:
                self._recent.append(payload)
            return (payload,)
        if seq <= self.last:
            return ()
        self.target = max(self.target, seq)
        if payload is not None and self.is_anchored:
            self._hold(seq, payload)
        return self._release()

    def notice(self, head: int) -> None:
        """Hear from the log that numbers up to `head` exist."""
        self.target = max(self.target, head)

    def take(self, frames: Sequence[Frame]) -> list[bytes]:
        """Accept frames read from the log, whoever read them. Returns the frames now due."""
        due: list[bytes] = []
        for frame in frames:
            if frame.seq is not None:
                due.extend(self.offer(frame.seq, frame.payload))
        if due:
            self.futile_reads = 0
        return due

    def record(self) -> None:
        """Keep what goes out from here on, for those who join."""
        if self._recent is None:
            self._recent = deque(maxlen=RECENT_MAX)

    def forget(self) -> None:
        """Nobody joins any more."""
        self._recent = None

    def recent(self, after: int) -> list[bytes]:
        """The frames `after + 1 … last`, when all of them are still at hand; otherwise none."""
        missing = self.last - after
        if self._recent is None or not 0 < missing <= len(self._recent):
            return []
        return list(islice(self._recent, len(self._recent) - missing, None))

    def note_futile_read(self) -> None:
        """Remember that the log was read for the gap and had nothing for it."""
        self.futile_reads += 1

    def judge(self, epoch: str, extent: Extent, last_when_asked: int) -> ResetReason | None:
        """Compare with what the log says of itself; a reason means: restart, all sockets reset.

        `last_when_asked` is `last` before the log was asked. A head below it cannot be a late
        answer: the log went backwards. (A head below today's `last` can: frames came meanwhile.)
        `last` itself goes down only by a restart, and what was asked before one is answered by it.
        """
        if epoch != self.epoch:
            return ResetReason.EPOCH
        if extent.head < min(last_when_asked, self.last):
            return ResetReason.REWIND
        self.notice(extent.head)
        if extent.floor > self.last:
            return ResetReason.RETENTION
        if self.futile_reads >= FUTILE_READS_MAX and extent.head > self.last:
            return ResetReason.RETENTION
        if self.futile_reads:
            self._believe(extent.head)
        return None

    def restart(self, reason: ResetReason, epoch: str, head: int) -> None:
        """Begin another turn at `head`. The caller resets every socket of the channel."""
        self.turn += 1
        self.reset_reason = reason
        self.epoch = epoch
        self.last = self.target = head
        self.futile_reads = 0
        self._held = None
        if self._recent is not None:
            self._recent.clear()

    def _believe(self, head: int) -> None:
        # Whoever may publish may announce numbers that do not exist; reading for them would
        # never end. The log alone says how far a stream goes. What is real and was forgotten
        # here is noticed again by the next message or the next sweep.
        if self.target > head >= self.last:
            self.target = head
            self._held = None
        if not self.is_behind:
            self.futile_reads = 0  # it was a forgery, and says nothing of the log

    def _hold(self, seq: int, payload: bytes) -> None:
        if self._held is None:
            self._held = {}
        if len(self._held) < HELD_MAX or seq == self.last + 1:
            self._held[seq] = payload

    def _release(self) -> list[bytes]:
        due: list[bytes] = []
        if self._held is None:
            return due
        while (payload := self._held.pop(self.last + 1, None)) is not None:
            self.last += 1
            due.append(payload)
            if self._recent is not None:
                self._recent.append(payload)
        for seq in [seq for seq in self._held if seq <= self.last]:
            del self._held[seq]
        if not self._held:
            self._held = None
        return due
