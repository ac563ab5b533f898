"""Publishes hints: nobody waits for it, and a frozen Redis costs nobody anything.

                announce() ─► queue ─► in flight ─► answered
                                 │         └─ no answer in `timeout_s`: the connection is cut
                                 └─ full: the oldest is dropped, the log has it

    closed ──3 failures──► open (all hints dropped) ──1 s──► half open ──answered──► closed
                             ▲                                   └─ failed ─┐
                             └──────────────────────────────────────────────┘

Nothing is tried twice: a publish that failed may have been delivered, and the sweep delivers what
was not.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass
from typing import Final

import structlog

from taskwire.adapters.redis.breaker import Breaker
from taskwire.adapters.redis.connection import RedisConnection, RedisUnavailable, connect
from taskwire.adapters.redis.url import RedisUrl

LOG = logging.getLogger(__name__)
log = structlog.get_logger(__name__)
"""For the line that says which request's change this is: its id is bound where it came in."""

IN_FLIGHT_MAX: Final = 1000


@dataclass(slots=True)
class PublisherCounters:
    """What the publisher counts about itself."""

    published: int = 0
    numbers_only: int = 0
    """Published as their number alone, being over the bound."""
    dropped_full: int = 0
    dropped_open: int = 0
    """Dropped because the breaker is open: Redis is away."""
    failed: int = 0
    """Sent and not answered: perhaps delivered, perhaps not."""
    breaker_openings: int = 0
    delay_s: float = 0.0
    """How long the first answer to the last burst of messages took."""


class Publisher:
    """One per process. It needs no task while idle, so a worker's loop may stop between jobs."""

    def __init__(
        self,
        url: RedisUrl,
        counters: PublisherCounters,
        *,
        queue_max: int = 10_000,
        timeout_s: float = 0.25,
        hint_bytes_max: int = 16 * 1024,
    ) -> None:
        self.counters = counters
        self._url = url
        self._queue_max = queue_max
        self._timeout_s = timeout_s
        self._hint_bytes_max = hint_bytes_max
        self._queue: deque[tuple[str, bytes]] = deque()
        self._connection: RedisConnection | None = None
        self._writer: asyncio.Task[None] | None = None
        self._breaker = Breaker()
        self._burst_at_s: float | None = None
        self._is_called = False
        self._is_idle = asyncio.Event()
        self._is_idle.set()

    @property
    def waiting(self) -> int:
        """Hints that were not sent yet."""
        return len(self._queue)

    def announce(self, channel: str, seq: int | None, payload: bytes) -> None:
        """Publish a frame, or its number alone when it is large. Returns at once."""
        if LOG.isEnabledFor(logging.DEBUG):
            log.debug("announced", channel=channel, seq=seq)
        if seq is not None and len(payload) > self._hint_bytes_max:
            payload = b'{"seq":%d}' % seq
            self.counters.numbers_only += 1
        self.publish(channel, payload)

    def publish(self, channel: str, payload: bytes) -> bool:
        """Publish bytes as they are. False: dropped, because Redis is away."""
        now_s = asyncio.get_running_loop().time()
        if not self._breaker.lets_pass(now_s):
            self.counters.dropped_open += 1
            return False
        if len(self._queue) >= self._queue_max:
            self._queue.popleft()
            self.counters.dropped_full += 1
        self._queue.append((channel, payload))
        self._is_idle.clear()
        self._write_soon()
        return True

    async def flush(self, timeout_s: float) -> bool:
        """Wait until everything was answered or given up. False: not in time."""
        if self._is_idle.is_set():
            return True
        try:
            async with asyncio.timeout(timeout_s):
                await self._is_idle.wait()
        except TimeoutError:
            return False
        return True

    async def close(self, timeout_s: float = 1.0) -> None:
        """Flush within a bound and disconnect."""
        await self.flush(timeout_s)
        if self._writer is not None:
            self._writer.cancel()
        if self._connection is not None:
            await self._connection.end()

    def _write_soon(self) -> None:
        """Within this turn of the loop: all that is said in it leaves in one system call."""
        if not self._is_called:
            self._is_called = True
            asyncio.get_running_loop().call_soon(self._write)

    def _write(self) -> None:
        """Send what waits, on the connection there is; otherwise begin to make one."""
        self._is_called = False
        connection = self._connection
        if connection is None or connection.is_lost:
            if self._writer is None or self._writer.done():
                self._writer = asyncio.get_running_loop().create_task(self._reconnect())
            return
        was_quiet = not connection.waiting
        count = min(len(self._queue), IN_FLIGHT_MAX - connection.waiting)
        if count > 0:
            said = [("PUBLISH", *self._queue.popleft()) for _ in range(count)]
            connection.send(said, self._answered)
        if was_quiet and connection.waiting:
            self._burst_at_s = asyncio.get_running_loop().time()
            self._watch(connection, self.counters.published)

    async def _reconnect(self) -> None:
        try:
            connection = await connect(self._url, self._timeout_s, name="taskwire-publisher")
        except RedisUnavailable as exception:
            LOG.warning("no publisher connection to Redis: %s", exception)
            self._failed()
            self._writer = None
            if self._queue:
                self._write()
            return
        connection.on_lost = self._lost
        self._connection = connection
        self._write()

    def _answered(self, reply: object) -> None:
        if isinstance(reply, Exception):
            self.counters.failed += 1
        else:
            self.counters.published += 1
            self._breaker.succeeded()
            self._note_delay()
        if self._queue:
            self._write()
        self._note_idle()

    def _watch(self, connection: RedisConnection, published: int) -> None:
        """Cut a connection that answered nothing for `timeout_s` while something was in flight."""
        loop = asyncio.get_running_loop()
        loop.call_later(self._timeout_s, self._look, connection, published)

    def _look(self, connection: RedisConnection, published: int) -> None:
        if connection.is_lost or not connection.waiting:
            return
        if self.counters.published == published:
            connection.abort()
        else:
            self._watch(connection, self.counters.published)

    def _lost(self) -> None:
        self._connection = None
        self._failed()
        if self._queue:
            self._write()

    def _failed(self) -> None:
        if self._breaker.failed(asyncio.get_running_loop().time()):
            self.counters.breaker_openings += 1
            self.counters.dropped_open += len(self._queue)
            self._queue.clear()  # by the time Redis is back the sweep will have delivered these
        self._note_idle()

    def _note_delay(self) -> None:
        if self._burst_at_s is not None:
            self.counters.delay_s = asyncio.get_running_loop().time() - self._burst_at_s
            self._burst_at_s = None

    def _note_idle(self) -> None:
        in_flight = self._connection.waiting if self._connection is not None else 0
        if not self._queue and not in_flight:
            self._is_idle.set()
