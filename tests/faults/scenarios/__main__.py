"""Play scenarios at full size and write down what was measured.

    python -m tests.faults.scenarios [--no-report] [name …]

One line for each, with PASS or FAIL and by how much; the exit code is the number of failures.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace

import uvloop

from tests.faults.scenarios import report
from tests.faults.scenarios.catalogue import SCENARIOS
from tests.faults.scenarios.measured import Figure, Outcome


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", choices=[[], *SCENARIOS])
    parser.add_argument("--no-report", action="store_true", help="measure, and write nothing")
    asked = parser.parse_args()
    outcomes = [_played(name) for name in asked.names or SCENARIOS]
    if not asked.no_report:
        report.save(outcomes)
    return sum(not outcome.is_kept for outcome in outcomes)


def _played(name: str) -> Outcome:
    load, _, _ = os.getloadavg()
    outcome = uvloop.run(SCENARIOS[name]())
    busy = Figure("load of the machine before it", load)
    outcome = replace(outcome, figures=[*outcome.figures, busy])
    sys.stdout.write(f"{outcome}\n")
    sys.stdout.flush()
    return outcome


if __name__ == "__main__":
    sys.exit(main())
