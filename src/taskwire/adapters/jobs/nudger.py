"""Tells a worker that there is something to do, from a process that must not wait for anything.

Celery's client is synchronous and its broker may hang, so a thread does the talking. A nudge that
is lost here costs time only: beat lets workers look for what was forgotten.
"""

from __future__ import annotations

import queue
import threading

import structlog

from taskwire.adapters.jobs.names import DELIVER, RUN_JOB
from taskwire.adapters.jobs.ports import JobSettings

NUDGES_HELD_MAX = 1000
CLOSE_S = 2.0
_CLOSE = None

Nudge = tuple[str, list[int]]
"""A task's name and its arguments."""

log = structlog.get_logger(__name__)


class CeleryNudger:
    """`lost_count` is for the metrics; the log says it once per outage."""

    def __init__(self, settings: JobSettings) -> None:
        self._settings = settings
        self._waiting: queue.Queue[Nudge | None] = queue.Queue(NUDGES_HELD_MAX)
        self._thread: threading.Thread | None = None
        self._is_failing = False
        self._is_given_up = False
        self.lost_count = 0

    def nudge(self, job_id: int) -> None:
        """Never blocks and never raises. Call it from one thread, the event loop's."""
        self._put((RUN_JOB, [job_id]))

    def nudge_deliveries(self) -> None:
        """As `nudge`, of something that is to be sent to people."""
        self._put((DELIVER, []))

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

    def _put(self, nudge: Nudge) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._send_all, name="nudger", daemon=True)
            self._thread.start()
        try:
            self._waiting.put_nowait(nudge)
        except queue.Full:
            self._lost("the queue is full")

    def _send_all(self) -> None:
        # Celery takes a third of a second to load: only a process that needs it pays, and here.
        from taskwire.adapters.jobs.celery_app import make_celery  # noqa: PLC0415
        from taskwire.adapters.jobs.queue_bound import (  # noqa: PLC0415
            NUDGES_WAITING_MAX,
            has_room,
        )

        celery = make_celery(self._settings)
        while not self._is_given_up and (nudge := self._waiting.get()) is not _CLOSE:
            name, given = nudge
            try:
                with celery.producer_or_acquire() as producer:
                    if not has_room(producer, NUDGES_WAITING_MAX):
                        self._lost("nobody takes them")
                        continue
                    celery.send_task(
                        name, args=given, producer=producer, ignore_result=True, retry=False
                    )
            except Exception as error:  # noqa: BLE001 - whatever it was, beat repairs it
                self._lost(type(error).__name__)
            else:
                self._is_failing = False
        celery.close()

    def _lost(self, reason: str) -> None:
        self.lost_count += 1
        if not self._is_failing:
            self._is_failing = True
            log.warning("nudges_are_lost", reason=reason, repaired_by="beat")
