"""One program that takes part: started in a session of its own, measured as a whole, ended.

CPU and memory are the kernel's own accounts of every process of the session, so that a server of
several processes is charged for all of them.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 15.0
POLL_S = 0.02
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


class ProgramEndedError(Exception):
    """Carries the end of the program's log."""


@dataclass(frozen=True)
class Program:
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def stdin(self) -> IO[bytes]:
        assert self.process.stdin is not None, "every program is started with a pipe"
        return self.process.stdin

    @property
    def logged(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def process_ids(self) -> list[int]:
        """All that run in its session now."""
        return [pid for pid, fields in _all_stats() if int(fields[3]) == self.process.pid]

    def cpu_s(self) -> float:
        """User and system time of all its processes, those that it has waited for included."""
        ticks = 0
        for _, fields in _all_stats():
            if int(fields[3]) == self.process.pid:
                ticks += sum(int(field) for field in fields[11:15])
        return ticks / TICKS_PER_S

    def memory_bytes(self) -> int:
        """Proportional set size: what its processes share is counted once."""
        return sum(_pss_bytes(pid) for pid in self.process_ids())

    def wait_for(self, is_ready: Callable[[], bool]) -> None:
        deadline_s = time.monotonic() + START_TIMEOUT_S
        while not is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline_s:
                raise ProgramEndedError(self.logged[-3000:])
            time.sleep(POLL_S)


@contextmanager
def running(
    command: Sequence[str | Path], log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Program]:
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
    program = Program(process, log)
    try:
        yield program
    finally:
        _end(program)


def _end(program: Program) -> None:
    program.process.send_signal(signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        program.process.wait(STOP_TIMEOUT_S)
    for pid in program.process_ids():
        os.kill(pid, signal.SIGKILL)
    program.process.wait()


def _all_stats() -> Iterator[tuple[int, list[str]]]:
    """Each process, and its /proc/<pid>/stat behind the name: state, parent, group, session."""
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                stat = Path(entry.path, "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue  # it ended while we looked
            yield int(entry.name), stat.rpartition(")")[2].split()


def _pss_bytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
