"""Spreads a duty that each socket has once a period evenly over that period (pure).

One task turns the wheel. 20,000 timers would cost memory per socket, and sockets that came in one
storm would be visited in one.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Generic, TypeVar

Item = TypeVar("Item")

TICK_S: Final = 0.1
SLICES_MAX: Final = 600


class Wheel(Generic[Item]):
    """`period_s` cut into slices; each item stands in one."""

    def __init__(self, period_s: float) -> None:
        count = min(SLICES_MAX, max(1, round(period_s / TICK_S)))
        self._slices: list[set[Item]] = [set() for _ in range(count)]
        self._hand = 0
        self.tick_s = period_s / count
        """Turn the wheel this often."""

    def add(self, item: Item) -> int:
        """Put an item into the slice just visited: its first visit is one period away."""
        self._slices[self._hand].add(item)
        return self._hand

    def remove(self, item: Item, slot: int) -> None:
        """Take an item out of the slice that `add` named."""
        self._slices[slot].discard(item)

    def turn(self) -> Collection[Item]:
        """Move on by one slice and return a copy of it: a visit may remove items."""
        self._hand = (self._hand + 1) % len(self._slices)
        return tuple(self._slices[self._hand])
