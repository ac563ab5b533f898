"""The one subscriber connection of a process: it may lose messages, and then it says so.

    waiting ──connected──► resubscribing ──all confirmed──► listening ──► (on_resumed)
       ▲                                                        │
       └────────── lost, refused, or found deaf by the probe ◄──┘   for ever, with back-off

Pub/Sub has no history, so every way back into `listening` means that messages may have been
missed: `on_resumed` is called, and the engine compares with the log.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from taskwire.adapters.redis.backoff import Backoff
from taskwire.adapters.redis.connection import RedisConnection, RedisUnavailable, connect
from taskwire.adapters.redis.url import RedisUrl

LOG = logging.getLogger(__name__)

CONNECT_WAIT_S: Final = 2.0
CONFIRM_WAIT_S: Final = 1.0
"""How long a newcomer waits for its subscription. Without it the sweep delivers."""
NAMES_PER_COMMAND_MAX: Final = 500
"""One command for 50,000 names blocks the loop for 17 ms; by 500 the longest step is under 1 ms."""


@dataclass(slots=True)
class SubscriberCounters:
    """What the subscriber counts about itself."""

    is_connected: bool = False
    channels: int = 0
    connects: int = 0
    messages: int = 0
    unconfirmed: int = 0
    """Subscriptions that were not confirmed in time."""


Messages = Sequence[tuple[str, bytes]]


class Subscriber:
    """The engine's `Bus`. `run()` must be a task of its own while it is used."""

    def __init__(self, url: RedisUrl, counters: SubscriberCounters) -> None:
        self.counters = counters
        self._url = url
        self._on_messages: Callable[[Messages], None] = _no_messages
        self._on_resumed: Callable[[], None] = _not_resumed
        self._connection: RedisConnection | None = None
        self._wanted: dict[str, None] = {}
        self._asked: set[str] = set()
        """Names the present connection was asked for, confirmed or not."""
        self._unconfirmed: dict[str, int] = {}
        """How many confirmations are still to come. A name that left and came back in a hurry has
        two, and only the second one says that messages arrive from here on."""
        self._changed: dict[str, None] = {}
        """Names that were wanted or unwanted since the last commands went out."""
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._own: dict[str, Callable[[bytes], None]] = {}
        self._is_flush_due = False

    # --- the engine calls ---------------------------------------------------------------------------

    def listen(
        self, on_messages: Callable[[Messages], None], on_resumed: Callable[[], None]
    ) -> None:
        self._on_messages = on_messages
        self._on_resumed = on_resumed

    async def subscribe(self, channel: str) -> None:
        """Want a channel, and wait a bounded time for the confirmation."""
        self._want(channel)
        if self._connection is None:
            return  # whoever connects later compares everything with the log
        if channel in self._asked and channel not in self._unconfirmed:
            return
        waiting = self._waiting.get(channel)
        if waiting is None:
            waiting = asyncio.get_running_loop().create_future()
            self._waiting[channel] = waiting
        try:
            async with asyncio.timeout(CONFIRM_WAIT_S):
                await asyncio.shield(waiting)
        except TimeoutError:
            self.counters.unconfirmed += 1

    def unsubscribe(self, channel: str) -> None:
        self._wanted.pop(channel, None)
        self._release(channel)
        self._change(channel)

    # --- the probe calls ----------------------------------------------------------------------------

    def hear(self, channel: str, on_message: Callable[[bytes], None]) -> None:
        """Subscribe to a channel of the process's own, beside the engine's."""
        self._own[channel] = on_message
        self._want(channel)

    def reconnect(self) -> None:
        """Give up the present connection: it is deaf."""
        if self._connection is not None:
            self._connection.abort()

    # --- the connection -----------------------------------------------------------------------------

    async def run(self) -> None:
        """Stay connected until cancelled."""
        backoff = Backoff()
        while True:
            try:
                await self._listen_once(backoff)
            except RedisUnavailable as exception:
                LOG.warning("no subscriber connection to Redis: %s", exception)
            await asyncio.sleep(backoff.next_s())

    async def _listen_once(self, backoff: Backoff) -> None:
        connection = await connect(self._url, CONNECT_WAIT_S, name="taskwire-subscriber")
        lost = asyncio.Event()
        connection.on_lost = lost.set
        connection.on_pushes = self._take
        self._connection = connection
        self.counters.connects += 1
        try:
            await self._resubscribe(connection)
            self.counters.is_connected = True
            backoff.reset()
            self._on_resumed()
            await lost.wait()
        finally:
            self._connection = None
            self._asked.clear()
            self._unconfirmed.clear()
            self.counters.is_connected = False
            await connection.end()

    async def _resubscribe(self, connection: RedisConnection) -> None:
        self._changed.clear()
        names = list(self._wanted)
        for begin in range(0, len(names), NAMES_PER_COMMAND_MAX):
            if connection.is_lost:
                break
            batch = names[begin : begin + NAMES_PER_COMMAND_MAX]
            # While this loop lets others run, names come and go.
            left = [name for name in batch if name in self._wanted and name not in self._asked]
            if left:
                self._send_subscribe(connection, left)
            await asyncio.sleep(0)
        # Replies are in order: the answer to a PING comes after every confirmation.
        await connection.ask(("PING",), CONNECT_WAIT_S)

    def _want(self, channel: str) -> None:
        if channel not in self._wanted:
            self._wanted[channel] = None
            self._change(channel)

    def _change(self, channel: str) -> None:
        self._changed[channel] = None
        self.counters.channels = len(self._wanted)
        if not self._is_flush_due:
            self._is_flush_due = True
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        """Ask for what changed in this tick: one command each for comers and goers."""
        self._is_flush_due = False
        connection = self._connection
        changed = list(self._changed)
        self._changed.clear()
        if connection is None or connection.is_lost:
            return  # the next connection asks for all that is wanted then
        leaving = [name for name in changed if name not in self._wanted and name in self._asked]
        coming = [name for name in changed if name in self._wanted and name not in self._asked]
        for begin in range(0, len(leaving), NAMES_PER_COMMAND_MAX):
            names = leaving[begin : begin + NAMES_PER_COMMAND_MAX]
            connection.send_unanswered(("UNSUBSCRIBE", *names))
            self._asked.difference_update(names)
        for begin in range(0, len(coming), NAMES_PER_COMMAND_MAX):
            self._send_subscribe(connection, coming[begin : begin + NAMES_PER_COMMAND_MAX])

    def _send_subscribe(self, connection: RedisConnection, names: Sequence[str]) -> None:
        self._asked.update(names)
        for name in names:
            self._unconfirmed[name] = self._unconfirmed.get(name, 0) + 1
        connection.send_unanswered(("SUBSCRIBE", *names))

    def _take(self, pushes: Sequence[list[Any]]) -> None:
        messages: list[tuple[str, bytes]] = []
        for push in pushes:
            kind = push[0]
            if kind == b"message":
                channel = push[1].decode()
                if channel in self._own:
                    self._own[channel](push[2])
                else:
                    messages.append((channel, push[2]))
            elif kind == b"subscribe":
                self._confirm(push[1].decode())
        if messages:
            self.counters.messages += len(messages)
            self._on_messages(messages)

    def _confirm(self, channel: str) -> None:
        left = self._unconfirmed.get(channel, 0) - 1
        if left > 0:
            self._unconfirmed[channel] = left
            return
        self._unconfirmed.pop(channel, None)
        if channel in self._asked:
            self._release(channel)

    def _release(self, channel: str) -> None:
        waiting = self._waiting.pop(channel, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)


def _no_messages(_messages: Messages) -> None: ...


def _not_resumed() -> None: ...
