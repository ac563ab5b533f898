"""How long to wait before the next attempt: growing, bounded, and different in each process."""

from __future__ import annotations

import random
from typing import Final

FIRST_S: Final = 0.05
LAST_S: Final = 2.0


class Backoff:
    """Equal jitter: half of the wait is certain, half is chance, so that hosts do not march."""

    def __init__(self, first_s: float = FIRST_S, last_s: float = LAST_S) -> None:
        self._first_s = first_s
        self._last_s = last_s
        self._next_s = first_s

    def next_s(self) -> float:
        bound_s = self._next_s
        self._next_s = min(self._last_s, bound_s * 2)
        return bound_s / 2 + random.random() * bound_s / 2  # noqa: S311 - chance, not secrecy

    def reset(self) -> None:
        self._next_s = self._first_s
