"""The real Celery worker, beat and pool over a real Redis."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
from redis import Redis

from taskwire.adapters.jobs.celery_app import make_celery
from taskwire.adapters.jobs.names import QUEUE
from taskwire.adapters.jobs.nudger import CeleryNudger
from tests.integration.process_trial import Trial, trial, wait_until
from tests.services.redis import RedisServer

WORKER = Path(__file__).parent / "programs" / "small_worker.py"


@dataclass(frozen=True)
class Given:
    redis_url: str
    job_rescan_interval_s: float = 10.0
    job_time_limit_s: int = 60
    reminder_interval_s: float = 1.0
    worker_tick_interval_s: float = 60.0
    google_client_id: str = ""
    calendar_rescan_interval_s: float = 1.0
    delivery_interval_s: float = 60.0


StartWorker = Callable[[], AbstractContextManager[Trial]]


@pytest.fixture
def worker(redis_url: str, tmp_path: Path) -> StartWorker:
    logs = iter(range(100))
    environment = {"REDIS_URL": redis_url}
    return lambda: trial([WORKER, "beat"], tmp_path / f"log-{next(logs)}", environment)


@pytest.fixture
def nudger(redis_url: str) -> Iterator[CeleryNudger]:
    nudger = CeleryNudger(Given(redis_url))
    yield nudger
    nudger.close()


@pytest.fixture
def broker(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url) as client:
        yield client


def who(running: Trial, what: str) -> str:
    found = re.search(rf"pid=(\d+) loop=\d+ {what}\b", running.output)
    assert found is not None, running.output
    return found.group(1)


def test_a_nudge_is_worked_on_in_a_pool_process(worker: StartWorker, nudger: CeleryNudger) -> None:
    with worker() as running:
        nudger.nudge(7)
        running.wait_for("ended 7")
        assert who(running, "ended 7") == who(running, "opened") != str(running.process.pid)


def test_all_tasks_of_a_pool_process_share_one_loop(
    worker: StartWorker, nudger: CeleryNudger
) -> None:
    with worker() as running:
        for job_id in (1, 2, 3):
            nudger.nudge(job_id)
        running.wait_for("ended 3")
        assert len(set(re.findall(r"loop=(\d+)", running.output))) == 1


def test_the_first_sign_of_life_does_not_wait_for_beat(worker: StartWorker) -> None:
    with worker() as running:
        running.wait_for(" tick")  # its interval is a minute


def test_beat_sends_the_rescan(worker: StartWorker) -> None:
    with worker() as running:
        running.wait_for("rescan")


def test_beat_lets_people_be_told_of_what_is_due(worker: StartWorker) -> None:
    with worker() as running:
        wait_until(lambda: running.output.count(" told") >= 2, saying=lambda: running.output)


def test_a_worker_killed_leaves_neither_beat_nor_pool(worker: StartWorker) -> None:
    with worker() as running:
        running.wait_for("rescan")
        family = running.family()
        assert len(family) == 2
        running.process.kill()
        wait_until(lambda: not any(kin.is_alive for kin in family), 3.0, f"{family} gone")


def test_a_killed_pool_process_gives_its_job_back(
    worker: StartWorker, nudger: CeleryNudger
) -> None:
    with worker() as running:
        nudger.nudge(300)
        running.wait_for("began 300")
        first = who(running, "began 300")
        for kin in running.family():
            if str(kin.pid) == first:
                kin.kill()
        wait_until(lambda: running.output.count("began 300") == 2, saying=running.output)
        running.wait_for("ended 300")


def test_a_new_pool_process_dies_with_the_worker_as_well(
    worker: StartWorker, nudger: CeleryNudger
) -> None:
    """The kernel's promise is per fork: the process that replaces a killed one needs its own."""
    with worker() as running:
        nudger.nudge(7)
        running.wait_for("ended 7")  # a pool that is still starting would not replace anybody
        first = who(running, "opened")
        for kin in running.family():
            if str(kin.pid) == first:
                kin.kill()
        wait_until(lambda: running.output.count("opened") == 2)
        nudger.nudge(1)
        running.wait_for("ended 1")  # the thread that forked it lives, so it was not killed at once
        family = running.family()
        running.process.kill()
        wait_until(lambda: not any(kin.is_alive for kin in family), 3.0)


def test_a_warm_stop_lets_the_running_job_end(worker: StartWorker, nudger: CeleryNudger) -> None:
    with worker() as running:
        nudger.nudge(50)
        running.wait_for("began 50")
        running.process.terminate()
        assert running.wait_for_end() == 0
        assert "ended 50" in running.output
        assert "closed" in running.output


def test_a_job_that_outlasts_patience_goes_back_to_the_queue(
    worker: StartWorker, nudger: CeleryNudger, broker: Redis
) -> None:
    with worker() as running:
        nudger.nudge(5000)
        running.wait_for("began 5000")
        running.process.terminate()
        assert running.wait_for_end(within_s=10.0) == 0
        assert "ended 5000" not in running.output
    waiting = [entry for entry in broker.lrange(QUEUE, 0, -1) if b"run_job" in entry]
    assert len(waiting) == 1


def test_two_beats_do_no_harm(worker: StartWorker, nudger: CeleryNudger) -> None:
    with worker() as one, worker() as other:
        one.wait_for("opened")
        other.wait_for("opened")
        nudger.nudge(3)
        wait_until(lambda: "ended 3" in one.output + other.output)
        assert (one.output + other.output).count("ended 3") == 1
        one.process.terminate()
        other.process.terminate()
        assert (one.wait_for_end(), other.wait_for_end()) == (0, 0)


def test_its_lines_are_our_json_and_celerys_banner_is_nowhere(
    worker: StartWorker,
) -> None:
    with worker() as running:
        running.wait_for("rescan")
        running.process.terminate()
        running.wait_for_end()
        foreign = [
            line for line in running.output.splitlines() if not line.startswith(("pid=", "{"))
        ]
        assert foreign == []


def test_code_in_a_message_is_not_run(worker: StartWorker, redis_url: str) -> None:
    with worker() as running:
        running.wait_for("opened")
        celery = make_celery(Given(redis_url))
        celery.conf.accept_content = ["json", "pickle"]
        celery.send_task("taskwire.tick", serializer="pickle")
        running.wait_for("Refusing to deserialize")


def test_a_nudge_never_waits_for_a_dead_broker(own_redis: RedisServer, tmp_path: Path) -> None:
    nudger = CeleryNudger(Given(f"unix://{tmp_path}/nobody.sock"))
    for job_id in range(3000):
        nudger.nudge(job_id)
    assert nudger.lost_count >= 1900  # a thousand wait; what does not fit is counted, not kept
    nudger.close()


def test_nudges_flow_again_after_an_outage(redis_url: str, broker: Redis) -> None:
    nudger = CeleryNudger(Given(redis_url))
    nudger.nudge(1)
    wait_until(lambda: broker.llen(QUEUE) == 1)
    broker.client_kill_filter(_type="normal", skipme=True)
    nudger.nudge(2)
    nudger.nudge(3)
    wait_until(lambda: broker.llen(QUEUE) + nudger.lost_count == 3)
    nudger.nudge(4)
    wait_until(
        lambda: any('"argsrepr": "[4]"' in str(entry) for entry in broker.lrange(QUEUE, 0, -1))
    )
    nudger.close()
