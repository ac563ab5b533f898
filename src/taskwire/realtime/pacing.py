"""Lets a large channel rest after a broadcast: what comes meanwhile leaves together, in one write.

    free ──broadcast of n frames──► resting, n times what it took ──nothing came──► free
                                       ▲  └─ messages are put off, and heard together at the end
                                       └───────────── broadcast of them ◄──────────────┘

To one socket, five frames in one write cost little more than one frame. Without a rest, a channel
that gets its next message when the last one has just gone out spends a whole core on writes of one
frame each. A message that comes out of silence waits for nothing, and the rest after a lone frame is
no longer than its broadcast: below half of a core nothing is ever joined, and nothing waits. The
more came during a rest, the longer is the next.

What is put off was *not heard yet*: the stream does not know it, as if the bus were slow. So the
numbers in heartbeats, those who join, repairs and restarts are right without knowing of a rest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from taskwire.realtime.counters import Counters
from taskwire.realtime.hub import Channel, Hub, Listener

LISTENERS_MIN: Final = 50
"""A smaller channel never rests: its broadcast takes less than a timer can tell."""

RESTS_MAX: Final = 3
"""A rest is at most so many times as long as the broadcast before it: a channel that is never silent
takes a quarter of the time."""

REST_MAX_S: Final = 0.05
"""Longer than a frame of a screen, and far from what an eye takes for late (100 ms)."""

PUT_OFF_MAX: Final = 256
"""Messages of one rest. One more ends it."""


class Pacing:
    """Who rests, and until when. `hear` gets the messages of a rest, in the order they came."""

    def __init__(
        self,
        hub: Hub,
        hear: Callable[[Channel, Sequence[bytes]], None],
        counters: Counters,
        stopwatch: Callable[[], float],
    ) -> None:
        self._hub = hub
        self._hear = hear
        self._counters = counters
        self._stopwatch = stopwatch

    def broadcast(self, channel: Channel, payloads: Sequence[bytes]) -> list[Listener]:
        """Send to all live listeners, and rest if they are many. Returns who could not take it."""
        if len(channel.live) < LISTENERS_MIN or channel.put_off is not None:
            return self._hub.broadcast(channel, payloads)
        channel.put_off = []
        # Asked for before the broadcast, so that no failure of it leaves the channel at rest for
        # ever; and in the next turn, because what is joined is written at the end of this one.
        rest = partial(self._rest, channel, len(payloads), self._stopwatch())
        asyncio.get_running_loop().call_soon(rest)
        return self._hub.broadcast(channel, payloads)

    def put_off(self, channel: Channel, message: bytes) -> None:
        """Keep a message for the end of the channel's rest."""
        assert channel.put_off is not None, "only a channel that rests puts something off"
        channel.put_off.append(message)
        self._counters.messages_put_off += 1
        if len(channel.put_off) >= PUT_OFF_MAX:
            self.catch_up(channel)

    def catch_up(self, channel: Channel) -> None:
        """Hear now what was put off: somebody is about to compare the channel with the log."""
        if channel.put_off:
            messages, channel.put_off = channel.put_off, []
            self._hear(channel, messages)

    def _rest(self, channel: Channel, frames: int, began_s: float) -> None:
        took_s = self._stopwatch() - began_s
        rest_s = min(min(frames, RESTS_MAX) * took_s, REST_MAX_S)
        asyncio.get_running_loop().call_later(rest_s, self._end, channel)

    def _end(self, channel: Channel) -> None:
        messages, channel.put_off = channel.put_off, None
        if messages and self._hub.serves(channel):
            self._hear(channel, messages)
