"""The tasks by name. Each is one call of one use case, and its time is bounded twice."""

from __future__ import annotations

from celery import Celery

from taskwire.adapters.jobs.names import (
    DELIVER,
    PRUNE,
    RESCAN_JOBS,
    RUN_JOB,
    SYNC_CALENDARS,
    TELL_DUE,
    TICK,
)
from taskwire.adapters.jobs.pool_process import PoolProcess
from taskwire.adapters.jobs.ports import JobSettings

RESCAN_LIMIT_S = 60
TELL_DUE_LIMIT_S = 60
PRUNE_LIMIT_S = 300
TICK_LIMIT_S = 10
SYNC_LIMIT_S = 120
DELIVER_LIMIT_S = 180
KILL_MARGIN_S = 30
"""After its own limit a task is cancelled; this much later its process is killed."""


def register_tasks(celery: Celery, process: PoolProcess, settings: JobSettings) -> None:
    job_limit_s = settings.job_time_limit_s

    @celery.task(name=RUN_JOB, time_limit=job_limit_s + KILL_MARGIN_S)
    def run_job(job_id: int) -> None:
        process.run(lambda worker: worker.run_job(job_id), job_limit_s)

    @celery.task(name=RESCAN_JOBS, time_limit=RESCAN_LIMIT_S + KILL_MARGIN_S)
    def rescan_jobs() -> None:
        process.run(lambda worker: worker.rescan_jobs(), RESCAN_LIMIT_S)

    @celery.task(name=TELL_DUE, time_limit=TELL_DUE_LIMIT_S + KILL_MARGIN_S)
    def tell_due() -> None:
        process.run(lambda worker: worker.tell_due(), TELL_DUE_LIMIT_S)

    @celery.task(name=PRUNE, time_limit=PRUNE_LIMIT_S + KILL_MARGIN_S)
    def prune() -> None:
        process.run(lambda worker: worker.prune(), PRUNE_LIMIT_S)

    @celery.task(name=SYNC_CALENDARS, time_limit=SYNC_LIMIT_S + KILL_MARGIN_S)
    def sync_calendars() -> None:
        process.run(lambda worker: worker.sync_calendars(), SYNC_LIMIT_S)

    @celery.task(name=DELIVER, time_limit=DELIVER_LIMIT_S + KILL_MARGIN_S)
    def deliver() -> None:
        process.run(lambda worker: worker.deliver(), DELIVER_LIMIT_S)

    @celery.task(name=TICK, time_limit=TICK_LIMIT_S + KILL_MARGIN_S)
    def tick() -> None:
        process.run(lambda worker: worker.tick(), TICK_LIMIT_S)
