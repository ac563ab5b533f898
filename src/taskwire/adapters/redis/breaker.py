"""Stops asking somebody who does not answer (pure).

closed ──FAILURES_MAX in a row──► open ──OPEN_S──► half open ──succeeded──► closed
                                    ▲                  └── failed ──┐
                                    └───────────────────────────────┘
"""

from __future__ import annotations

from typing import Final

FAILURES_MAX: Final = 3
OPEN_S: Final = 1.0


class Breaker:
    """Counts failures in a row; `now_s` comes from the caller."""

    __slots__ = ("_failures", "_opened_at_s")

    def __init__(self) -> None:
        self._failures = 0
        self._opened_at_s: float | None = None

    @property
    def is_open(self) -> bool:
        return self._opened_at_s is not None

    def lets_pass(self, now_s: float) -> bool:
        """Whether to try. Half open is not a state to be kept: the next failure opens again."""
        if self._opened_at_s is None:
            return True
        if now_s - self._opened_at_s < OPEN_S:
            return False
        self._opened_at_s = None
        self._failures = FAILURES_MAX - 1
        return True

    def succeeded(self) -> None:
        self._failures = 0
        self._opened_at_s = None

    def failed(self, now_s: float) -> bool:
        """Count a failure. True: it opened the breaker."""
        self._failures += 1
        if self._failures < FAILURES_MAX or self._opened_at_s is not None:
            return False
        self._opened_at_s = now_s
        return True
