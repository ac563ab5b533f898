"""Nobody empties the queue, and it does not grow for ever: Celery's own beat over a real Redis."""

from collections.abc import Iterator

import pytest
from redis import Redis

from taskwire.adapters.jobs.celery_app import make_celery
from taskwire.adapters.jobs.names import PRUNE, QUEUE, TELL_DUE
from taskwire.adapters.jobs.nudger import CeleryNudger
from taskwire.adapters.jobs.queue_bound import (
    NUDGES_WAITING_MAX,
    TICKS_WAITING_MAX,
    BoundedScheduler,
)
from tests.integration.process_trial import wait_until
from tests.integration.test_processes_worker import Given


@pytest.fixture
def broker(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def beat(redis_url: str) -> Iterator[BoundedScheduler]:
    scheduler = BoundedScheduler(make_celery(Given(redis_url)))
    yield scheduler
    scheduler.close()


def beat_for(beat: BoundedScheduler, ticks: int, name: str = "tell_due") -> None:
    for _ in range(ticks):
        beat.apply_entry(beat.schedule[name], producer=beat.producer)


def test_a_beat_whose_worker_is_away_fills_the_queue_to_its_bound_and_no_further(
    beat: BoundedScheduler, broker: Redis
) -> None:
    """It sent a tick a second: 86,400 messages for a worker that was away for a day."""
    beat_for(beat, TICKS_WAITING_MAX + 50)
    assert broker.llen(QUEUE) == TICKS_WAITING_MAX
    broker.ltrim(QUEUE, 0, 9)  # a worker is back and takes most of them
    beat_for(beat, 5)
    assert broker.llen(QUEUE) == 15
    assert TELL_DUE in str(broker.lindex(QUEUE, 0))


def test_the_hourly_pruning_is_not_missed_because_a_worker_is_busy(
    beat: BoundedScheduler, broker: Redis
) -> None:
    beat_for(beat, TICKS_WAITING_MAX)
    beat_for(beat, 1, "prune")
    assert PRUNE in str(broker.lindex(QUEUE, 0))


def test_a_beat_is_heard_again_after_its_connection_was_cut(
    beat: BoundedScheduler, broker: Redis
) -> None:
    beat_for(beat, 1)
    broker.client_kill_filter(_type="normal", skipme=True)
    beat_for(beat, 3)
    assert broker.llen(QUEUE) >= 2


def test_nudges_have_their_bound_above_the_ticks(
    redis_url: str, broker: Redis, beat: BoundedScheduler
) -> None:
    nudger = CeleryNudger(Given(redis_url))
    broker.rpush(QUEUE, *("{}" for _ in range(NUDGES_WAITING_MAX - 1)))
    nudger.nudge(1)
    nudger.nudge(2)
    nudger.nudge_deliveries()
    wait_until(lambda: nudger.lost_count == 2)
    beat_for(beat, 1)
    assert broker.llen(QUEUE) == NUDGES_WAITING_MAX
    nudger.close()
