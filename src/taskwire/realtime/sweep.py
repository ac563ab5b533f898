"""Once a second: ask the log which streams moved, and who lost the right to listen.

This is what makes a lost publish harmless and a revoked session end within the bound, with Redis
or without. Its cost grows with the writes, not with the sockets.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from taskwire.realtime.gateway import Gateway
from taskwire.realtime.ports import Authenticator, ChangeLog, LogUnavailable, Moved

LOG = logging.getLogger(__name__)


class Sweep:
    """The relay of the log. A sweep that fails is made up for by the next good one."""

    def __init__(
        self,
        gateway: Gateway,
        log: ChangeLog,
        authenticator: Authenticator,
        *,
        interval_s: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._gateway = gateway
        self._log = log
        self._authenticator = authenticator
        self._interval_s = interval_s
        self._clock = clock
        self._epoch: str | None = None
        self._mark: str | None = None
        """Only a good sweep moves it: what a failed one missed is asked again."""
        self._revoked_mark: str | None = None
        self._swept_at_s = clock()

    async def run(self) -> None:
        """Sweep until cancelled. No failure ends it."""
        while True:
            await self._survive(self.sweep_heads)
            await self._survive(self.sweep_sessions)
            await asyncio.sleep(self._interval_s)

    async def sweep_heads(self) -> None:
        """Compare the heads that moved with the streams we serve."""
        counters = self._gateway.counters
        counters.sweep_lag_s = self._clock() - self._swept_at_s
        try:
            moved = await self._log.moved(self._mark)
        except LogUnavailable:
            self._epoch = None  # what comes back may be a backup that calls itself the same
            raise
        self._notice(moved)
        self._mark = moved.mark
        self._swept_at_s = self._clock()
        counters.sweeps += 1

    async def sweep_sessions(self) -> None:
        """End the sockets of sessions that were revoked."""
        revoked = await self._authenticator.revoked(self._revoked_mark)
        self._gateway.revoke(revoked.sessions)
        self._revoked_mark = revoked.mark

    def _notice(self, moved: Moved) -> None:
        hub, repairs = self._gateway.hub, self._gateway.repairs
        if moved.epoch != self._epoch:
            # Another epoch, or the first answer (after a failure): nobody knows what log this is.
            # In a restored one no stream moved lately, so its heads are not among the answers.
            repairs.doubt(hub)
        self._epoch = moved.epoch
        for name, head in moved.heads.items():
            channel = hub.get(name)
            if channel is None or not channel.stream.is_anchored:
                continue
            stream = channel.stream
            self._gateway.pacing.catch_up(channel)
            stream.notice(head)
            if stream.is_behind:
                repairs.want(channel, "sweep")
            elif head < stream.last or moved.epoch != stream.epoch:
                # Usually only a frame that overtook this answer; a rewound log looks the same.
                repairs.doubt([channel])

    async def _survive(self, step: Callable[[], Awaitable[None]]) -> None:
        try:
            await step()
        except LogUnavailable:
            self._gateway.counters.log_failures += 1
        except Exception:
            LOG.exception("a sweep failed")
            self._gateway.counters.failures += 1
