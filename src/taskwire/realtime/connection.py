"""One socket as the engine sees it: whose it is, how long it may live, what it has not taken yet.

    joining ──attach──► live ──┐
       └───────────────────────┴── close, lost ──► closed: attach, deliver, pause … do nothing

It decides nothing about channels; the gateway does. Slots, no timers, no task: 15,000 of these
stand in one process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from enum import Enum, auto

from taskwire.realtime.hub import Batch, Channel, Send, decline
from taskwire.realtime.limits import Limits, TokenBucket
from taskwire.realtime.outbound import Outbound
from taskwire.realtime.ports import Grant, Socket


class Phase(Enum):
    JOINING = auto()
    """It has a position of its own, and walks towards the stream's."""
    LIVE = auto()
    """It shares the position of its channel's stream."""
    CLOSED = auto()


class Connection:
    """A listener with a socket."""

    __slots__ = (
        "_limits",
        "_outbound",
        "_writable",
        "_write",
        "address",
        "bucket",
        "channel",
        "expires_at_s",
        "heard_at_s",
        "phase",
        "send",
        "session",
        "slot",
        "socket",
        "subject",
    )

    def __init__(
        self,
        channel: Channel,
        grant: Grant,
        address: str,
        socket: Socket,
        limits: Limits,
        now_s: float,
    ) -> None:
        self.channel = channel
        self.subject = grant.subject
        self.session = grant.session
        self.address = address
        self.socket = socket
        self.phase = Phase.JOINING
        self.expires_at_s = now_s + limits.socket_lifetime_s
        self.heard_at_s = now_s
        self.slot = 0
        """Where it stands on the heartbeat's wheel."""
        self.bucket: TokenBucket | None = None
        self.send: Send = socket.send
        self._write: Callable[[bytes], None] = socket.write
        self._limits = limits
        self._outbound: Outbound | None = None
        self._writable: asyncio.Future[None] | None = None

    @property
    def is_open(self) -> bool:
        return self.phase is not Phase.CLOSED

    @property
    def is_live(self) -> bool:
        return self.phase is Phase.LIVE

    @property
    def is_writable(self) -> bool:
        return self._outbound is None

    def attach(self) -> None:
        """Arrive at the stream: from here on its frames are this socket's."""
        assert self.phase is Phase.JOINING, "a socket joins once, and while it is open"
        self.phase = Phase.LIVE

    def deliver(self, batch: Batch) -> bool:
        """Send, or queue while the socket is behind. False: it is too slow, hang up."""
        if self._outbound is None:
            self._write(batch.wire)
            return True
        return self._outbound.put(batch.wire, len(batch.payloads))

    def pause(self) -> None:
        """Hear from the socket that its buffer is full."""
        if self._outbound is None and self.is_open:
            limits = self._limits
            self._outbound = Outbound(limits.outbound_bytes_max, limits.outbound_frames_max)
            self._take_by(decline)

    def resume(self) -> None:
        """Hear from the socket that its buffer is empty enough: all that waited goes in one write."""
        if self._outbound is None:
            return
        waiting = self._outbound.take()
        self._outbound = None
        self._take_by(self.socket.send)
        if waiting:
            self._write(waiting)
        if self._outbound is None:
            self._wake()

    async def writable(self, within_s: float) -> None:
        """Wait until the socket takes bytes, or is closed. Raises TimeoutError when it takes none."""
        while self.is_open and self._outbound is not None:
            self._writable = asyncio.get_running_loop().create_future()
            async with asyncio.timeout(within_s):
                await self._writable

    def renew(self, grant: Grant, now_s: float) -> None:
        """Accept a new proof of who is listening."""
        self.session = grant.session
        self.expires_at_s = now_s + self._limits.socket_lifetime_s

    def may_speak(self, now_s: float) -> bool:
        """Account for one message of the client. False: there were too many."""
        if self.bucket is None:
            limits = self._limits
            self.bucket = TokenBucket(limits.messages_per_s, limits.messages_burst, now_s)
        return self.bucket.take(now_s)

    def mark_closed(self) -> None:
        """Forget what waits; whoever waits for the socket is woken and sees `is_open`."""
        self.phase = Phase.CLOSED
        self._write = _nowhere  # instead of a question on each delivery
        self._outbound = None
        self._take_by(_nowhere)
        self._wake()

    def _take_by(self, send: Send) -> None:
        self.send = send
        self.channel.shift(self)

    def _wake(self) -> None:
        if self._writable is not None and not self._writable.done():
            self._writable.set_result(None)


def _nowhere(_bytes: bytes) -> None:
    """Where goes what is sent or written to a closed socket."""


class Poll:
    """A listener without a socket: a long poll that waits for the next frames."""

    __slots__ = ("payloads", "send", "woken")

    def __init__(self) -> None:
        self.send: Send = decline
        self.payloads: list[bytes] = []
        self.woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def deliver(self, batch: Batch) -> bool:
        self.payloads.extend(batch.payloads)
        self.end()
        return True

    def end(self) -> None:
        """Wake whoever waits, with or without frames."""
        if not self.woken.done():
            self.woken.set_result(None)


def chunks(payloads: Sequence[bytes], bytes_max: int) -> list[Sequence[bytes]]:
    """Cut a page into writes of about `bytes_max`: a slow client need not buffer a whole page."""
    cut: list[Sequence[bytes]] = []
    begin = size = 0
    for index, payload in enumerate(payloads):
        if size and size + len(payload) > bytes_max:
            cut.append(payloads[begin:index])
            begin, size = index, 0
        size += len(payload)
    if begin < len(payloads):
        cut.append(payloads[begin:])
    return cut
