"""Channels and who listens to them: first in subscribes, last out unsubscribes, one encoding.

The hub sees a listener through one method, `deliver`. It knows no socket, no bus and no log; what
must happen outside is returned to the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, Protocol, TypeAlias

from taskwire.realtime.stream import Stream

SMALL_BYTES_MAX: Final = 1000
"""A socket copies what it is sent into a buffer of its own, which never shrinks: for a message
that is larger, encoding once for all is the cheaper way, in time and in memory."""


class Batch:
    """Frames that go out together: as messages, and joined as the bytes of one write."""

    __slots__ = ("payloads", "wire")

    def __init__(self, payloads: Sequence[bytes], wire: bytes) -> None:
        self.payloads = payloads
        self.wire = wire


Send: TypeAlias = Callable[[bytes], bool | None]
"""Takes one message at once; only `decline` says True."""


def decline(_payload: bytes) -> bool:
    """The `Send` of whoever has a queue of its own: not this way, hand it a batch."""
    return True


class Listener(Protocol):
    """Whoever gets frames: a socket, a long poll."""

    send: Send
    """What it takes one message by at the moment. Whoever changes it says `Channel.shift`."""

    def deliver(self, batch: Batch) -> bool:
        """Take the frames without waiting. False: this listener cannot, end it (SLOW)."""
        ...


class Channel:
    """One channel as this process serves it."""

    __slots__ = ("joining", "live", "name", "put_off", "stream")

    def __init__(self, name: str) -> None:
        self.name = name
        self.stream = Stream()
        self.joining = 0
        """Listeners on their way; their count keeps the channel subscribed."""
        self.live: dict[Listener, Send] = {}
        """Each with its `send`, so that nothing of ours stands between the hub and the kernel."""
        self.put_off: list[bytes] | None = None
        """While the channel rests after a broadcast: messages of the bus, as yet unheard."""

    def shift(self, listener: Listener) -> None:
        """Notice that a listener takes messages another way from here on."""
        if listener in self.live:
            self.live[listener] = listener.send


class Hub:
    """All channels of one process. `encode` turns payloads into the bytes of one write."""

    def __init__(self, encode: Callable[[Sequence[bytes]], bytes]) -> None:
        self._encode = encode
        self._channels: dict[str, Channel] = {}

    def __iter__(self) -> Iterator[Channel]:
        return iter(self._channels.values())

    def __len__(self) -> int:
        return len(self._channels)

    def get(self, name: str) -> Channel | None:
        return self._channels.get(name)

    def serves(self, channel: Channel) -> bool:
        """False once the last listener left: a late answer of the log is for nobody."""
        return self._channels.get(channel.name) is channel

    def join(self, name: str) -> tuple[Channel, bool]:
        """Let a listener come. True beside the channel: it is the first, subscribe."""
        channel = self._channels.get(name)
        is_first = channel is None
        if channel is None:
            channel = self._channels[name] = Channel(name)
        channel.joining += 1
        channel.stream.record()
        return channel, is_first

    def attach(self, channel: Channel, listener: Listener) -> None:
        """Let a joined listener share the stream's position from here on."""
        channel.live[listener] = listener.send
        self._arrive(channel)

    def leave(self, channel: Channel, listener: Listener) -> bool:
        """Let a listener go, live or still joining. True: it was the last, unsubscribe."""
        if listener in channel.live:
            del channel.live[listener]
        else:
            self._arrive(channel)
        is_last = not channel.live and not channel.joining
        if is_last:
            del self._channels[channel.name]
        return is_last

    def batch(self, payloads: Sequence[bytes]) -> Batch:
        """Encode once, for however many listeners."""
        return Batch(payloads, self._encode(payloads))

    def broadcast(self, channel: Channel, payloads: Sequence[bytes]) -> list[Listener]:
        """Send to all live listeners of a channel. Returns those that could not take it.

        They are ended by the caller afterwards, so that nobody leaves under the loop.
        """
        is_small = len(payloads) == 1 and len(payloads[0]) <= SMALL_BYTES_MAX
        waiting = _send(channel, payloads[0]) if is_small else channel.live
        if not waiting:
            return []
        batch = self.batch(payloads)
        return [listener for listener in waiting if not listener.deliver(batch)]

    def _arrive(self, channel: Channel) -> None:
        channel.joining -= 1
        if not channel.joining:
            channel.stream.forget()


def _send(channel: Channel, payload: bytes) -> list[Listener]:
    """The hot loop: one call for each socket. Returns those that want a batch instead.

    The listeners themselves are not touched: with 15,000 of them each is a miss of the cache.
    """
    declined = [send(payload) for send in channel.live.values()]
    if not any(declined):
        return []
    # By the answers: who fell behind by this very message declines from now on, and has it already.
    return [listener for listener, no in zip(channel.live, declined, strict=True) if no]
