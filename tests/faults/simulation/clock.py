"""An event loop without I/O whose time jumps to the next timer when nothing is left to do now.

Nothing here waits, so a minute of a whole installation takes milliseconds, and nothing depends on
the machine, so a seed is the same run everywhere.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Coroutine
from contextvars import Context
from random import Random
from typing import Any, Final, TypeVar

from typing_extensions import TypeVarTuple, override

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")

BEGIN_S: Final = 1000.0
STEPS_AT_ONE_TIME_MAX: Final = 50_000
GRID_S: Final = 0.002
"""What arrives within one line of the grid is there in one turn of the loop, as on a busy one."""
_RESOLUTION_S: Final = 1e-9


class StuckError(Exception):
    """Nothing will ever happen again, or all happens at once and time does not pass."""


class VirtualLoop(asyncio.BaseEventLoop):
    """asyncio as it is, but for the clock and the waiting."""

    def __init__(self) -> None:
        super().__init__()
        self._now_s = BEGIN_S
        self._steps = 0
        self._taken: set[float] = set()
        self._selector = self  # BaseEventLoop waits for I/O here, and only here
        self._clock_resolution = _RESOLUTION_S

    @override
    def time(self) -> float:
        return self._now_s

    @override
    def call_at(
        self,
        when: float,
        callback: Callable[[*Arguments], object],
        *args: *Arguments,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        # Timers of equal time would run in an order that depends on all other timers. Each gets
        # an instant of its own, so that they run in the order in which they were asked for.
        when = max(when, self._now_s)
        while when in self._taken:
            when = math.nextafter(when, math.inf)
        self._taken.add(when)
        return super().call_at(when, callback, *args, context=context)

    def select(self, timeout: float | None) -> list[object]:
        """Let time pass; no file is ever ready."""
        if timeout is None:
            raise StuckError("everybody waits, and nothing is under way")
        if timeout > 0:
            self._now_s += timeout
            self._steps = 0
            if len(self._taken) > STEPS_AT_ONE_TIME_MAX:
                self._taken = {when for when in self._taken if when >= self._now_s}
        self._steps += 1
        if self._steps > STEPS_AT_ONE_TIME_MAX:
            raise StuckError(f"time stands still at {self._now_s}")
        return []

    def _process_events(self, _events: list[object]) -> None: ...

    def _write_to_self(self) -> None: ...


class Stopwatch:
    """Moves on by chance each time it is read: here work takes no time, and some has to seem to."""

    def __init__(self, chance: Random, step_max_s: float) -> None:
        self._chance = chance
        self._step_max_s = step_max_s
        self._now_s = 0.0

    def __call__(self) -> float:
        self._now_s += self._chance.random() * self._step_max_s
        return self._now_s


def on_grid(at_s: float) -> float:
    """The next line of the grid after `at_s`."""
    return (at_s // GRID_S + 1) * GRID_S


def run_virtually(main: Coroutine[Any, Any, Result]) -> Result:
    """Run to the end in a loop of its own."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(main)
    finally:
        loop.close()
