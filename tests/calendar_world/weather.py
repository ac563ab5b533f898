"""What happens between any two steps of the engine: crashes, and people who go on working."""

import random
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import httpx2
from typing_extensions import override

from taskwire.adapters.database.connection import Database, Dialect, Work
from tests.calendar_world.line import Line
from tests.fake_google.google import Google

T = TypeVar("T")

CRASH_RATE = 0.04
INTERLEAVED_RATE = 0.15


class CrashError(Exception):
    """The worker is gone, here and now."""


@dataclass
class Weather:
    """What happens between any two steps of the engine, as long as it is stormy."""

    chance: random.Random
    act: Callable[[], Awaitable[None]] | None = None
    is_stormy: bool = False
    crash_count: int = 0

    def maybe_crash(self) -> None:
        if self.is_stormy and self.chance.random() < CRASH_RATE / 2:
            self.crash_count += 1
            raise CrashError

    async def maybe_act(self) -> None:
        if self.is_stormy and self.act and self.chance.random() < INTERLEAVED_RATE:
            with self.still():
                await self.act()

    @contextmanager
    def still(self) -> Iterator[None]:
        """What people do meanwhile is not disturbed itself."""
        before, self.is_stormy = self.is_stormy, False
        try:
            yield
        finally:
            self.is_stormy = before


@dataclass
class OneCrash(Weather):
    """Not by chance: the worker dies at the step with this number, and at no other."""

    at_step: int = 0
    step: int = 0

    @classmethod
    def at(cls, step: int) -> "OneCrash":
        return cls(random.Random(0), at_step=step)

    @override
    def maybe_crash(self) -> None:
        self.step += self.is_stormy
        if self.is_stormy and self.step == self.at_step:
            self.crash_count += 1
            raise CrashError


@dataclass
class StormyDatabase:
    """A database whose caller may die before or after each commit."""

    calm: Database
    weather: Weather
    dialect: Dialect = "sqlite"
    direct = None

    async def look(self, work: Work[T]) -> T:
        return await self.calm.look(work)

    async def read(self, work: Work[T]) -> T:
        return await self.calm.read(work)

    async def write(self, work: Work[T]) -> T:
        self.weather.maybe_crash()
        done = await self.calm.write(work)
        self.weather.maybe_crash()
        await self.weather.maybe_act()
        return done

    async def write_once(self, work: Work[T]) -> T:
        return await self.write(work)

    async def close(self) -> None:
        await self.calm.close()


class StormyLine(Line):
    """A line whose caller may die before or after each request."""

    def __init__(self, google: Google, weather: Weather) -> None:
        super().__init__(google)
        self.weather = weather

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.weather.maybe_crash()
        await self.weather.maybe_act()
        answer = await super().handle_async_request(request)
        self.weather.maybe_crash()
        return answer
