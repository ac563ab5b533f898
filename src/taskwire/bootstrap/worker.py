"""`taskwire worker`: what one process of its pool does."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from taskwire.adapters.jobs.nudger import CeleryNudger
from taskwire.adapters.redis.publisher import Publisher
from taskwire.application.calendar.sync import CalendarSync
from taskwire.application.deliveries import Deliveries
from taskwire.application.imports import Imports
from taskwire.application.reminders import Reminders
from taskwire.bootstrap.delivery import open_deliveries
from taskwire.bootstrap.google import open_google
from taskwire.bootstrap.stores import (
    Stores,
    make_imports,
    make_publisher,
    make_reminders,
    open_stores,
)
from taskwire.domain.errors import UnavailableError
from taskwire.settings import Settings

WORKER_PULSE = "worker"
FLUSH_S = 1.0
RESCAN_MAX = 100

Round = tuple[Callable[[], Awaitable[None]], float]
"""Work that is done again and again, and after how many seconds."""


@dataclass(frozen=True, slots=True)
class Worker:
    """What a pool process does. Each call ends by sending its hints: the loop stops in between."""

    imports: Imports
    reminders: Reminders
    calendars: CalendarSync | None
    stores: Stores
    nudger: CeleryNudger
    publisher: Publisher
    tick_interval_s: float
    reminder_interval_s: float
    deliveries: Deliveries

    async def run_job(self, job_id: int) -> None:
        await self._at_length(self.imports.run(job_id), self._sending())
        await self._nudge_if_due()

    async def deliver(self) -> None:
        # The other side may be slow, and a reminder waits for no mail server.
        await self._at_length(self._deliver_due())

    async def _deliver_due(self) -> None:
        with contextlib.suppress(UnavailableError):  # a moment later it is tried again
            await self.deliveries.run()

    async def _at_length(self, work: Awaitable[None], *more: Round) -> None:
        """Long work keeps what beat sends waiting behind it in the queue.

        People are reminded, and the worker shows its life, all the same.
        """
        pulse = (self.tick, self.tick_interval_s)
        telling = (self._tell_due, self.reminder_interval_s)
        try:
            async with _going_on(pulse, telling, *more):
                await work
        finally:
            await self.publisher.flush(FLUSH_S)

    def _sending(self) -> Round:
        # As often as people are reminded: a nudge would wait behind the work that is going on.
        return (self._deliver_due, self.reminder_interval_s)

    async def tell_due(self) -> None:
        with contextlib.suppress(UnavailableError):  # a second later it is tried again
            await self._tell_due()
        await self.publisher.flush(FLUSH_S)

    async def _tell_due(self) -> None:
        if await self.reminders.tell_due():
            self.nudger.nudge_deliveries()

    async def _nudge_if_due(self) -> None:
        """What the work has just told of goes out now, and not when beat thinks of it."""
        with contextlib.suppress(UnavailableError):
            if await self.stores.deliveries.is_any_due():
                self.nudger.nudge_deliveries()

    async def rescan_jobs(self) -> None:
        for job_id in await self.stores.jobs.due(RESCAN_MAX):
            self.nudger.nudge(job_id)

    async def sync_calendars(self) -> None:
        if self.calendars is not None:
            await self._at_length(self.calendars.run_due(), self._sending())
            await self._nudge_if_due()

    async def prune(self) -> None:
        await self.stores.upkeep.prune()

    async def tick(self) -> None:
        await self.stores.upkeep.beat(WORKER_PULSE)


@asynccontextmanager
async def _going_on(*rounds: Round) -> AsyncIterator[None]:
    """Each again and again for the time of the block. A round that has begun ends by itself.

    What is cut off while it is sent would be sent once more.
    """
    is_over = asyncio.Event()
    tasks = [asyncio.create_task(_repeat(work, every_s, is_over)) for work, every_s in rounds]
    try:
        yield
    finally:
        is_over.set()
        await asyncio.gather(*tasks)


async def _repeat(
    work: Callable[[], Awaitable[None]], every_s: float, is_over: asyncio.Event
) -> None:
    while not is_over.is_set():
        with contextlib.suppress(UnavailableError):
            await work()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(every_s):
                await is_over.wait()


@asynccontextmanager
async def open_worker(settings: Settings) -> AsyncIterator[Worker]:
    async with AsyncExitStack() as closing:
        stores = await closing.enter_async_context(open_stores(settings))
        publisher = make_publisher(settings)
        closing.push_async_callback(publisher.close)
        nudger = CeleryNudger(settings)
        closing.callback(nudger.close)
        imports = make_imports(settings, stores, nudger, publisher)
        google = await closing.enter_async_context(open_google(settings))
        deliveries = await closing.enter_async_context(open_deliveries(settings, stores))
        worker = Worker(
            imports=imports,
            reminders=make_reminders(settings, stores, publisher),
            calendars=None if google is None else google.sync(settings, stores, publisher),
            stores=stores,
            nudger=nudger,
            publisher=publisher,
            tick_interval_s=settings.worker_tick_interval_s,
            reminder_interval_s=settings.reminder_interval_s,
            deliveries=deliveries,
        )
        with contextlib.suppress(UnavailableError):
            await worker.tick()  # the first sign of life does not wait for the first tick of beat
        yield worker
