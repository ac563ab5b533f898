"""Sends a word to itself through Redis: the only proof that a subscription still hears.

A subscription that has gone deaf is the field's most common outage: sockets open, health green,
nothing arrives. The word goes out on the publisher's connection and must come back on the
subscriber's, so the whole road is tried.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from taskwire.adapters.redis.publisher import Publisher
from taskwire.adapters.redis.subscriber import Subscriber


@dataclass(slots=True)
class ProbeCounters:
    """What the probe saw."""

    sent: int = 0
    returned: int = 0
    lag_s: float = 0.0
    """How long the last one that returned was under way."""
    deaf: int = 0
    """How often the subscriber was reconnected because a probe did not return."""


class Probe:
    """One per process that subscribes."""

    def __init__(
        self,
        subscriber: Subscriber,
        publisher: Publisher,
        counters: ProbeCounters,
        *,
        interval_s: float = 2.0,
        deadline_s: float = 3.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.counters = counters
        self._subscriber = subscriber
        self._publisher = publisher
        self._interval_s = interval_s
        self._deadline_s = deadline_s
        self._clock = clock
        self._channel = f"probe:{secrets.token_hex(8)}"
        self._sent_at_s: dict[bytes, float] = {}
        subscriber.hear(self._channel, self._returned)

    async def run(self) -> None:
        """Probe until cancelled."""
        while True:
            await asyncio.sleep(self._interval_s)
            self.probe()

    def probe(self) -> None:
        """Send a word, and judge by it once its deadline passed."""
        if not self._subscriber.counters.is_connected:
            return
        word = secrets.token_hex(8).encode()
        if self._publisher.publish(self._channel, word):
            self.counters.sent += 1
            self._sent_at_s[word] = self._clock()
            asyncio.get_running_loop().call_later(self._deadline_s, self._judge, word)

    def _judge(self, word: bytes) -> None:
        if self._sent_at_s.pop(word, None) is not None and self._subscriber.counters.is_connected:
            self._sent_at_s.clear()  # the others went the same way: one reconnect is enough
            self.counters.deaf += 1
            self._subscriber.reconnect()

    def _returned(self, word: bytes) -> None:
        sent_at_s = self._sent_at_s.pop(word, None)
        if sent_at_s is not None:
            self.counters.returned += 1
            self.counters.lag_s = self._clock() - sent_at_s
