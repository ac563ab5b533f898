"""Stops asking somebody who does not answer (pure).

closed ──FAILURES_MAX in a row──► open ──OPEN_S──► half open ──succeeded──► closed
                                    ▲                  └── failed ──┐
                                    └───────────────────────────────┘
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

FAILURES_MAX: Final = 3
OPEN_S: Final = 1.0


class BreakerState(Enum):
    CLOSED = auto()
    OPEN = auto()
    HALF_OPEN = auto()
    """Whoever asks may try, and the first answer decides."""


class Breaker:
    """Counts failures in a row; `now_s` comes from the caller."""

    __slots__ = ("_failures", "_opened_at_s", "state")

    def __init__(self) -> None:
        self.state = BreakerState.CLOSED
        self._failures = 0
        self._opened_at_s = 0.0

    def lets_pass(self, now_s: float) -> bool:
        """Whether to try."""
        match self.state:
            case BreakerState.CLOSED | BreakerState.HALF_OPEN:
                return True
            case BreakerState.OPEN:
                if now_s - self._opened_at_s < OPEN_S:
                    return False
                self.state = BreakerState.HALF_OPEN
                return True

    def succeeded(self) -> None:
        """Whatever was thought of it, it answers."""
        self.state = BreakerState.CLOSED
        self._failures = 0

    def failed(self, now_s: float) -> bool:
        """Count a failure. True: it opened the breaker."""
        match self.state:
            case BreakerState.CLOSED:
                self._failures += 1
                if self._failures < FAILURES_MAX:
                    return False
            case BreakerState.HALF_OPEN:
                pass
            case BreakerState.OPEN:
                return False  # it was under way when another one opened it
        self.state = BreakerState.OPEN
        self._opened_at_s = now_s
        return True
