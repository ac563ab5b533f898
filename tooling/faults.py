"""`make faults`: everything that tries to make Taskwire lose a change, and whether it did.

The full form takes about an hour; the short one is part of `make test`, and judges what is right,
never how fast it is.
"""

import argparse
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tooling import install, surroundings
from tooling.places import CACHE, FRONTEND, ROOT, venv_binary
from tooling.progress import InstallationError, fail, run, say, step

REPORTS = CACHE / "faults"
_LAST_WORDS_BYTES = 6000


@dataclass(frozen=True)
class Trial:
    """A module of the tests that ends with status 0 when all laws held."""

    title: str
    module: str
    words: tuple[str, ...] = ()

    @property
    def is_there(self) -> bool:
        path = ROOT.joinpath(*self.module.split("."))
        return path.with_suffix(".py").is_file() or (path / "__main__.py").is_file()


def torture(database: str, *words: str) -> Trial:
    words = ("--database", database, *words)
    return Trial(f"torture on {database}", "tests.faults.torture", words)


SHORT = (
    torture("postgresql", "--short"),
    torture("sqlite", "--short"),
    Trial("simulator, 500 seeds", "tests.faults.simulation", ("--seeds", "500")),
)
FULL = (
    Trial(
        "simulator, 10,000 seeds",
        "tests.faults.simulation",
        ("--seeds", "10000", "--processes", "2"),
    ),
    torture("postgresql", "--minutes", "10", "--report", str(REPORTS)),
    torture("sqlite", "--minutes", "10", "--report", str(REPORTS)),
    Trial("scenarios", "tests.faults.scenarios"),
    Trial("sabotage", "tests.faults.sabotage"),
)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--short", action="store_true", help="what `make test` runs")
    is_short = parser.parse_args(arguments).short
    try:
        install.for_test()
        _build_reader()
        return run_together(SHORT) if is_short else run_in_turn(FULL)
    except InstallationError as error:
        return fail(error)
    except KeyboardInterrupt:
        say("Interrupted.")
        return 130


def _build_reader() -> None:
    """The page's own client, without the page, for the readers of the torture run."""
    with step("building the page's client for Node"):
        environment = surroundings.for_children()
        words = ("run", "--silent", "build:reader")
        advice = "Look above at what the build says."
        run(venv_binary("npm"), *words, cwd=FRONTEND, env=environment, advice=advice)


def run_in_turn(trials: Sequence[Trial]) -> int:
    """Each alone and in full view: they compete for time, and their delays are measured."""
    broken = [trial for trial in trials if trial.is_there and not _holds(trial)]
    return _conclude(broken)


def _holds(trial: Trial) -> bool:
    say(f"▸ {trial.title}: python -m {trial.module} {' '.join(trial.words)}".rstrip())
    began_s = time.monotonic()
    status = subprocess.call(
        _command(trial), cwd=ROOT, env=surroundings.for_children(), stdin=subprocess.DEVNULL
    )
    return _told(trial, status, began_s)


def run_together(trials: Sequence[Trial]) -> int:
    """All at once, because they mostly wait; what one said is shown when it failed."""
    began_s = time.monotonic()
    REPORTS.mkdir(parents=True, exist_ok=True)
    running = [(trial, *_begin(trial)) for trial in trials]
    try:
        broken = [
            trial
            for trial, process, log in running
            if not _told(trial, process.wait(), began_s, log)
        ]
    finally:  # also when somebody interrupts us: each has an installation to take down
        for _, process, _ in running:
            process.send_signal(signal.SIGINT)
            process.wait()
    return _conclude(broken)


def _begin(trial: Trial) -> tuple[subprocess.Popen[bytes], Path]:
    log = REPORTS / f"{trial.title.replace(' ', '-').replace(',', '')}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            _command(trial),
            cwd=ROOT,
            env=surroundings.for_children(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    return process, log


def _command(trial: Trial) -> list[str]:
    return [str(venv_binary("python")), "-m", trial.module, *trial.words]


def _told(trial: Trial, status: int, began_s: float, log: Path | None = None) -> bool:
    if status != 0 and log is not None:
        say(log.read_bytes()[-_LAST_WORDS_BYTES:].decode(errors="replace"))
    verdict = "holds" if status == 0 else f"✗ status {status}"
    say(f"  {trial.title}: {verdict}, {time.monotonic() - began_s:.1f} s")
    return status == 0


def _conclude(broken: Sequence[Trial]) -> int:
    if not broken:
        say("✓ nothing was lost")
        return 0
    say(f"✗ look above at: {', '.join(trial.title for trial in broken)}")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
