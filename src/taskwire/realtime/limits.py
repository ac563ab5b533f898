"""The bounds of one process, and the two that need counting: seats and messages.

Each bound is named, and so is what happens beyond it. Nothing here has a clock.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from taskwire.realtime.close_codes import LATER, TOO_MANY, CloseReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Every number the engine is held to. `bootstrap` fills it from the settings."""

    sockets_max: int = 20_000
    sockets_per_user_max: int = 100
    sockets_per_address_max: int = 1000
    socket_lifetime_s: float = 900.0
    heartbeat_interval_s: float = 15.0
    messages_per_s: float = 20.0
    messages_burst: int = 60
    outbound_bytes_max: int = 1024 * 1024
    outbound_frames_max: int = 1000
    long_polls_max: int = 2000
    replay_stall_s: float = 15.0
    """How long a client may take no byte of its replay before it is closed as slow."""
    join_patience_s: float = 10.0
    """How long a new socket waits for a log that does not answer before it is sent away (1013)."""


class Seats:
    """Who holds how many sockets. The newest is refused: an open tab is never thrown out."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._total = 0
        self._by_subject: Counter[str] = Counter()
        self._by_address: Counter[str] = Counter()

    def take(self, subject: str, address: str) -> CloseReason | None:
        """Take a seat, or say why there is none."""
        limits = self._limits
        if self._total >= limits.sockets_max:
            return LATER
        if self._by_subject[subject] >= limits.sockets_per_user_max:
            return TOO_MANY
        if self._by_address[address] >= limits.sockets_per_address_max:
            return TOO_MANY
        self._total += 1
        self._by_subject[subject] += 1
        self._by_address[address] += 1
        return None

    def give_back(self, subject: str, address: str) -> None:
        self._total -= 1
        _decrease(self._by_subject, subject)
        _decrease(self._by_address, address)


def _decrease(counts: Counter[str], key: str) -> None:
    counts[key] -= 1
    if not counts[key]:
        del counts[key]


class TokenBucket:
    """`burst` messages at once, then `per_s` a second."""

    __slots__ = ("_burst", "_filled_at_s", "_per_s", "_tokens")

    def __init__(self, per_s: float, burst: int, now_s: float) -> None:
        self._per_s = per_s
        self._burst = burst
        self._tokens = float(burst)
        self._filled_at_s = now_s

    def take(self, now_s: float) -> bool:
        """Pay for one message. False: there were too many."""
        earned = (now_s - self._filled_at_s) * self._per_s
        self._tokens = min(self._burst, self._tokens + earned)
        self._filled_at_s = now_s
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
