"""One channel as its client sees it: what is next, what is missing, when to come back. No I/O.

hello ──► numbered frame: next → heard, and the cursor moves
                          old  → ignored
                          gap  → reopen from the cursor; the server has the rest
          reset         → the cursor jumps; what was held is worth nothing
          silence       → reopen
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from typing_extensions import override

from taskwire.realtime.close_codes import CLOSE_REASONS, Advice

RETRY_FIRST_S = 0.5
RETRY_MAX_S = 30.0
HEARTBEATS_MISSED_MAX = 2.5
_STAYS_AWAY = frozenset(
    reason.code for reason in CLOSE_REASONS if reason.advice is Advice.STAY_AWAY
)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place in a stream up to which everything was heard."""

    epoch: str
    seq: int

    @override
    def __str__(self) -> str:
        return f"{self.epoch}.{self.seq}"


@dataclass(frozen=True, slots=True)
class Heard:
    """A frame to show; each numbered one comes here once and in order."""

    frame: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing to show: an echo of what was heard, or a sign of life."""


@dataclass(frozen=True, slots=True)
class Reopen:
    """This socket cannot be trusted any further; the next one starts at the cursor."""

    reason: str


Verdict = Heard | Ignored | Reopen


class Channel:
    """Outlives its sockets: call `opened` for each, `receive` for each frame."""

    def __init__(self) -> None:
        self.cursor: Cursor | None = None
        self._heartbeat_s = 15.0
        self._heard_at_s = 0.0

    def opened(self, now_s: float) -> None:
        self._heard_at_s = now_s

    @property
    def silent_after_s(self) -> float:
        return self._heartbeat_s * HEARTBEATS_MISSED_MAX

    def is_silent(self, now_s: float) -> bool:
        """Dead lines do not close themselves: only the missing heartbeat tells."""
        return now_s - self._heard_at_s > self.silent_after_s

    def receive(self, text: str, now_s: float) -> Verdict:
        self._heard_at_s = now_s
        try:
            frame = json.loads(text)
        except ValueError:
            return Reopen("a frame that is not JSON")
        if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
            return Ignored()  # a later version may speak of more than we know
        return self._decide(frame)

    def _decide(self, frame: dict[str, Any]) -> Verdict:
        match frame:
            case {"type": "hello", "data": {"epoch": str() as epoch, "seq": int() as seq, **more}}:
                self.cursor = self.cursor or Cursor(epoch, seq)
                heartbeat_s = more.get("heartbeat_seconds")
                if isinstance(heartbeat_s, int | float):
                    self._heartbeat_s = heartbeat_s
                return Heard(frame)
            case {"type": "reset", "data": {"epoch": str() as epoch, "seq": int() as seq}}:
                self.cursor = Cursor(epoch, seq)
                return Heard(frame)
            case {"type": "heartbeat", "data": {"seq": int() as seq}}:
                return self._on_heartbeat(seq)
            case {"type": "hello" | "reset" | "heartbeat"}:
                return Ignored()  # not as we know them
            case {"seq": int() as seq}:
                return self._on_numbered(frame, seq)
            case _:
                return Heard(frame)  # nothing remembers it: show it, move nothing

    def _on_heartbeat(self, seq: int) -> Verdict:
        if self.cursor is not None and seq > self.cursor.seq:
            return Reopen(f"missed {self.cursor.seq + 1}…{seq}")
        return Ignored()

    def _on_numbered(self, frame: dict[str, Any], seq: int) -> Verdict:
        if self.cursor is None:
            return Reopen("a numbered frame before hello")
        if seq <= self.cursor.seq:
            return Ignored()
        if seq > self.cursor.seq + 1:
            return Reopen(f"missed {self.cursor.seq + 1}…{seq - 1}")
        self.cursor = Cursor(self.cursor.epoch, seq)
        return Heard(frame)


def may_come_back(close_code: int | None) -> bool:
    """A line that broke without a word has no code: come back. Unknown codes: come back, slowly."""
    return close_code not in _STAYS_AWAY


def retry_delay_s(attempt: int, chance: float) -> float:
    """Full jitter, `chance` in 0…1: after a restart a thousand clients must not come as one."""
    return chance * float(min(RETRY_MAX_S, RETRY_FIRST_S * 2 ** min(attempt, 16)))
