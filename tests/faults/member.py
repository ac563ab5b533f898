"""One process of an installation: started, killed, frozen, started again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.services import follow_parent

STOP_S = 20.0
ANSWER_S = 60.0
LOOK_S = 0.05


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
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    async def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: ASYNC220 - it returns at once
                [
                    sys.executable,
                    follow_parent.__file__,
                    str(os.getpid()),
                    self.user,
                    *self.command,
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(self.environment),
                cwd="/",
                start_new_session=True,
            )
        await self.wait_until_up()

    async def wait_until_up(self) -> None:
        if not self.port:
            return
        async with asyncio.timeout(ANSWER_S):
            while not await _answers(self.port):
                assert self.process is not None, "started above"
                assert self.process.poll() is None, f"{self.name} ended: see {self.log}"
                await asyncio.sleep(LOOK_S)

    def kill(self) -> None:
        """SIGKILL to it and all that it started."""
        self._signal_all(signal.SIGKILL)
        assert self.process is not None, "started before"
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
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


async def _answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
