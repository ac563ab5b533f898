"""The change log of a simulation, the truth that all else is compared with.

It keeps what a database keeps (numbers without gaps, a floor, when a stream moved, the rows), and
beside it what no database knows: everything that ever was in it, also what a restore undid. Each
restore begins another `life`; frames say in theirs which one they are of. Clients do not look.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final, TypeVar

import orjson

from taskwire.realtime.ports import Extent, Frame, LogUnavailable, Moved, Positions, Range
from tests.faults.checker.log_laws import fold
from tests.faults.checker.model import Dump, Event, Stream
from tests.faults.simulation.clock import on_grid

Answer = TypeVar("Answer")

OVERLAP_S = 3.5
"""Longer than a transaction may take: `moved_at` is when it began."""
QUICK_S: Final = 0.01
LONG_AGO_S: Final = 0.0
"""A backup is of yesterday: in a restored log no stream moved lately."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a person's REST read gives: rows and their place, read together."""

    epoch: str
    life: int
    seq: int
    tasks: dict[int, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A committed event."""

    event: Event
    payload: bytes
    life: int
    at_s: float


@dataclass(slots=True)
class Channel:
    """One stream. `entries[n]` is number n + 1, pruned or not."""

    entries: list[Entry] = field(default_factory=list)
    floor: int = 0
    moved_at_s: float = LONG_AGO_S
    tasks: dict[int, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def head(self) -> int:
        return len(self.entries)

    @property
    def events(self) -> list[Event]:
        return [entry.event for entry in self.entries]


class SimulatedLog:
    """All streams under one epoch."""

    def __init__(self, channels: Sequence[str]) -> None:
        self.epoch = "e1"
        self.life = 1
        self.shut = 0
        """How many faults keep it away just now."""
        self.healthy_since_s = 0.0
        self.channels = {name: Channel() for name in channels}
        self.past: list[Dump] = []
        """What each life held when it ended."""
        self.undone: dict[str, None] = {}
        """Keys of writes that a restore took back."""
        self.archive: list[Entry] = []

    # --- writes -----------------------------------------------------------------------------------

    def append(self, name: str, kind: str, op: str, data: Mapping[str, Any], at_s: float) -> Entry:
        """Commit one event; the stream moved when its transaction began."""
        channel = self.channels[name]
        event = Event(name, channel.head + 1, kind, op, data)
        frame = {"type": kind, "seq": event.seq, "op": op, "data": data, "life": self.life}
        entry = Entry(event, orjson.dumps(frame), self.life, asyncio.get_running_loop().time())
        channel.entries.append(entry)
        channel.tasks = fold([event], channel.tasks)
        channel.moved_at_s = max(channel.moved_at_s, at_s)
        self.archive.append(entry)
        return entry

    def prune(self, name: str, floor: int) -> None:
        channel = self.channels[name]
        channel.floor = max(channel.floor, min(floor, channel.head))

    def restore(self, as_of_s: float, *, is_raw: bool) -> None:
        """Go back to a backup: under another epoch, or (raw) without saying so."""
        self.past.append(self.dump())
        self.life += 1
        if not is_raw:
            self.epoch = f"e{self.life}"
        for channel in self.channels.values():
            kept = [entry for entry in channel.entries if entry.at_s <= as_of_s]
            self.undone.update(
                (entry.event.op or "", None) for entry in channel.entries[len(kept) :]
            )
            channel.entries = kept
            channel.floor = min(channel.floor, channel.head)
            channel.moved_at_s = LONG_AGO_S
            channel.tasks = fold(channel.events)

    # --- reads ------------------------------------------------------------------------------------

    def snapshot(self, name: str) -> Snapshot:
        channel = self.channels[name]
        return Snapshot(self.epoch, self.life, channel.head, dict(channel.tasks))

    def dump(self) -> Dump:
        """Everything, as if nothing was ever pruned."""
        streams = {n: Stream(0, c.head, c.events) for n, c in self.channels.items()}
        return Dump(self.epoch, streams, {n: dict(c.tasks) for n, c in self.channels.items()})

    def version(self, name: str, task_id: int) -> int:
        """How many changes a task has had, deletes included."""
        data = (event.data for event in self.channels[name].events)
        return sum(task_id in (change.get("id"), change.get("task_id")) for change in data)

    def extent(self, name: str) -> Extent:
        channel = self.channels[name]
        return Extent(channel.floor, channel.head)

    def frames(self, wanted: Range, page_max: int) -> list[Frame]:
        channel = self.channels[wanted.channel]
        begin = max(wanted.after, channel.floor)
        end = wanted.after + min(wanted.limit, page_max)
        return [Frame(e.event.seq, e.payload) for e in channel.entries[begin:end]]

    def moved(self, since: str | None) -> Moved:
        mark = repr(asyncio.get_running_loop().time())
        if since is None:
            return Moved(self.epoch, mark, {})
        after = float(since) - OVERLAP_S
        heads = {n: c.head for n, c in self.channels.items() if c.moved_at_s > after}
        return Moved(self.epoch, mark, heads)


class LogPort:
    """Implements `ChangeLog` for one process: answers take time, and may not come at all.

    An answer is made somewhere between the question and its arrival, so it can be old when it
    comes. A page may be shorter than asked for.
    """

    def __init__(self, log: SimulatedLog, chance: Random, page_max: int, flaky: float) -> None:
        self.log = log
        self.page_max = page_max
        self.flaky = flaky
        """The odds that a question is not answered."""
        self.slow_s = 0.0
        self.shut = 0
        self.healthy_since_s = 0.0
        self._chance = chance

    async def positions(self, channels: Sequence[str]) -> Positions:
        log = self.log
        return await self.ask(lambda: Positions(log.epoch, {n: log.extent(n) for n in channels}))

    async def read(self, ranges: Sequence[Range]) -> Sequence[Sequence[Frame]]:
        log = self.log
        return await self.ask(lambda: [log.frames(wanted, self.page_max) for wanted in ranges])

    async def moved(self, since: str | None) -> Moved:
        return await self.ask(lambda: self.log.moved(since))

    async def ask(self, answer: Callable[[], Answer]) -> Answer:
        """Take the way there and back. Raises LogUnavailable."""
        chance = self._chance
        under_way_s = chance.random() * (self.slow_s or QUICK_S)
        there = chance.random()
        await asyncio.sleep(under_way_s * there)
        self._refuse()
        answered = answer()
        now_s = asyncio.get_running_loop().time()
        await asyncio.sleep(on_grid(now_s + under_way_s * (1 - there)) - now_s)
        self._refuse()
        if self.flaky and chance.random() < self.flaky:
            self.healthy_since_s = asyncio.get_running_loop().time()
            raise LogUnavailable
        return answered

    def _refuse(self) -> None:
        if self.shut or self.log.shut:
            raise LogUnavailable
