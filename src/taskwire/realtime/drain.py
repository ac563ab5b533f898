"""Leaves without losing anybody: each socket is told to come back, spread over time.

20,000 clients told in one instant would arrive at the next process in one instant.
"""

from __future__ import annotations

import asyncio
import random
from typing import Final

from taskwire.realtime.close_codes import RESTART
from taskwire.realtime.gateway import Gateway

STEP_S: Final = 0.05


class Drain:
    """The end of a process's sockets. `begin` is for the signal, `run` for the shutdown."""

    def __init__(self, gateway: Gateway, *, spread_s: float = 2.0) -> None:
        self._gateway = gateway
        self._spread_s = spread_s
        self._running: asyncio.Task[None] | None = None

    def begin(self) -> asyncio.Task[None]:
        """Stop taking sockets at once and start to send the present ones away."""
        self._gateway.stop_taking()
        if self._running is None:
            self._running = asyncio.get_running_loop().create_task(self._send_away())
        return self._running

    async def run(self) -> None:
        """Begin unless begun, and return when every socket was told."""
        await self.begin()

    async def _send_away(self) -> None:
        leaving = list(self._gateway.connections)
        random.shuffle(leaving)
        steps = max(1, round(self._spread_s / STEP_S))
        per_step = -(-len(leaving) // steps)
        while leaving:
            for connection in leaving[-per_step:]:
                self._gateway.close(connection, RESTART)
            del leaving[-per_step:]
            if leaving:
                await asyncio.sleep(STEP_S)
