"""What this adapter needs of the rest: settings it can read, and somebody who does the work."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol


class WorkerServices(Protocol):
    """The work itself. Each call is safe to repeat, and sends its hints before it returns.

    The event loop stands still between two tasks: what is left in a queue would wait there.
    """

    async def run_job(self, job_id: int) -> None: ...

    async def rescan_jobs(self) -> None:
        """Take up the jobs whose nudge was lost or whose worker died."""
        ...

    async def tell_due(self) -> None:
        """Tell people of what is due."""
        ...

    async def prune(self) -> None:
        """Delete what has been kept for long enough."""
        ...

    async def sync_calendars(self) -> None:
        """Sync the calendars whose time has come."""
        ...

    async def deliver(self) -> None:
        """Send the pushes and mails that are due, for a bounded time."""
        ...

    async def tick(self) -> None:
        """Prove that a worker is alive."""
        ...


OpenWorker = Callable[[], AbstractAsyncContextManager[WorkerServices]]
"""Opens a database and the rest inside one pool process, after the fork, and closes them."""


class JobSettings(Protocol):
    """Read-only, so that any settings object with these names will do."""

    @property
    def redis_url(self) -> str: ...
    @property
    def job_rescan_interval_s(self) -> float: ...
    @property
    def job_time_limit_s(self) -> int: ...
    @property
    def reminder_interval_s(self) -> float: ...
    @property
    def worker_tick_interval_s(self) -> float: ...
    @property
    def google_client_id(self) -> str: ...
    @property
    def calendar_rescan_interval_s(self) -> float: ...
    @property
    def delivery_interval_s(self) -> float: ...
