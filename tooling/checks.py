"""`make check` and `make test`: every gate in turn, none skipped because another one failed.

pytest comes last, so that its closing line is what a person, or a runner, sees at the end.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from tooling import install, surroundings
from tooling.places import FRONTEND, ROOT, venv_binary
from tooling.progress import InstallationError, fail, say

_CLEAN_UP_TIMEOUT_S = 15


class TerminatedError(KeyboardInterrupt):
    """Somebody ended us with SIGTERM; our child has not heard of it."""


@dataclass(frozen=True)
class Check:
    """One command that must end with status 0."""

    title: str
    program: str
    words: tuple[str, ...]
    folder: Path = ROOT


# Most tests wait for a process, a browser or a clock: four at a time keep two cores busy. A file
# stays together, because its tests share a running product; in the order of the folders, so that the
# quick ones come last and fill the gaps.
TOGETHER = ("-n", "4", "--dist", "loadfile", "--no-loadscope-reorder")

FAST = (
    Check("lint", "ruff", ("check", ".")),
    Check("format", "ruff", ("format", "--check", ".")),
    Check("types", "mypy", ()),
    Check("import contracts", "lint-imports", ("--no-logo",)),
    Check("the page's lint and types", "npm", ("run", "--silent", "check"), FRONTEND),
)
ARCHITECTURE = (Check("architecture", "pytest", ("-q", "tests/architecture")),)
FORMATTERS = (
    Check("format Python", "ruff", ("format", ".")),
    Check("mend Python", "ruff", ("check", "--fix", ".")),
    Check("format the page", "npm", ("exec", "--", "biome", "check", "--write", "."), FRONTEND),
)
COMPLETE = (
    Check("the page's tests", "npm", ("run", "--silent", "test"), FRONTEND),
    Check("faults, the short form", "python", ("-m", "tooling.faults", "--short")),
    Check("tests", "pytest", TOGETHER),
)


def main(arguments: Sequence[str]) -> int:
    """Run `check`, `test` or `format`."""
    plans: dict[str, tuple[Callable[[], None], tuple[Check, ...]]] = {
        "check": (install.for_check, FAST + ARCHITECTURE),
        "test": (install.for_test, FAST + COMPLETE),
        "format": (install.for_check, FORMATTERS),
    }
    install_all, checks = plans[arguments[0]]
    signal.signal(signal.SIGTERM, _terminate)
    try:
        install_all()
        return _report([check for check in checks if not _holds(check)])
    except InstallationError as error:
        return fail(error)
    except KeyboardInterrupt:
        say("Interrupted.")
        return 130


def _terminate(_signal: int, _frame: object) -> NoReturn:
    raise TerminatedError


def _holds(check: Check) -> bool:
    say(f"▸ {check.title}: {check.program} {' '.join(check.words)}".rstrip())
    started_s = time.monotonic()
    process = subprocess.Popen(
        [str(venv_binary(check.program)), *check.words],
        cwd=check.folder,
        env=surroundings.for_children(),
        stdin=subprocess.DEVNULL,
    )
    status = _wait_for(process)
    verdict = "holds" if status == 0 else f"✗ status {status}"
    say(f"  {verdict}, {time.monotonic() - started_s:.1f} s")
    return status == 0


def _wait_for(process: subprocess.Popen[bytes]) -> int:
    """Interrupted, let the program clean up before we go: pytest has servers to stop."""
    try:
        return process.wait()
    except KeyboardInterrupt as reason:
        if isinstance(reason, TerminatedError):  # Ctrl-C has already reached it
            process.send_signal(signal.SIGINT)
        try:
            process.wait(_CLEAN_UP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
        raise


def _report(broken: Sequence[Check]) -> int:
    if not broken:
        say("✓ everything holds")
        return 0
    say(f"✗ look above at: {', '.join(check.title for check in broken)}")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
