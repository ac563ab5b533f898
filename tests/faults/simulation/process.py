"""One `serve` process: the real gateway, sweep and drain, over simulated surroundings."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random
from typing import Any, Final

from taskwire.realtime.counters import Counters
from taskwire.realtime.drain import Drain
from taskwire.realtime.gateway import Gateway
from taskwire.realtime.sweep import Sweep
from tests.fakes.memory_authenticator import MemoryAuthenticator
from tests.fakes.memory_socket import LineFormat
from tests.faults.simulation.bus import Endpoint
from tests.faults.simulation.line import Line
from tests.faults.simulation.log import LogPort
from tests.faults.simulation.plan import Plan

SWEEP_INTERVAL_S: Final = 1.0
DRAIN_SPREAD_S: Final = 0.5


class Process:
    """It can crash: then nothing of it acts any more, and its memory is gone."""

    def __init__(
        self,
        plan: Plan,
        log: LogPort,
        bus: Endpoint,
        authenticator: MemoryAuthenticator,
        stopwatch: Callable[[], float],
    ) -> None:
        loop = asyncio.get_running_loop()
        self.log = log
        self.bus = bus
        self.counters = Counters()
        self.gateway = Gateway(
            log=log,
            bus=bus,
            authenticator=authenticator,
            wire_format=LineFormat(),
            limits=plan.limits,
            counters=self.counters,
            clock=loop.time,
            stopwatch=stopwatch,
        )
        self.sweep = Sweep(
            self.gateway, log, authenticator, interval_s=SWEEP_INTERVAL_S, clock=loop.time
        )
        self.lines: dict[Line, None] = {}
        self.polls: dict[asyncio.Task[Any], None] = {}
        self.is_gone = False
        self._running = [
            loop.create_task(self.gateway.run()),
            loop.create_task(self.sweep.run()),
        ]

    @property
    def failures(self) -> int:
        """Exceptions that nobody expected, and tasks that ended by themselves."""
        ended = sum(task.done() for task in self._running)
        return self.counters.failures + (0 if self.is_gone else ended)

    def crash(self) -> None:
        """End between two steps: clients see their lines break."""
        for line in list(self.lines):
            line.cut()
        self._stop()

    async def drain(self, chance: Random) -> None:
        """Leave as a deploy does it."""
        await Drain(self.gateway, spread_s=DRAIN_SPREAD_S * chance.random()).run()
        await asyncio.sleep(0.2)
        self.crash()

    async def stop(self) -> None:
        """End for good, and wait for what still runs."""
        self._stop()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _stop(self) -> None:
        self.is_gone = True
        self.bus.detach()
        for task in (*self._running, *self.polls):
            task.cancel()
