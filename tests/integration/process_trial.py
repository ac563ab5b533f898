"""Starts a program that starts others, and watches the whole family through /proc."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

WITHIN_S = 40.0
"""How long something may take that has no promised bound; a busy machine is slow, not wrong."""
_POLL_S = 0.02
_DEFAULT_HANGUP = (shutil.which("env") or "env", "--default-signal=HUP")
"""Under nohup, as some run their tests, the end of a terminal would mean nothing. Named whole: the
trial of the wheel leaves its program a PATH in which nothing else is found."""


def wait_until(
    is_true: Callable[[], bool],
    within_s: float = WITHIN_S,
    saying: str | Callable[[], str] = "",
) -> float:
    """Return how long it took; fail with `saying`, as it is then, when it does not come true."""
    began_s = time.monotonic()
    while not is_true():
        if time.monotonic() - began_s > within_s:
            told = saying() if callable(saying) else saying
            message = f"not within {within_s} s: {told or is_true}"
            raise AssertionError(message)
        time.sleep(_POLL_S)
    return time.monotonic() - began_s


@dataclass(frozen=True)
class Kin:
    """A process that was seen; `started` tells it from a later one with the same id."""

    pid: int
    started: str
    command: str

    @property
    def is_alive(self) -> bool:
        stat = _stat(self.pid)
        return stat is not None and stat[19] == self.started and stat[0] != "Z"

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def freeze(self) -> None:
        """Stop it. The signal alone is not enough: until it has come, a process goes on working."""
        os.kill(self.pid, signal.SIGSTOP)
        wait_until(self._is_stopped, saying=f"{self.command} stopped")

    def _is_stopped(self) -> bool:
        threads = Path(f"/proc/{self.pid}/task").glob("*/stat")
        return all(stat.read_text().rpartition(")")[2].split()[0] == "T" for stat in threads)


class Trial:
    """A running program, its output so far, and its descendants."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self._log = log

    @property
    def output(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def wait_for(self, words: str, within_s: float = WITHIN_S) -> float:
        def is_said_or_over() -> bool:
            return words in self.output or self.process.poll() is not None

        took_s = wait_until(is_said_or_over, within_s, lambda: f"{words!r} in:\n{self.output}")
        assert words in self.output, f"it ended without {words!r}:\n{self.output}"
        return took_s

    def wait_for_end(self, within_s: float = WITHIN_S) -> int:
        wait_until(lambda: self.process.poll() is not None, within_s, lambda: self.output)
        code: int | None = self.process.poll()
        assert code is not None, "it has just ended"
        return code

    def family(self) -> list[Kin]:
        """All living descendants, children of children included."""
        return [kin for child in _children_of(self.process.pid) for kin in _with_kin(child)]

    def processor_s(self) -> float:
        """What the whole family has computed, those that have ended included."""
        stats = [_stat(pid) for pid in (self.process.pid, *(kin.pid for kin in self.family()))]
        ticks = sum(int(count) for stat in stats if stat is not None for count in stat[11:15])
        return ticks / os.sysconf("SC_CLK_TCK")

    def the(self, word: str) -> Kin:
        """The one descendant whose command line has this word."""
        wait_until(lambda: len(self._named(word)) == 1, saying=f"one {word} in {self.family()}")
        return self._named(word)[0]

    def _named(self, word: str) -> list[Kin]:
        return [kin for kin in self.family() if word in kin.command.split()]

    def redis(self) -> Kin:
        def found() -> list[Kin]:
            return [kin for kin in self.family() if "valkey-server" in kin.command]

        wait_until(lambda: len(found()) == 1, saying=f"one redis in {self.family()}")
        return found()[0]


@contextmanager
def trial(
    command: Sequence[str | Path], log: Path, environment: dict[str, str] | None = None
) -> Iterator[Trial]:
    """Run the program in a session of its own, and leave nothing of it behind."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*_DEFAULT_HANGUP, sys.executable, *(str(word) for word in command)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
    running = Trial(process, log)
    try:
        yield running
    finally:
        family = running.family()
        process.kill()
        process.wait()
        for kin in family:
            if kin.is_alive:
                kin.kill()


def _with_kin(pid: int) -> list[Kin]:
    stat = _stat(pid)
    if stat is None or stat[0] == "Z":
        return []
    below = [kin for child in _children_of(pid) for kin in _with_kin(child)]
    return [Kin(pid, stat[19], _command(pid)), *below]


def _children_of(pid: int) -> list[int]:
    children = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            stat = _stat(int(entry.name))
            if stat is not None and int(stat[1]) == pid:
                children.append(int(entry.name))
    return children


def _stat(pid: int) -> list[str] | None:
    """The fields after the name: state, parent, …, and the start time as the twentieth."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()


def _command(pid: int) -> str:
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return ""
    return raw.replace(b"\0", b" ").decode("utf-8", "replace")
