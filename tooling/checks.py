"""`make check` and `make test`: every gate in turn, none skipped because another one failed.

pytest comes last, so that its closing line is what a person, or a runner, sees at the end.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tooling import install, surroundings
from tooling.places import FRONTEND, ROOT, venv_binary
from tooling.progress import InstallationError, fail, say


@dataclass(frozen=True)
class Check:
    """One command that must end with status 0."""

    title: str
    program: str
    words: tuple[str, ...]
    folder: Path = ROOT


FAST = (
    Check("lint", "ruff", ("check", ".")),
    Check("format", "ruff", ("format", "--check", ".")),
    Check("types", "mypy", ()),
    Check("import contracts", "lint-imports", ()),
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
    Check("tests", "pytest", ()),
)


def main(arguments: Sequence[str]) -> int:
    """Run `check`, `test` or `format`."""
    plans: dict[str, tuple[Callable[[], None], tuple[Check, ...]]] = {
        "check": (install.for_check, FAST + ARCHITECTURE),
        "test": (install.for_test, FAST + COMPLETE),
        "format": (install.for_check, FORMATTERS),
    }
    install_all, checks = plans[arguments[0]]
    try:
        install_all()
    except InstallationError as error:
        return fail(error)
    except KeyboardInterrupt:
        return 130
    return _report([check for check in checks if not _holds(check)])


def _holds(check: Check) -> bool:
    say(f"▸ {check.title}: {check.program} {' '.join(check.words)}".rstrip())
    started_s = time.monotonic()
    finished = subprocess.run(
        [str(venv_binary(check.program)), *check.words],
        cwd=check.folder,
        env=surroundings.for_children(),
        stdin=subprocess.DEVNULL,
        check=False,
    )
    verdict = "holds" if finished.returncode == 0 else f"✗ status {finished.returncode}"
    say(f"  {verdict}, {time.monotonic() - started_s:.1f} s")
    return finished.returncode == 0


def _report(broken: Sequence[Check]) -> int:
    if not broken:
        say("✓ everything holds")
        return 0
    say(f"✗ look above at: {', '.join(check.title for check in broken)}")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
