"""One process of the worker's pool: one event loop and one set of services, for its whole life.

They are made after the fork: a connection shared by two processes answers the wrong one. The loop
stands still between tasks, so nothing may be left running in it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from taskwire.adapters.jobs.ports import OpenWorker, WorkerServices

CLOSE_S = 5.0

Work = Callable[[WorkerServices], Awaitable[None]]


class PoolProcess:
    def __init__(self, open_worker: OpenWorker) -> None:
        self._open_worker = open_worker
        self._runner: asyncio.Runner | None = None
        self._services: WorkerServices | None = None
        self._exit = AsyncExitStack()

    def open(self) -> None:
        """Doing it before the first task saves that one the wait; `run` does it when needed."""
        if self._services is None:
            self._runner = self._runner or asyncio.Runner()
            self._services = self._runner.run(self._enter())

    def run(self, work: Work, limit_s: float) -> None:
        """Raises `TimeoutError` at the limit, with the work cancelled and cleaned up.

        Celery's own soft limit would raise out of the middle of the event loop and leave half a
        task in it; its hard limit stays as the last resort.
        """
        self.open()
        assert self._runner is not None, "open() made it"
        self._runner.run(self._bounded(work, limit_s))

    def close(self) -> None:
        if self._runner is None:
            return
        runner, self._runner, self._services = self._runner, None, None
        try:
            runner.run(self._leave())
        finally:
            runner.close()

    async def _leave(self) -> None:
        async with asyncio.timeout(CLOSE_S):
            await self._exit.aclose()

    async def _enter(self) -> WorkerServices:
        return await self._exit.enter_async_context(self._open_worker())

    async def _bounded(self, work: Work, limit_s: float) -> None:
        assert self._services is not None, "open() made them"
        async with asyncio.timeout(limit_s):
            await work(self._services)
