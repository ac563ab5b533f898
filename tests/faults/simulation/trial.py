"""One seed, tried: the run and what is wrong with it, also when it did not come to its end."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.faults.checker.model import Violation
from tests.faults.simulation.clock import StuckError
from tests.faults.simulation.judgement import judge_run
from tests.faults.simulation.world import Run, simulate


@dataclass(frozen=True, slots=True)
class Trial:
    """`run` is None when it did not end."""

    seed: int
    run: Run | None
    violations: Sequence[Violation]


def try_seed(seed: int) -> Trial:
    """Run and judge one seed."""
    try:
        run = simulate(seed)
    except StuckError as stuck:
        return Trial(seed, None, [Violation("S5", str(stuck))])
    except Exception:  # noqa: BLE001 - whatever a broken engine does, the seed is to be named
        return Trial(seed, None, [Violation("S8", traceback.format_exc())])
    return Trial(seed, run, judge_run(run))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is left of a trial when its history is thrown away."""

    seed: int
    violations: Sequence[Violation]
    seen: Counter[str]


def try_and_forget(seed: int) -> Outcome:
    """Run and judge one seed, also in a process of its own."""
    trial = try_seed(seed)
    return Outcome(seed, trial.violations, trial.run.seen if trial.run else Counter())
