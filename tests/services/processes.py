"""Starts one server for the tests, waits until it answers, and ends it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.services import follow_parent

START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 10.0
_POLL_INTERVAL_S = 0.02


class ServerDidNotStartError(Exception):
    """Carries the end of the server's own log."""


@contextmanager
def running(
    command: Sequence[str | Path],
    *,
    log: Path,
    answers: Callable[[], bool],
    user: str = "",
) -> Iterator[None]:
    """Hold a server alive for the length of a `with`; `answers` says whether it is ready.

    Only root can name another `user` to run it as.
    """
    launcher = [sys.executable, follow_parent.__file__, str(os.getpid()), user]
    words = [*launcher, *(str(word) for word in command)]
    with log.open("ab") as output:
        process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            # Ctrl-C is for pytest; it ends its servers itself, after the tests.
            start_new_session=True,
        )
    try:
        wait_until_ready(process, answers, log)
        yield
    finally:
        _stop(process)


def wait_until_ready(
    process: subprocess.Popen[bytes], answers: Callable[[], bool], log: Path
) -> None:
    """Return once the server answers; raise with its log when it ends or stays silent."""
    deadline_s = time.monotonic() + START_TIMEOUT_S
    while not answers():
        if process.poll() is not None or time.monotonic() > deadline_s:
            tail = log.read_text(encoding="utf-8", errors="replace")[-4000:]
            message = f"{process.args!r} did not start:\n{tail}"
            raise ServerDidNotStartError(message)
        time.sleep(_POLL_INTERVAL_S)


def free_port() -> int:
    """Return a TCP port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _stop(process: subprocess.Popen[bytes]) -> None:
    # SIGINT asks PostgreSQL for a fast shutdown and Redis for a plain one.
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
