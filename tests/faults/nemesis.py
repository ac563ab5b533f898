"""Faults by name, and a seeded schedule of them: what goes wrong, when, and for how long."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from tests.faults.history import Recorder
from tests.faults.installation import Installation

SHORTEST_S, USUAL_S, LONGEST_S = 1.0, 2.0, 8.0
BETWEEN_S = 0.5
LANES = 2
"""So many faults at once; two lanes give each kind of a full run more than five turns."""

LOOK_S = 0.1
UP_AND_CHILDREN = frozenset({"up", "serve", "worker", "redis"})

Act = Callable[[Installation], Awaitable[None]]
Is = Callable[[Installation], bool]


@dataclass(frozen=True)
class Fault:
    """`begin` and `heal` of one fault; a kill is healed by a new start."""

    name: str
    begin: Act
    heal: Act
    is_possible: Is
    touches: frozenset[str]
    """Faults that touch the same thing do not overlap: one would heal the other."""


def _member(name: str) -> Is:
    return lambda made: name in made.parts


def _touched(name: str) -> frozenset[str]:
    return UP_AND_CHILDREN if name == "up" else frozenset({name})


def _kill(name: str) -> Fault:
    async def begin(made: Installation) -> None:
        made.parts[name].kill()

    async def heal(made: Installation) -> None:
        await made.parts[name].start()
        await made.wait_until_serving()

    return Fault(f"{name} killed", begin, heal, _member(name), _touched(name))


def _freeze(name: str) -> Fault:
    async def begin(made: Installation) -> None:
        made.parts[name].freeze()

    async def heal(made: Installation) -> None:
        made.parts[name].thaw()

    return Fault(f"{name} frozen", begin, heal, _member(name), _touched(name))


def _restart(name: str, word: str) -> Fault:
    """Asked to go, and a new one in its place: what a deploy does, one process after the other."""

    async def begin(made: Installation) -> None:
        await made.parts[name].stop()

    async def heal(made: Installation) -> None:
        await made.parts[name].start()
        await made.wait_until_serving()

    return Fault(f"{name} {word}", begin, heal, _member(name), _touched(name))


def _weather(line: str, mode: str, name: str = "", **said: float) -> Fault:
    async def begin(made: Installation) -> None:
        await made.lines[line].become(mode, **said)

    async def heal(made: Installation) -> None:
        await made.lines[line].become("pass")

    def is_possible(made: Installation) -> bool:
        return line in made.lines

    return Fault(name or f"{line} {mode}", begin, heal, is_possible, frozenset({line}))


async def _kill_subscriptions(made: Installation) -> None:
    client = Redis.from_url(made.redis_url, socket_timeout=2)
    with suppress(RedisError):
        await client.client_kill_filter(_type="pubsub")
    await client.aclose()


async def _cut_database(made: Installation) -> None:
    connection = await asyncpg.connect(made.database_url)
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'taskwire'"
        )
    finally:
        await connection.close()


async def _reload_nginx(made: Installation) -> None:
    assert made.nginx is not None, "possible only with one"
    made.nginx.reload()


async def _nothing(_made: Installation) -> None: ...


async def _fill_disk(made: Installation) -> None:
    assert made.disk is not None, "possible only with one"
    await asyncio.to_thread(made.disk.fill)


async def _empty_disk(made: Installation) -> None:
    assert made.disk is not None, "possible only with one"
    made.disk.empty()
    await made.revive("postgresql", "up")


class _Sleepers:
    """Tabs asleep: whole processes of readers stand still, as when a lid is closed."""

    def __init__(self) -> None:
        self._turn = 0
        self._asleep = 0

    async def begin(self, made: Installation) -> None:
        self._turn += 1
        self._asleep = made.reader_ids[self._turn % len(made.reader_ids)]
        self._signal(signal.SIGSTOP)

    async def heal(self, _made: Installation) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._asleep, number)


def _all() -> Sequence[Fault]:
    sleepers = _Sleepers()
    return (
        *(_kill(name) for name in ("serve-1", "serve-2", "serve", "worker", "redis", "nginx")),
        *(_kill(name) for name in ("postgresql", "up")),
        *(_freeze(name) for name in ("serve-1", "serve-2", "serve", "worker", "redis", "nginx")),
        *(_freeze(name) for name in ("postgresql", "up")),
        *(_restart(name, "deployed") for name in ("serve-1", "serve-2", "worker", "up")),
        *(_restart(name, "restarted") for name in ("redis", "postgresql")),
        Fault(
            "nginx reloaded",
            _reload_nginx,
            _nothing,
            lambda made: made.nginx is not None,
            frozenset({"nginx"}),
        ),
        Fault(
            "subscriptions killed",
            _kill_subscriptions,
            _nothing,
            _member("redis"),
            frozenset({"redis", "redis-line"}),
        ),
        Fault(
            "database connections cut",
            _cut_database,
            _nothing,
            _member("postgresql"),
            frozenset({"postgresql"}),
        ),
        Fault(
            "disk full",
            _fill_disk,
            _empty_disk,
            lambda made: made.disk is not None,
            frozenset({"postgresql", "up"}),
        ),
        Fault(
            "tabs asleep",
            sleepers.begin,
            sleepers.heal,
            lambda made: bool(made.reader_ids),
            frozenset({"tabs"}),
        ),
        _weather("client-line", "throttle", "readers slow", bytes_per_s=20_000),
        _weather("client-line", "cut", share=0.5),
        _weather("client-line", "delay", delay_s=0.3),
        _weather("client-line", "half"),
        _weather("client-line", "blackhole"),
        _weather("redis-line", "blackhole"),
        _weather("redis-line", "cut"),
        _weather("redis-line", "delay", delay_s=0.5),
        _weather("database-line", "blackhole"),
        _weather("database-line", "cut"),
        _weather("database-line", "delay", delay_s=0.2),
    )


ALL: Mapping[str, Fault] = {fault.name: fault for fault in _all()}


def possible(made: Installation) -> list[Fault]:
    return [fault for fault in ALL.values() if fault.is_possible(made)]


class Bag:
    """Each kind in turn before any comes again, in an order by chance."""

    def __init__(self, kinds: Sequence[Fault], chance: random.Random) -> None:
        self._kinds = kinds
        self._random = chance
        self._left: list[Fault] = []

    def take(self, touched: set[str] | frozenset[str]) -> Fault | None:
        """The next one that touches nothing that is broken already."""
        if not self._left:
            self._left = list(self._kinds)
            self._random.shuffle(self._left)
        fault = next((one for one in self._left if one.touches.isdisjoint(touched)), None)
        if fault is not None:
            self._left.remove(fault)
        return fault


class Nemesis:
    """Breaks and heals, in lanes beside each other, by a seed."""

    def __init__(
        self,
        made: Installation,
        record: Recorder,
        seed: int,
        *,
        lanes: int = LANES,
        kinds: Sequence[str] = (),
    ) -> None:
        self._made = made
        self._record = record
        self._random = random.Random(seed)
        self._lanes = lanes
        self._kinds = [fault for fault in possible(made) if not kinds or fault.name in kinds]
        self._bag = Bag(self._kinds, self._random)
        self._touched: set[str] = set()
        self._turns: Counter[str] = Counter()

    def has_hold_of(self, name: str) -> bool:
        return name in self._touched

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; what was broken then is healed before this returns."""
        async with asyncio.TaskGroup() as group:
            for _ in range(self._lanes):
                group.create_task(self._run_lane(stop))

    async def _run_lane(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            fault = self._bag.take(self._touched)
            if fault is None:
                await asyncio.sleep(LOOK_S)
                continue
            await self.inflict(fault, self._random.triangular(SHORTEST_S, LONGEST_S, USUAL_S))
            await asyncio.sleep(BETWEEN_S)

    async def inflict(self, fault: Fault, lasting_s: float) -> None:
        self._touched |= fault.touches
        self._record("fault", name=fault.name)
        try:
            await fault.begin(self._made)
            await asyncio.sleep(lasting_s)
        finally:
            await fault.heal(self._made)
            self._record("heal", name=fault.name)
            self._touched -= fault.touches
        self._turns[fault.name] += 1

    def has_given(self, turns: int) -> bool:
        """Whether each kind has begun and been healed so often."""
        return all(self._turns[fault.name] >= turns for fault in self._kinds)
