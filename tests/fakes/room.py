"""The engine in memory: a gateway with its log, bus and tokens, all within reach of a test."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from taskwire.realtime.connection import Connection
from taskwire.realtime.counters import Counters
from taskwire.realtime.gateway import Gateway
from taskwire.realtime.limits import Limits
from taskwire.realtime.ports import Grant
from taskwire.realtime.sweep import Sweep
from tests.fakes.memory_authenticator import MemoryAuthenticator
from tests.fakes.memory_bus import MemoryBus
from tests.fakes.memory_log import MemoryLog
from tests.fakes.memory_socket import LineFormat, MemorySocket
from tests.fakes.waiting import wait_until

TASKS = "user:1:tasks"


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


class Stopwatch:
    """Says that whatever is timed took `step_s`."""

    def __init__(self) -> None:
        self.step_s = 0.0
        self._now_s = 0.0

    def __call__(self) -> float:
        self._now_s += self.step_s
        return self._now_s


@dataclass
class Guest:
    """An open socket, from both sides."""

    socket: MemorySocket
    connection: Connection | None

    @property
    def is_live(self) -> bool:
        return self.connection is not None and self.connection.is_live

    @property
    def open(self) -> Connection:
        assert self.connection is not None, "the socket was hung up at once"
        return self.connection


class Room:
    """One process's engine."""

    def __init__(self, limits: Limits) -> None:
        self.log = MemoryLog()
        self.bus = MemoryBus()
        self.authenticator = MemoryAuthenticator()
        self.clock = Clock()
        self.stopwatch = Stopwatch()
        self.gateway = Gateway(
            log=self.log,
            bus=self.bus,
            authenticator=self.authenticator,
            wire_format=LineFormat(),
            limits=limits,
            counters=Counters(),
            clock=self.clock,
            stopwatch=self.stopwatch,
        )
        self.sweep = Sweep(self.gateway, self.log, self.authenticator, clock=self.clock)

    @property
    def counters(self) -> Counters:
        return self.gateway.counters

    def enter(
        self,
        since: str | None = None,
        *,
        channel: str = TASKS,
        subject: str = "1",
        session: str = "s1",
        address: str = "10.0.0.1",
    ) -> Guest:
        """Open a socket and do not wait."""
        socket = MemorySocket()
        grant = Grant(subject, session, expires_at_s=0.0)
        return Guest(socket, self.gateway.open(channel, grant, address, since, socket))

    async def welcome(self, since: str | None = None, **more: str) -> Guest:
        """Open a socket and wait until it is live."""
        guest = self.enter(since, **more)
        await wait_until(lambda: guest.is_live)
        return guest

    def write(self, channel: str = TASKS) -> bytes:
        """Commit and publish."""
        frame = self.log.commit(channel)
        self.bus.publish((channel, frame.payload))
        return frame.payload


@contextlib.asynccontextmanager
async def opened(limits: Limits | None = None) -> AsyncIterator[Room]:
    """A room whose gateway runs for the time of the block."""
    room = Room(limits or Limits(heartbeat_interval_s=3600.0))
    running = asyncio.create_task(room.gateway.run())
    try:
        yield room
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
