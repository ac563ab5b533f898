"""The line between a client and a process: bytes in order, some time later, or never."""

from __future__ import annotations

import asyncio
from random import Random
from typing import TYPE_CHECKING, Final, Protocol

from taskwire.realtime.close_codes import CloseReason
from taskwire.realtime.connection import Connection
from taskwire.realtime.ports import Grant
from tests.fakes.memory_socket import LineFormat

if TYPE_CHECKING:
    from tests.faults.simulation.process import Process

LATENCY_S: Final = 0.03
IN_ORDER_S: Final = 1e-6
SLOW_BYTES_PER_S: Final = 2000.0


class Far(Protocol):
    """The client's end of a line."""

    def on_wire(self, line: Line, wire: bytes) -> None: ...

    def on_end(self, line: Line, code: int | None) -> None: ...


class Line:
    """Implements `Socket`. Its two ends learn of its end at different times, or not at all."""

    def __init__(self, process: Process, far: Far, chance: Random, bytes_max: int) -> None:
        self.process = process
        self.connection: Connection | None = None
        self.is_over = False
        """Nothing arrives at the client any more."""
        self.healthy_since_s = asyncio.get_running_loop().time()
        self._far = far
        self._latency_s = LATENCY_S * (0.05 + chance.random())
        self._bytes_max = bytes_max
        self._under_way = 0
        self._is_paused = False
        self._is_silent = False
        self._slow_until_s = 0.0
        self._free_at_s = 0.0

    def open(self, name: str, grant: Grant, since: str | None) -> None:
        """Come to the gateway's door."""
        self.process.lines[self] = None
        gateway = self.process.gateway
        self.connection = gateway.open(name, grant, grant.subject, since, self)

    # --- Socket -----------------------------------------------------------------------------------

    def send(self, payload: bytes) -> None:
        self.write(LineFormat().join((payload,)))

    def write(self, wire: bytes) -> None:
        self._under_way += len(wire)
        if not self._is_silent:
            self._send(wire)
        if self._under_way > self._bytes_max and not self._is_paused:
            self._is_paused = True
            assert self.connection is not None, "only a connection writes"
            self.connection.pause()

    def hang_up(self, code: int, text: str) -> None:
        assert text, "a close frame says why"
        if not self._is_silent:
            self._at_next(0, self._end, code)
        self._forget()

    # --- the client ---------------------------------------------------------------------------------

    def say(self, text: str) -> None:
        """Send a message to the gateway."""
        if self._reaches_gateway and self.connection is not None:
            self.process.gateway.receive(self.connection, text)

    def answer_ping(self) -> None:
        if self._reaches_gateway and self.connection is not None:
            self.process.gateway.heard(self.connection)

    def leave(self) -> None:
        """End it from the client's side; the gateway hears of it a little later."""
        self.is_over = True
        if not self._is_silent:
            asyncio.get_running_loop().call_later(self._latency_s, self.lose)

    # --- faults -------------------------------------------------------------------------------------

    def lose(self, reason: CloseReason | None = None) -> None:
        """The gateway's end is gone."""
        if self.connection is not None and not self.process.is_gone:
            self.process.gateway.lost(self.connection, reason)
        self._forget()

    def cut(self) -> None:
        """Both ends hear of it, and what was under way is lost."""
        loop = asyncio.get_running_loop()
        loop.call_later(self._latency_s, self._end, None)
        self._is_silent = True
        self.lose()

    def silence(self) -> None:
        """Neither end hears anything, for ever; nor does it hear that."""
        self._is_silent = True

    def slow_down(self, until_s: float) -> None:
        """Let the client take its time with each byte."""
        self._slow_until_s = self.healthy_since_s = until_s

    @property
    def is_healthy(self) -> bool:
        return not (self._is_silent or self.is_over)

    @property
    def _reaches_gateway(self) -> bool:
        return not (self._is_silent or self.is_over or self.process.is_gone)

    def _send(self, wire: bytes) -> None:
        now_s = asyncio.get_running_loop().time()
        takes_s = len(wire) / SLOW_BYTES_PER_S if now_s < self._slow_until_s else 0.0
        self._at_next(takes_s, self._arrive, wire)

    def _at_next(self, takes_s: float, callback, argument) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        loop = asyncio.get_running_loop()
        at_s = max(loop.time() + self._latency_s, self._free_at_s + IN_ORDER_S) + takes_s
        self._free_at_s = at_s
        self.healthy_since_s = max(self.healthy_since_s, at_s if takes_s else 0.0)
        loop.call_at(at_s, callback, argument)

    def _arrive(self, wire: bytes) -> None:
        if self._is_silent:
            return
        self._under_way -= len(wire)
        if not self.is_over:
            self._far.on_wire(self, wire)
        if self._is_paused and self._under_way <= self._bytes_max // 4:
            self._is_paused = False
            if self.connection is not None and not self.process.is_gone:
                self.connection.resume()

    def _end(self, code: int | None) -> None:
        if not self.is_over:
            self.is_over = True
            self._far.on_end(self, code)

    def _forget(self) -> None:
        self.process.lines.pop(self, None)
