"""Runs seeds and judges each.

python -m tests.faults.simulation --seeds 500 [--first N] [--processes N]
python -m tests.faults.simulation --seed N          one seed again, with its history
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from tests.faults.checker.model import Verdict, Violation
from tests.faults.history import Record
from tests.faults.simulation.coverage import missing
from tests.faults.simulation.judgement import digest_of
from tests.faults.simulation.trial import Outcome, Trial, try_and_forget, try_seed

EXIT = {Verdict.PASS: 0, Verdict.FAIL: 1, Verdict.UNKNOWN: 2}
FAILURES_MAX = 5
"""After so many failing seeds the rest would say the same."""

SEEDS_AT_A_TIME = 8


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.simulation")
    parser.add_argument("--seeds", type=int, default=500)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--processes", type=int, default=1)
    asked = parser.parse_args(arguments)
    if asked.seed is not None:
        return EXIT[replay(asked.seed)]
    return EXIT[run_seeds(asked.first, asked.seeds, asked.processes)]


def replay(seed: int) -> Verdict:
    """Run one seed and print all of it."""
    trial = try_seed(seed)
    if trial.run is not None:
        for record in trial.run.history:
            say(describe(record))
        say(f"{trial.run.plan}")
        say(f"digest {digest_of(trial.run)}")
    tell(trial)
    return Verdict.FAIL if trial.violations else Verdict.PASS


def run_seeds(first: int, count: int, processes: int = 1) -> Verdict:
    """Run many, and see that they were not about nothing."""
    began_s, seen, failed, tried = time.monotonic(), Counter[str](), 0, 0
    with _outcomes(range(first, first + count), processes) as outcomes:
        for outcome in outcomes:
            tried += 1
            seen.update(outcome.seen)
            if outcome.violations:
                failed += 1
                tell(outcome)
            if failed >= FAILURES_MAX:
                break
    took_s = time.monotonic() - began_s
    for what in sorted(seen):
        say(f"  {what}: {seen[what]}")
    say(f"{tried} seeds from {first} in {took_s:.1f} s, {tried / took_s:.0f} seeds/s")
    return conclude(failed, missing(seen, tried))


@contextmanager
def _outcomes(seeds: Iterable[int], processes: int) -> Iterator[Iterable[Outcome]]:
    """In this process, or in several beside each other: a seed is the same run anywhere."""
    if processes == 1:
        yield map(try_and_forget, seeds)
        return
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield pool.imap_unordered(try_and_forget, seeds, chunksize=SEEDS_AT_A_TIME)


def conclude(failed: int, lacking: Sequence[str]) -> Verdict:
    incomplete = Verdict.UNKNOWN if lacking else Verdict.PASS
    verdict = Verdict.FAIL if failed else incomplete
    for line in lacking:
        say(f"too seldom: {line}")
    say(verdict.value)
    return verdict


def tell(trial: Trial | Outcome) -> None:
    if not trial.violations:
        say(f"seed {trial.seed}: all laws hold")
        return
    say(f"seed {trial.seed} FAILS: python -m tests.faults.simulation --seed {trial.seed}")
    for violation in trial.violations:
        say(_named(violation))


def describe(record: Record) -> str:
    rest = {key: value for key, value in record.items() if key not in ("t", "proc", "f", "reader")}
    said = json.dumps(rest, separators=(",", ":"))
    return f"{record['t']:10.4f} {record['proc']:>12} {record['f']:<8} {said}"


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _named(violation: Violation) -> str:
    return f"  {violation.law}: {violation.example}"


if __name__ == "__main__":
    sys.exit(main())
