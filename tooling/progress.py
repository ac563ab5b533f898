"""Tells the person at the terminal what is being done, how long it took, and what went wrong."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


class InstallationError(Exception):
    """A step failed. The message says what the person can do about it."""


def say(text: str) -> None:
    """Print a line at once, also when the output goes into a file or a pipe."""
    print(text, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Announce a piece of work, and its duration when it is done."""
    say(f"▸ {title}")
    started_s = time.monotonic()
    yield
    say(f"  done in {time.monotonic() - started_s:.1f} s")


def run(
    *command: str | Path,
    advice: str,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> None:
    """Run a command with its output in view; when it fails, raise with the advice."""
    words = [str(word) for word in command]
    finished = subprocess.run(words, cwd=cwd, env=env, stdin=subprocess.DEVNULL, check=False)
    if finished.returncode != 0:
        message = f"`{' '.join(words)}` ended with status {finished.returncode}. {advice}"
        raise InstallationError(message)


def fail(error: InstallationError) -> int:
    """Print why the installation stopped, and return the exit status for it."""
    print(f"\n✗ {error}", file=sys.stderr, flush=True)
    return 1
