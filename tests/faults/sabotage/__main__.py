"""Builds each, tortures it, and sees that the law it breaks is the one that fails.

python -m tests.faults.sabotage [name …]
"""

from __future__ import annotations

import sys
import time

from tests.faults.checker.model import Verdict
from tests.faults.sabotage.builds import SABOTAGES
from tests.faults.sabotage.trial import is_caught, try_build


def main() -> int:
    asked, failed = sys.argv[1:], 0
    for sabotage in SABOTAGES:
        if asked and sabotage.name not in asked:
            continue
        began_s = time.monotonic()
        judgement = try_build(sabotage)
        broken = ", ".join(sorted({violation.law for violation in judgement.violations}))
        caught = is_caught(sabotage, judgement)
        failed += not caught
        word = "caught" if caught else "MISSED"
        took_s = time.monotonic() - began_s
        say(f"{word}  {sabotage.law}  {sabotage.name}  (broken: {broken}; {took_s:.0f} s)")
    if not asked:
        sound = try_build(None)
        failed += sound.verdict is not Verdict.PASS
        say(f"{sound.verdict}  nothing changed  {list(sound.violations)}")
    return 1 if failed else 0


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
