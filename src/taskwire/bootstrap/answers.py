"""The engine and the stores in the words of REST."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from taskwire.adapters.database.schema import SchemaNewerError, schema_fits
from taskwire.adapters.rest.metrics import Metrics
from taskwire.adapters.rest.services import ChangesPage, Readiness
from taskwire.bootstrap.engine import Engine
from taskwire.bootstrap.stores import Stores
from taskwire.bootstrap.worker import WORKER_PULSE
from taskwire.domain.errors import (
    InvalidError,
    UnavailableError,
)
from taskwire.realtime.gateway import Gateway, TooManyPollsError
from taskwire.realtime.ports import LogUnavailable
from taskwire.realtime.protocol import Cursor
from taskwire.settings import Settings

DATABASE_UNREACHABLE_S = 2.0
PULSES_MISSED_MAX = 3


@dataclass(frozen=True, slots=True)
class Changes:
    """The engine's long poll in the words of REST."""

    gateway: Gateway

    async def __call__(self, channel: str, cursor: str | None, wait_s: float) -> ChangesPage:
        since = None if cursor is None else Cursor.parse(cursor)
        if cursor is not None and since is None:
            raise InvalidError("since: a cursor is <epoch>.<seq>, as hello and snapshots give it.")
        try:
            changes = await self.gateway.changes(channel, since, wait_s)
        except LogUnavailable as error:
            raise UnavailableError from error
        except TooManyPollsError as error:
            raise UnavailableError("Too many long polls wait here. Try again soon.") from error
        return ChangesPage(list(changes.items), changes.epoch, changes.seq)


class MetricsPage:
    """What this process counts, and what the database knows of work that waits."""

    def __init__(
        self,
        stores: Stores,
        counters: Mapping[str, object],
        values: frozenset[str],
        own: Callable[[], Mapping[str, float]],
    ) -> None:
        self._stores = stores
        self._waiting: Mapping[str, float] = {}
        self._own = own
        self._metrics = Metrics(counters, values, self._gauges)

    async def __call__(self) -> bytes:
        self._waiting = {}  # rather no number than an old one
        with contextlib.suppress(UnavailableError, TimeoutError):
            async with asyncio.timeout(DATABASE_UNREACHABLE_S):
                self._waiting = {**await self._stores.deliveries.state(), **await self._work()}
        return self._metrics()

    async def _work(self) -> Mapping[str, float]:
        jobs = await self._stores.jobs.count_by_status()
        silent_s = (await self._stores.upkeep.pulses()).get(WORKER_PULSE)
        seen = {} if silent_s is None else {"worker_silent_s": silent_s}
        return seen | {f"jobs_{status}": float(count) for status, count in jobs.items()}

    def _gauges(self) -> Mapping[str, float]:
        return {**self._own(), **self._waiting}


@dataclass(frozen=True, slots=True)
class ReadinessCheck:
    """Who can do without what: no database, no service; all else only slows it down."""

    settings: Settings
    stores: Stores
    engine: Engine

    async def __call__(self) -> Readiness:
        try:
            async with asyncio.timeout(DATABASE_UNREACHABLE_S):
                schema = await self._schema()
                pulses = await self.stores.upkeep.pulses()
        except (UnavailableError, TimeoutError):
            return Readiness(is_serving=False, checks={"database": "unreachable"})
        if schema == "older":
            return Readiness(is_serving=False, checks={"database": "ok", "schema": "older"})
        checks = {
            "database": "ok",
            "schema": schema,
            "redis": "ok" if self.engine.subscriber.counters.is_connected else "unreachable",
            "worker": self._worker(pulses),
        }
        is_draining = self.engine.gateway.is_draining
        return Readiness(not is_draining, checks | ({"drain": "draining"} if is_draining else {}))

    async def _schema(self) -> str:
        """A newer one was made while we run, by the next version; it only adds, so we go on."""
        try:
            return "ok" if await schema_fits(self.stores.database) else "older"
        except SchemaNewerError:
            return "newer"

    def _worker(self, pulses: Mapping[str, float]) -> str:
        """Beat sends what the worker does here, so one sign of life stands for both."""
        silent_s = pulses.get(WORKER_PULSE)
        if silent_s is None:
            return "never seen"
        allowed_s = PULSES_MISSED_MAX * self.settings.worker_tick_interval_s
        return "ok" if silent_s <= allowed_s else f"silent for {silent_s:.0f} s"
