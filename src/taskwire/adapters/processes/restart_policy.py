"""When a child that died starts again, and when there is no point in trying. No clock, no process.

died ──► Restart(delay) ──► lives long enough: the delay starts small again
  │
  └────► GiveUp: it asked for a person, or it has never lived and died too often
"""

from __future__ import annotations

from dataclasses import dataclass

from taskwire.adapters.processes.errors import EXIT_FIX_FIRST

DELAY_FIRST_S = 0.1
DELAY_MAX_S = 30.0
LIVED_S = 10.0
DEATHS_AT_BIRTH_MAX = 5


@dataclass(frozen=True, slots=True)
class Restart:
    delay_s: float


@dataclass(frozen=True, slots=True)
class GiveUp:
    reason: str


class RestartPolicy:
    """One child's history, as far as it decides about the next start.

    A child that has once lived is tried for ever: giving up would turn a bad hour of its
    surroundings into an outage that waits for a person.
    """

    def __init__(self) -> None:
        self._has_lived = False
        self._deaths_in_a_row = 0

    def died(self, exit_code: int, lived_s: float) -> Restart | GiveUp:
        if exit_code == EXIT_FIX_FIRST:
            return GiveUp("it needs something fixed first")
        if lived_s >= LIVED_S:
            self._has_lived = True
            self._deaths_in_a_row = 0
        self._deaths_in_a_row += 1
        if not self._has_lived and self._deaths_in_a_row >= DEATHS_AT_BIRTH_MAX:
            return GiveUp(f"it died {self._deaths_in_a_row} times at its start")
        return Restart(self._delay_s())

    def _delay_s(self) -> float:
        doublings = min(self._deaths_in_a_row - 1, 16)  # a larger power serves nobody
        return float(min(DELAY_FIRST_S * 2**doublings, DELAY_MAX_S))
