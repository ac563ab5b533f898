"""One process of an installation: started, killed, frozen, started again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.faults.process_tree import children_of, family_of, words_of
from tests.services import follow_parent

STOP_S = 20.0
UP_S = 90.0
"""Until it answers, on a machine that runs everything at once."""

LOOK_S = 0.05
AGAIN_AFTER_S = 0.5
"""What died is started again this much later, as systemd or compose would do it."""


class Part(Protocol):
    """What the nemesis may hurt: a process of ours, or a child of one."""

    def kill(self) -> None: ...
    def freeze(self) -> None: ...
    def thaw(self) -> None: ...
    async def stop(self) -> None: ...
    async def start(self) -> None:
        """Return once it is up again, whoever starts it."""
        ...

    def process_id(self) -> int | None: ...


@dataclass
class Member:
    """`port` is where it answers once it is up; 0 for one that answers nowhere."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    port: int = 0
    user: str = ""
    stop_signal: signal.Signals = signal.SIGTERM
    freezes_family: bool = False
    """Frozen with all that descends from it; PostgreSQL's backends have sessions of their own."""

    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    async def start(self) -> None:
        """Until it answers: one that ends before is started again, as a supervisor would."""
        async with asyncio.timeout(UP_S):
            while not await self._comes_up():  # noqa: ASYNC110 - it has to be tried
                await asyncio.sleep(AGAIN_AFTER_S)

    async def _comes_up(self) -> bool:
        self._spawn()
        while self.port and not await answers(self.port):
            if self.has_ended:
                return False
            await asyncio.sleep(LOOK_S)
        return True

    def _spawn(self) -> None:
        follow = [sys.executable, follow_parent.__file__, str(os.getpid()), self.user]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*follow, *self.command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(self.environment),
                cwd="/",
                start_new_session=True,
            )

    @property
    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def process_id(self) -> int | None:
        return None if self.process is None or self.has_ended else self.process.pid

    def kill(self) -> None:
        """SIGKILL to it and all of its group."""
        assert self.process is not None, "started before"
        _signal_group(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def freeze(self) -> None:
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal_all(signal.SIGCONT)

    async def stop(self) -> None:
        """As an operator does it: asked to, and killed only when it does not."""
        process = self.process
        if process is None or process.poll() is not None:
            return
        process.send_signal(self.stop_signal)
        try:
            await asyncio.to_thread(process.wait, STOP_S)
        except subprocess.TimeoutExpired:
            self.kill()

    def _signal_all(self, number: signal.Signals) -> None:
        assert self.process is not None, "started before"
        _signal_group(self.process.pid, number)
        for process_id in family_of(self.process.pid) if self.freezes_family else ():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process_id, number)


@dataclass
class ChildOfUp:
    """A process that `taskwire up` has started and will start again: found by a word of its own."""

    up: Member
    word: str

    def process_id(self) -> int | None:
        parent = self.up.process_id()
        if parent is None:
            return None
        return next((child for child in children_of(parent) if self._is(child)), None)

    def _is(self, process_id: int) -> bool:
        """A word of its command line, or the beginning of the name that it gives itself."""
        told = words_of(process_id)
        return self.word in told or any(word.startswith(f"{self.word}-") for word in told)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    async def stop(self) -> None:
        """Asked to end; `up` takes that for a death and starts it again at once."""
        process_id = self.process_id()
        if process_id is not None:
            os.kill(process_id, signal.SIGTERM)
            await self._wait_until(lambda: self.process_id() != process_id)

    async def start(self) -> None:
        await self._wait_until(lambda: self.process_id() is not None)

    async def _wait_until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(UP_S):
            while not holds():  # noqa: ASYNC110 - nobody tells; each look reads all of /proc
                await asyncio.sleep(LOOK_S)

    def _signal(self, number: signal.Signals) -> None:
        process_id = self.process_id()
        if process_id is not None:
            _signal_group(process_id, number)


def _signal_group(process_id: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process_id, number)


async def answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
