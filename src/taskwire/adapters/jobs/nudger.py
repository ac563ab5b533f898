"""Tells a worker of a new job, from a process that must not wait for anything.

Celery's client is synchronous and its broker may hang, so a thread does the talking. A nudge that
is lost here is found again by the worker's `rescan_jobs`.
"""

from __future__ import annotations

import queue
import threading

import structlog

from taskwire.adapters.jobs.ports import JobSettings

NUDGES_WAITING_MAX = 1000
CLOSE_S = 2.0
_CLOSE = None

log = structlog.get_logger(__name__)


class CeleryNudger:
    """`lost_count` is for the metrics; the log says it once per outage."""

    def __init__(self, settings: JobSettings) -> None:
        self._settings = settings
        self._waiting: queue.Queue[int | None] = queue.Queue(NUDGES_WAITING_MAX)
        self._thread: threading.Thread | None = None
        self._is_failing = False
        self._is_given_up = False
        self.lost_count = 0

    def nudge(self, job_id: int) -> None:
        """Never blocks and never raises. Call it from one thread, the event loop's."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._send_all, name="nudger", daemon=True)
            self._thread.start()
        try:
            self._waiting.put_nowait(job_id)
        except queue.Full:
            self._lost("the queue is full")

    def close(self) -> None:
        """Send what waits, within a bound."""
        if self._thread is None:
            return
        try:
            self._waiting.put(_CLOSE, timeout=CLOSE_S)
        except queue.Full:
            self._is_given_up = True
            return
        self._thread.join(CLOSE_S)
        self._is_given_up = True  # a thread that is still sending ends with the nudge at hand

    def _send_all(self) -> None:
        # Celery takes a third of a second to load: only a process that needs it pays, and here.
        from taskwire.adapters.jobs.celery_app import RUN_JOB, make_celery  # noqa: PLC0415

        celery = make_celery(self._settings)
        while not self._is_given_up and (job_id := self._waiting.get()) is not _CLOSE:
            try:
                celery.send_task(RUN_JOB, args=[job_id], ignore_result=True, retry=False)
            except Exception as error:  # noqa: BLE001 - whatever it was, the rescan repairs it
                self._lost(type(error).__name__)
            else:
                self._is_failing = False
        celery.close()

    def _lost(self, reason: str) -> None:
        self.lost_count += 1
        if not self._is_failing:
            self._is_failing = True
            log.warning("nudges_are_lost", reason=reason, repaired_by="rescan_jobs")
