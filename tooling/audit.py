"""`python3 -m tooling.audit`: are there known holes in what the lock files name?

pip-audit and npm ask their registries' advisory services, which not every mirror has. So there are
three words: none found, found, and *could not be asked*, which is said aloud and fails nothing.
"""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from enum import Enum
from pathlib import Path

from tooling import surroundings, uv
from tooling.places import FRONTEND, ROOT, venv_binary
from tooling.progress import say

_WITHIN_S = 120
_LAST_WORDS = 2000


class Verdict(Enum):
    CLEAN = "no known hole"
    HOLES = "KNOWN HOLES, see above"
    UNKNOWN = "COULD NOT BE ASKED: nothing is known, neither good nor bad"


def main() -> int:
    """Ask for both languages; 1 when either has a hole."""
    verdicts = [_python(), _page()]
    return int(Verdict.HOLES in verdicts)


def verdict_of(status: int, said: str, hole: str) -> Verdict:
    """Both programs end with 1 for a hole as for no answer; only the first names what it found."""
    if status == 0:
        return Verdict.CLEAN
    return Verdict.HOLES if hole in said else Verdict.UNKNOWN


def _python() -> Verdict:
    program = uv.find_or_fetch()
    with tempfile.TemporaryDirectory() as folder:
        listing = Path(folder) / "requirements.txt"
        export = ["export", "--frozen", "--quiet", "--no-emit-project", "--all-groups"]
        subprocess.run([program, *export, "--output-file", listing], cwd=ROOT, check=True)
        audit = ["--from", "pip-audit", "pip-audit", "--require-hashes", "--disable-pip"]
        command: list[str | Path] = [program, "tool", "run", *audit, "--requirement", listing]
        return _ask("Python", command, ROOT, "known vulnerabilit")


def _page() -> Verdict:
    command: list[str | Path] = [venv_binary("npm"), "audit", "--json"]
    return _ask("the page", command, FRONTEND, '"auditReportVersion"')


def _ask(title: str, command: Sequence[str | Path], folder: Path, hole: str) -> Verdict:
    try:
        asked = subprocess.run(
            command,
            cwd=folder,
            env=surroundings.for_children(),
            capture_output=True,
            text=True,
            check=False,
            timeout=_WITHIN_S,
        )
        status, said = asked.returncode, asked.stdout + asked.stderr
    except (OSError, subprocess.TimeoutExpired) as error:
        status, said = 1, str(error)
    verdict = verdict_of(status, said, hole)
    if verdict is not Verdict.CLEAN:
        say(said[-_LAST_WORDS:])
    say(f"{title}: {verdict.value}")
    return verdict


if __name__ == "__main__":
    sys.exit(main())
