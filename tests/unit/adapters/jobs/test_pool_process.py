import pytest

from taskwire.adapters.jobs.pool_process import PoolProcess
from tests.unit.adapters.jobs.fake_worker import FakeWorker


def test_nothing_is_opened_before_it_is_asked_for() -> None:
    worker = FakeWorker()
    PoolProcess(worker.open).close()
    assert worker.calls == []


def test_all_tasks_share_one_event_loop_and_one_opening() -> None:
    worker = FakeWorker()
    process = PoolProcess(worker.open)
    for job_id in range(3):
        process.run(lambda work, number=job_id: work.run_job(number), limit_s=1)  # type: ignore[misc]
    process.close()
    assert worker.calls == ["open", "run_job 0", "run_job 1", "run_job 2", "close"]
    assert len(worker.loops) == 1


def test_work_over_its_limit_is_cancelled_and_the_next_is_done() -> None:
    worker = FakeWorker(hangs=True)
    process = PoolProcess(worker.open)
    with pytest.raises(TimeoutError):
        process.run(lambda work: work.run_job(1), limit_s=0.01)
    assert worker.calls[-1] == "left 1"
    process.run(lambda work: work.tick(), limit_s=1)
    process.close()
    assert worker.calls[-2:] == ["tick", "close"]


def test_an_opening_that_failed_is_tried_again_by_the_next_task() -> None:
    worker = FakeWorker(opens_at_attempt=2)
    process = PoolProcess(worker.open)
    with pytest.raises(ConnectionError):
        process.open()
    process.run(lambda work: work.tick(), limit_s=1)
    process.close()
    assert worker.calls == ["open", "tick", "close"]
