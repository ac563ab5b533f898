"""Devices that listen, by the thousand: each keeps a number, resumes from it, and counts.

They are the page's connection in small: `hello`, then exactly the next number; a broken line comes
back after a jittered wait with `since`. What each heard and when is kept for the end.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from tests.faults.scenarios.websocket_client import WebsocketClient, upgrade_request
from tests.product.people import Known

BACKOFF_BASE_S: Final = 0.5
BACKOFF_CAP_S: Final = 30.0
OPENING_MAX_S: Final = 10.0
OPENED_AT_ONCE: Final = 100
RESTART: Final = 1012
LOOK_S: Final = 0.05

Ticket = Callable[[Known], str]
"""A new one for each attempt: it is good once, and the product spends it in its database."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A change on a screen."""

    person_id: int
    seq: int
    at_s: float


@dataclass(slots=True)
class Ledger:
    """What all devices of a crowd saw."""

    arrivals: list[Arrival] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    """`gap`, `old`, `reset`, `ahead` (a heartbeat beyond what came), and each refusal."""


class Device:
    """One of a person's screens."""

    __slots__ = (
        "_ledger",
        "_line",
        "_lost_at_s",
        "_port",
        "_random",
        "_target",
        "_ticket",
        "away_s",
        "back_at_s",
        "epoch",
        "is_off",
        "person",
        "seq",
    )

    def __init__(
        self, person: Known, port: int, ticket: Ticket, ledger: Ledger, chance: random.Random
    ) -> None:
        self.person = person
        self._ticket = ticket
        self.epoch = ""
        self.seq = -1
        """The last number that came; -1 before the first hello."""
        self.back_at_s = 0.0
        """When it was up to date again after the last break."""
        self.away_s = 0.0
        """The longest that it was without a line that was up to date."""
        self.is_off = False
        """True: the network is gone; it does not even try."""
        self._port = port
        self._ledger = ledger
        self._random = chance
        self._line: WebsocketClient | None = None
        self._lost_at_s = time.monotonic()
        self._target = 0

    @property
    def is_back(self) -> bool:
        """It has a line, and all that the server had when it greeted."""
        line = self._line
        return line is not None and line.is_open and 0 <= self._target <= self.seq

    async def run(self) -> None:
        attempt = 0
        while True:
            greeted = await self._listen_once()
            attempt = 0 if greeted else attempt + 1
            wait_s = self._random.random() * min(BACKOFF_CAP_S, BACKOFF_BASE_S * 2**attempt)
            await asyncio.sleep(wait_s)
            await _until(lambda: not self.is_off)

    def lose_network(self) -> None:
        self.is_off = True
        if self._line is not None:
            self._line.reset()

    def find_network(self) -> None:
        self.is_off = False

    async def _listen_once(self) -> bool:
        """Open a line and read it to its end. True: it was greeted."""
        since = f"&since={self.epoch}.{self.seq}" if self.epoch else ""
        request = upgrade_request(f"/ws/tasks?token={self._ticket(self.person)}{since}")
        line = WebsocketClient(request, self._hear)
        self._target = -1
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(OPENING_MAX_S):
                await loop.create_connection(lambda: line, "127.0.0.1", self._port)
        except (OSError, TimeoutError):
            self._ledger.counts["not connected"] += 1
            return False
        self._line = line
        try:
            await line.ended
        finally:
            self._line = None
            line.reset()
        self._part(line)
        return self._target >= 0

    def _part(self, line: WebsocketClient) -> None:
        if self._target >= 0:
            self._lost_at_s = time.monotonic()
            self._ledger.counts[f"closed {line.close_code}"] += 1
        else:
            self._ledger.counts[f"refused {line.status}"] += 1

    def _hear(self, text: bytes) -> None:
        frame = orjson.loads(text)
        seq = frame.get("seq")
        if seq is not None:
            self._apply(seq)
        elif frame["type"] == "hello":
            self._greet(frame["data"])
        elif frame["type"] == "heartbeat":
            self._ledger.counts["ahead"] += frame["data"]["seq"] > self.seq
        elif frame["type"] == "reset":
            self._ledger.counts["reset"] += 1
            self.epoch, self.seq = frame["data"]["epoch"], frame["data"]["seq"]
        self._look_back()

    def _greet(self, data: dict[str, Any]) -> None:
        if not self.epoch:
            self.epoch, self.seq = data["epoch"], data["seq"]
        self._target = data["seq"]

    def _apply(self, seq: int) -> None:
        if seq <= self.seq:
            self._ledger.counts["old"] += 1
        elif seq > self.seq + 1:
            self._ledger.counts["gap"] += 1
        else:
            self.seq = seq
            self._ledger.arrivals.append(Arrival(self.person.id, seq, time.monotonic()))

    def _look_back(self) -> None:
        if self._lost_at_s and 0 <= self._target <= self.seq:
            self.back_at_s = time.monotonic()
            self.away_s = max(self.away_s, self.back_at_s - self._lost_at_s)
            self._lost_at_s = 0.0


class Crowd:
    """Many devices and their tasks."""

    def __init__(
        self, people: Sequence[Known], port: int, ticket: Ticket, *, each: int = 1, seed: int = 1
    ) -> None:
        self.ledger = Ledger()
        chance = random.Random(seed)
        self.devices = [
            Device(person, port, ticket, self.ledger, random.Random(chance.random()))
            for person in people
            for _ in range(each)
        ]
        self._tasks: list[asyncio.Task[None]] = []

    async def arrive(self, within_s: float = 120.0) -> None:
        """Open everybody's line, a bounded number at a time."""
        try:
            async with asyncio.timeout(within_s):
                for begin in range(0, len(self.devices), OPENED_AT_ONCE):
                    some = self.devices[begin : begin + OPENED_AT_ONCE]
                    self._tasks += [asyncio.create_task(device.run()) for device in some]
                    await self.until_back(some)
        except TimeoutError:
            away = sum(not device.is_back for device in self.devices)
            raise AssertionError(f"{away} did not arrive: {dict(self.ledger.counts)}") from None
        for device in self.devices:
            device.away_s = 0.0  # coming for the first time is no absence

    async def until_back(self, devices: Sequence[Device] | None = None) -> None:
        """Wait until these (or all) have a line that is up to date."""
        waiting = self.devices if devices is None else devices
        await _until(lambda: all(device.is_back for device in waiting))

    async def until_back_since(self, since_s: float) -> None:
        """Wait until each has come back after a moment: all their lines were lost then."""
        await _until(lambda: all(device.back_at_s >= since_s for device in self.devices))

    async def until_holding(self, heads: dict[int, int], within_s: float) -> int:
        """Wait until everybody holds their person's head; how many changes are missing if not."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await _until(lambda: not self.missing(heads))
        return self.missing(heads)

    def missing(self, heads: dict[int, int]) -> int:
        return sum(max(0, heads.get(one.person.id, 0) - one.seq) for one in self.devices)

    async def leave(self) -> None:
        for task in self._tasks:
            task.cancel()
        ends = await asyncio.gather(*self._tasks, return_exceptions=True)
        broken = [end for end in ends if isinstance(end, Exception)]
        assert not broken, f"{len(broken)} devices of ours broke, the first by {broken[0]!r}"


async def _until(is_true: Callable[[], bool]) -> None:
    """A look now and then is cheaper than an event for each of thousands."""
    while not is_true():  # noqa: ASYNC110 - see above
        await asyncio.sleep(LOOK_S)
