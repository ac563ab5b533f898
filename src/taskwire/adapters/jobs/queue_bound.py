"""How long the queue may grow while nobody empties it.

A message that has expired still lies in Redis until a worker takes it out. So a beat whose worker
is away would fill Redis with ticks: some 100 MB a day. Whoever sends looks first; what is not sent
is found again in the database, by the next tick or by `rescan_jobs`.
"""

from __future__ import annotations

from typing import Any

import structlog
from celery.beat import Scheduler
from kombu import Producer
from kombu.transport.virtual import Channel
from typing_extensions import override

from taskwire.adapters.jobs.names import PRUNE, QUEUE

TICKS_WAITING_MAX = 100
"""From so many messages on beat sends no further ticks: a minute of a worker that is away or busy."""

NUDGES_WAITING_MAX = 1000
"""From so many on nobody nudges. It leaves nudges the room that ticks may not take; and the hourly
pruning, which would be missed for an hour because a worker was busy for a minute."""

log = structlog.get_logger(__name__)


def has_room(producer: Producer, waiting_max: int) -> bool:
    """One question to Redis. Raises what Celery raises when Redis is away."""
    channel = producer.channel
    assert isinstance(channel, Channel), "Redis speaks through one of kombu's virtual channels"
    waiting: int = channel.queue_declare(QUEUE).message_count
    return waiting < waiting_max


class BoundedScheduler(Scheduler):
    """Beat, in memory, that holds its tongue while the queue is full."""

    _is_silent = False

    @override
    def apply_async(
        self,
        entry: Any,
        producer: Producer | None = None,
        advance: bool = True,
        **more: Any,
    ) -> Any:
        waiting_max = NUDGES_WAITING_MAX if entry.task == PRUNE else TICKS_WAITING_MAX
        has_room_now = has_room(producer or self.producer, waiting_max)
        self._say(is_silent=not has_room_now)
        if not has_room_now:
            return None
        return super().apply_async(entry, producer=producer, advance=advance, **more)

    def _say(self, *, is_silent: bool) -> None:
        if is_silent and not self._is_silent:
            reason = "no worker takes them, or all are busy"
            log.warning("ticks_are_held_back", waiting=TICKS_WAITING_MAX, reason=reason)
        self._is_silent = is_silent
