"""The work as these tests see it: remembers what was asked, and on which event loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class FakeWorker:
    def __init__(self, *, hangs: bool = False, opens_at_attempt: int = 1) -> None:
        self.calls: list[str] = []
        self.loops: set[int] = set()
        self._hangs = hangs
        self._attempts_left = opens_at_attempt

    @asynccontextmanager
    async def open(self) -> AsyncIterator["FakeWorker"]:
        self._attempts_left -= 1
        if self._attempts_left > 0:
            raise ConnectionError("the database is not there yet")
        self._note("open")
        yield self
        self._note("close")

    async def run_job(self, job_id: int) -> None:
        self._note(f"run_job {job_id}")
        try:
            if self._hangs:
                await asyncio.Event().wait()
        finally:
            self._note(f"left {job_id}") if self._hangs else None

    async def rescan_jobs(self) -> None:
        self._note("rescan_jobs")

    async def tell_due(self) -> None:
        self._note("tell_due")

    async def prune(self) -> None:
        self._note("prune")

    async def sync_calendars(self) -> None:
        self._note("sync_calendars")

    async def deliver(self) -> None:
        self._note("deliver")

    async def tick(self) -> None:
        self._note("tick")

    def _note(self, call: str) -> None:
        self.calls.append(call)
        self.loops.add(id(asyncio.get_running_loop()))
