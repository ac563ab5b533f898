"""The load client from the outside: many sockets, and what they received."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.native import build

QUIET_S = 3.0
"""Messages that did not come for so long do not come."""
LOOK_S = 0.1


@dataclass(frozen=True)
class Received:
    """What all sockets together got since they were last told to begin."""

    open: int
    received: int
    repeated: int
    skipped: int
    closed: int
    bytes: int
    p50_us: int
    p90_us: int
    p99_us: int
    max_us: int
    cpu_s: float


class Load:
    def __init__(self, process: subprocess.Popen[str], sockets: int) -> None:
        self.sockets = sockets
        self._process = process

    def begin(self) -> None:
        """Count from here on."""
        self._ask("reset")

    def look(self) -> Received:
        return Received(**json.loads(self._ask("look")))

    def wait_for(self, expected: int) -> Received:
        """Until so many came, or none came for QUIET_S."""
        seen, since_s = self.look(), time.monotonic()
        while seen.received < expected and time.monotonic() - since_s < QUIET_S:
            time.sleep(LOOK_S)
            now = self.look()
            if now.received != seen.received:
                since_s = time.monotonic()
            seen = now
        return seen

    def _ask(self, word: str) -> str:
        assert self._process.stdin is not None, "a pipe"
        assert self._process.stdout is not None, "a pipe"
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the load client ended: its last words are above"
        return answer


@contextmanager
def sockets(
    count: int, ports: Sequence[int], targets: Sequence[str], *, speaks_socketio: bool = False
) -> Iterator[Load]:
    """Hold `count` sockets open; each takes the next of `ports` and of `targets` in turn."""
    with tempfile.TemporaryDirectory(prefix="bench-load-") as folder:
        paths = Path(folder) / "targets"
        paths.write_text("".join(f"{target}\n" for target in targets), encoding="utf-8")
        words: list[str | Path] = [
            build("load"),
            "127.0.0.1",
            ",".join(map(str, ports)),
            paths,
            str(count),
        ]
        words += ["socketio"] if speaks_socketio else []
        process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        try:
            assert process.stdout is not None, "a pipe"
            assert process.stdout.readline() == f"open {count}\n", "not all sockets were let in"
            yield Load(process, count)
        finally:
            process.kill()
            process.wait()
