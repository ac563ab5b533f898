"""Each socket hears once a period that its line is alive and which number it should hold by now.

One task turns a wheel for all of them. Who gave no sign of life for two periods is hung up on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection

from taskwire.realtime import close_codes
from taskwire.realtime.close_codes import CloseReason
from taskwire.realtime.connection import Connection
from taskwire.realtime.hub import Batch
from taskwire.realtime.limits import Limits
from taskwire.realtime.ports import WireFormat
from taskwire.realtime.protocol import encode_heartbeat
from taskwire.realtime.wheel import Wheel


class Heartbeats:
    """The sockets that are visited. `run()` must be a task of its own."""

    def __init__(
        self,
        wire_format: WireFormat,
        limits: Limits,
        clock: Callable[[], float],
        close: Callable[[Connection, CloseReason], None],
    ) -> None:
        self._wire_format = wire_format
        self._limits = limits
        self._clock = clock
        self._close = close
        self._wheel: Wheel[Connection] = Wheel(limits.heartbeat_interval_s)

    def add(self, connection: Connection) -> None:
        connection.slot = self._wheel.add(connection)

    def remove(self, connection: Connection) -> None:
        self._wheel.remove(connection, connection.slot)

    async def run(self, on_tick: Callable[[], None]) -> None:
        """Beat until cancelled; `on_tick` is called before each slice of the wheel."""
        next_s = self._clock()
        while True:
            next_s = max(next_s + self._wheel.tick_s, self._clock())
            await asyncio.sleep(next_s - self._clock())
            on_tick()
            self._visit(self._wheel.turn(), self._clock())

    def encode(self, seq: int) -> Batch:
        """Ping, and say the head. Whoever still joins (-1) is not told one: it would look like a gap."""
        if seq < 0:
            return Batch((), self._wire_format.ping)
        payloads = (encode_heartbeat(seq),)
        return Batch(payloads, self._wire_format.ping + self._wire_format.join(payloads))

    def _visit(self, connections: Collection[Connection], now_s: float) -> None:
        silent_since_s = now_s - 2 * self._limits.heartbeat_interval_s - self._wheel.tick_s
        encoded: dict[int, Batch] = {}
        for connection in connections:
            if connection.heard_at_s < silent_since_s:
                self._close(connection, close_codes.GOING_AWAY)
            elif connection.is_writable:
                seq = connection.channel.stream.last if connection.is_live else -1
                batch = encoded.get(seq)
                if batch is None:
                    batch = encoded[seq] = self.encode(seq)
                connection.deliver(batch)
