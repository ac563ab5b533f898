"""Faults by name, and a seeded schedule of them: what goes wrong, when, and for how long."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from tests.faults.history import Recorder
from tests.faults.installation import Installation

SHORTEST_S, LONGEST_S = 1.0, 8.0
BETWEEN_S = 1.0

Act = Callable[[Installation], Awaitable[None]]


@dataclass(frozen=True)
class Fault:
    """`begin` and `heal` of one fault; a kill is healed by a new start."""

    name: str
    begin: Act
    heal: Act
    needs: str = ""
    """The member or lines without which this fault does not exist."""


def _kill(name: str) -> Fault:
    async def begin(made: Installation) -> None:
        made.members[name].kill()

    async def heal(made: Installation) -> None:
        await made.restart(name)

    return Fault(f"{name} killed", begin, heal, name)


def _freeze(name: str) -> Fault:
    async def begin(made: Installation) -> None:
        made.members[name].freeze()

    async def heal(made: Installation) -> None:
        made.members[name].thaw()

    return Fault(f"{name} frozen", begin, heal, name)


def _deploy(name: str) -> Fault:
    """A rolling restart, one process of it: asked to go, and a new one in its place."""

    async def begin(made: Installation) -> None:
        await made.members[name].stop()

    async def heal(made: Installation) -> None:
        await made.members[name].start()

    return Fault(f"{name} deployed", begin, heal, name)


def _weather(line: str, mode: str, **said: float) -> Fault:
    async def begin(made: Installation) -> None:
        await made.lines[line].become(mode, **said)

    async def heal(made: Installation) -> None:
        await made.lines[line].become("pass")

    return Fault(f"{line} {mode}", begin, heal, line)


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


async def _nothing(_made: Installation) -> None: ...


ALL: Mapping[str, Fault] = {
    fault.name: fault
    for fault in (
        _kill("serve-1"),
        _kill("serve-2"),
        _freeze("serve-1"),
        _freeze("serve-2"),
        _deploy("serve-1"),
        _deploy("serve-2"),
        _kill("worker"),
        _freeze("worker"),
        _kill("redis"),
        _freeze("redis"),
        Fault("subscriptions killed", _kill_subscriptions, _nothing, "redis"),
        Fault("database connections cut", _cut_database, _nothing, "database-line"),
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
}


def possible(made: Installation) -> list[Fault]:
    there = {*made.members, *made.lines, ""}
    return [fault for fault in ALL.values() if fault.needs in there]


class Nemesis:
    """One fault after the other, each kind in turn before any comes again, in a seeded order."""

    def __init__(self, made: Installation, record: Recorder, seed: int) -> None:
        self._made = made
        self._record = record
        self._random = random.Random(seed)
        self._bag: list[Fault] = []

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await self.inflict(self._next(), self._random.uniform(SHORTEST_S, LONGEST_S))
            await asyncio.sleep(BETWEEN_S)

    async def inflict(self, fault: Fault, lasting_s: float) -> None:
        self._record("fault", name=fault.name, target=fault.needs)
        try:
            await fault.begin(self._made)
            await asyncio.sleep(lasting_s)
        finally:
            await fault.heal(self._made)
            self._record("heal", name=fault.name, target=fault.needs)

    def _next(self) -> Fault:
        if not self._bag:
            self._bag = possible(self._made)
            self._random.shuffle(self._bag)
        return self._bag.pop()
