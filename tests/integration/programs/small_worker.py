"""The real Celery worker and beat over work that only says what it does.

`run_job(n)` takes n hundredths of a second. Every line names its process, so that a test sees who
did it.
"""

# ruff: noqa: T201 - its output is what a test reads

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from taskwire.adapters.jobs.worker import WorkerShape, run_worker
from taskwire.adapters.processes.parent_death import die_with_parent
from taskwire.logs import configure_logs


@dataclass(frozen=True)
class SmallSettings:
    redis_url: str
    job_rescan_interval_s: float = 0.5
    job_time_limit_s: int = 60
    reminder_interval_s: float = 0.5
    worker_tick_interval_s: float = 60.0
    google_client_id: str = ""
    calendar_rescan_interval_s: float = 1.0
    delivery_interval_s: float = 60.0


class SmallWork:
    async def run_job(self, job_id: int) -> None:
        say(f"began {job_id}")
        await asyncio.sleep(job_id / 100)
        say(f"ended {job_id}")

    async def rescan_jobs(self) -> None:
        say("rescan")

    async def tell_due(self) -> None:
        say("told")

    async def prune(self) -> None:
        say("prune")

    async def sync_calendars(self) -> None:
        say("sync")

    async def deliver(self) -> None:
        say("deliver")

    async def tick(self) -> None:
        say("tick")


@asynccontextmanager
async def open_work() -> AsyncIterator[SmallWork]:
    say("opened")
    yield SmallWork()
    say("closed")


def say(what: str) -> None:
    loop = id(asyncio.get_running_loop())
    print(f"pid={os.getpid()} loop={loop} {what}", file=sys.stderr, flush=True)


def main() -> int:
    configure_logs("worker")
    settings = SmallSettings(os.environ["REDIS_URL"])
    shape = WorkerShape(processes=1, has_beat="beat" in sys.argv, stop_wait_s=1.0)
    return run_worker(settings, open_work, shape, die_with_parent)


if __name__ == "__main__":
    sys.exit(main())
