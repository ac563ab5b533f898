"""What the engine asks of the world: a change log, a bus, and somebody who knows tokens.

The log is the truth and the bus makes it fast. Every method that reads takes *many* requests,
because after a deploy thousands of sockets come back within a second: what arrives together is
asked together, so a storm costs queries by the batch and not by the socket.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Frame:
    """One message, byte for byte as sockets get it; `seq` is None when nothing remembers it."""

    seq: int | None
    payload: bytes


@dataclass(frozen=True, slots=True)
class Extent:
    """What the log holds of a channel: the numbers `floor + 1 … head`. Unknown channel: 0, 0."""

    floor: int
    head: int


@dataclass(frozen=True, slots=True)
class Positions:
    """The extents of the channels asked for, read together, and the epoch they are counted in."""

    epoch: str
    extents: Mapping[str, Extent]


@dataclass(frozen=True, slots=True)
class Range:
    """The frames `after + 1 … after + limit` of a channel, as far as they exist."""

    channel: str
    after: int
    limit: int


@dataclass(frozen=True, slots=True)
class Moved:
    """The heads that moved since a mark, and the mark to ask with next time.

    A mark is the log's own and opaque: only the log may compare times of its own clock.
    """

    epoch: str
    mark: str
    heads: Mapping[str, int]


class ChangeLog(Protocol):
    """The numbered truth. Each method may raise `LogUnavailable`; the engine then asks again."""

    async def positions(self, channels: Sequence[str]) -> Positions: ...

    async def read(self, ranges: Sequence[Range]) -> Sequence[Sequence[Frame]]:
        """Frames for each range, in order, without gaps; one list per range, empty at the head."""
        ...

    async def moved(self, since: str | None) -> Moved:
        """Streams that moved since `since`, a little overlap included; None: only a first mark."""
        ...


class LogUnavailable(Exception):  # noqa: N818 - it names a state of the world
    """The log did not answer. Nothing is lost by it; it is asked again."""


class Bus(Protocol):
    """Carries hints between processes. It may lose, double, delay and reorder them."""

    def listen(
        self,
        on_messages: Callable[[Sequence[tuple[str, bytes]]], None],
        on_resumed: Callable[[], None],
    ) -> None:
        """Name the listeners, once, before the first subscription.

        `on_messages` gets pairs of channel and payload in the order of arrival: what came in one
        read comes in one call, so that frames for the same socket go out in one write.
        `on_resumed()` is called whenever messages may have been missed (a reconnect, a probe that
        did not come back): the engine then compares all heads with the log.
        """
        ...

    async def subscribe(self, channel: str) -> None:
        """Return once the subscription is confirmed, or after a bounded wait without it.

        A dead bus must not keep anybody out: the sweep delivers meanwhile, and the bus subscribes
        again by itself when it is back.
        """
        ...

    def unsubscribe(self, channel: str) -> None: ...


class Socket(Protocol):
    """One open connection to a client, as far as the engine needs it. No method waits."""

    def send(self, payload: bytes) -> None:
        """Send one message, in order with what is written."""
        ...

    def write(self, wire: bytes) -> None:
        """Send bytes that `WireFormat` made. They may wait in a buffer below the engine's."""
        ...

    def hang_up(self, code: int, text: str) -> None:
        """Say why, and end: at once if the other side does not answer in a bounded time."""
        ...


class WireFormat(Protocol):
    """How payloads become bytes. Encoded once, written to however many sockets."""

    @property
    def ping(self) -> bytes:
        """A sign of life that the client's side answers by itself."""
        ...

    def join(self, payloads: Sequence[bytes]) -> bytes:
        """The messages as the bytes of one write."""
        ...


@dataclass(frozen=True, slots=True)
class Grant:
    """A right to listen: whose, through which sign-in, and until when (Unix seconds)."""

    subject: str
    session: str
    expires_at_s: float


@dataclass(frozen=True, slots=True)
class Revoked:
    """Sessions that ended since a mark, and the mark to ask with next time."""

    mark: str
    sessions: frozenset[str]


class Authenticator(Protocol):
    """Knows tokens. Tickets are good once: asking spends them."""

    async def authenticate(self, token: str) -> Grant | None:
        """The grant behind a token, or None when it is bad, expired, spent or revoked."""
        ...

    async def revoked(self, since: str | None) -> Revoked: ...
