"""The Celery application: made when somebody asks, from settings, never at import."""

from __future__ import annotations

from celery import Celery
from celery.schedules import crontab

from taskwire.adapters.jobs.broker_url import broker_from
from taskwire.adapters.jobs.names import (
    DELIVER,
    PRUNE,
    QUEUE,
    RESCAN_JOBS,
    SYNC_CALENDARS,
    TELL_DUE,
    TICK,
)
from taskwire.adapters.jobs.ports import JobSettings

PRUNE_MINUTE = 17
TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_timeout": 10,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 25,
}
"""kombu waits for ever without a `socket_timeout`: workers that silently stopped consuming after a
broker's reset are the most reported fault of this pair."""


def make_celery(settings: JobSettings) -> Celery:
    """Enough to send nudges; `register_tasks` makes it able to do the work."""
    broker = broker_from(settings.redis_url)
    celery = Celery("taskwire", broker=broker.url, set_as_current=False, fixups=[])
    celery.conf.update(
        broker_use_ssl=dict(broker.tls) if broker.tls else None,
        broker_transport_options={**TRANSPORT_OPTIONS, **broker.transport_options},
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,  # a worker waits for its broker as long as it takes
        task_default_queue=QUEUE,
        enable_utc=True,
        timezone="UTC",
        **_safety(),
        **_quiet(),
        beat_scheduler="taskwire.adapters.jobs.queue_bound:BoundedScheduler",
        beat_schedule=_schedule(settings),
    )
    return celery


def _safety() -> dict[str, object]:
    return {
        "accept_content": ["json"],  # whoever can write to the broker must not run code
        "task_serializer": "json",
        "result_backend": None,
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,  # without it, late acks are sent for a killed process
        "worker_prefetch_multiplier": 1,
        "worker_cancel_long_running_tasks_on_connection_loss": False,  # doubled is harmless here
    }


def _quiet() -> dict[str, object]:
    return {
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "worker_enable_remote_control": False,
        "worker_send_task_events": False,
    }


def _schedule(settings: JobSettings) -> dict[str, object]:
    """Kept in memory: a schedule file would be torn by a kill and locked by a second beat.

    So the rare one goes by the clock on the wall, which needs no memory. Each expires before the
    next is due: a worker that was away does one of each, not a night's worth. How many wait for it
    at all is bounded in `queue_bound`.
    """
    rescan_s, tick_s = settings.job_rescan_interval_s, settings.worker_tick_interval_s
    tell_s = settings.reminder_interval_s
    deliver_s = settings.delivery_interval_s
    calendar_s = settings.calendar_rescan_interval_s
    calendars = {
        "task": SYNC_CALENDARS,
        "schedule": calendar_s,
        "options": {"expires": max(calendar_s, 1.0)},
    }
    schedule: dict[str, object] = {"calendars": calendars} if settings.google_client_id else {}
    return schedule | {
        "tell_due": {"task": TELL_DUE, "schedule": tell_s, "options": {"expires": tell_s}},
        "rescan": {"task": RESCAN_JOBS, "schedule": rescan_s, "options": {"expires": rescan_s}},
        "tick": {"task": TICK, "schedule": tick_s, "options": {"expires": tick_s}},
        "deliver": {
            "task": DELIVER,
            "schedule": deliver_s,
            "options": {"expires": deliver_s},
        },
        "prune": {
            "task": PRUNE,
            "schedule": crontab(minute=str(PRUNE_MINUTE)),
            "options": {"expires": 3000},
        },
    }
