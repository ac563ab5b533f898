from dataclasses import dataclass

from celery.beat import PersistentScheduler
from celery.schedules import crontab

from taskwire.adapters.jobs.celery_app import make_celery
from taskwire.adapters.jobs.pool_process import PoolProcess
from taskwire.adapters.jobs.queue_bound import BoundedScheduler
from taskwire.adapters.jobs.tasks import KILL_MARGIN_S, register_tasks
from tests.unit.adapters.jobs.fake_worker import FakeWorker


@dataclass
class Given:
    redis_url: str = "unix://:pw@/run/redis.sock?db=3"
    job_rescan_interval_s: float = 10.0
    job_time_limit_s: int = 600
    reminder_interval_s: float = 1.0
    worker_tick_interval_s: float = 30.0
    google_client_id: str = ""
    calendar_rescan_interval_s: float = 1.0
    delivery_interval_s: float = 5.0


def test_only_json_is_accepted() -> None:
    conf = make_celery(Given()).conf
    assert conf.accept_content == ["json"]
    assert conf.task_serializer == "json"


def test_a_killed_process_gives_its_message_back() -> None:
    conf = make_celery(Given()).conf
    assert conf.task_acks_late
    assert conf.task_reject_on_worker_lost
    assert conf.worker_prefetch_multiplier == 1


def test_results_are_kept_nowhere() -> None:
    conf = make_celery(Given()).conf
    assert not conf.result_backend
    assert conf.task_ignore_result


def test_a_silent_broker_is_noticed() -> None:
    options = make_celery(Given()).conf.broker_transport_options
    assert options["socket_timeout"] == 10
    assert options["health_check_interval"] == 25
    assert options["visibility_timeout"] == 600


def test_the_options_of_sentinels_join_ours() -> None:
    options = make_celery(Given("redis+sentinel://one/main")).conf.broker_transport_options
    assert options["master_name"] == "main"
    assert options["socket_timeout"] == 10


def test_a_worker_that_was_away_finds_one_of_each_periodic_task() -> None:
    for entry in make_celery(Given()).conf.beat_schedule.values():
        schedule = entry["schedule"]
        period_s = 3600 if isinstance(schedule, crontab) else schedule
        assert entry["options"]["expires"] <= period_s


def test_calendars_are_looked_after_where_google_is_set_up() -> None:
    assert "calendars" not in make_celery(Given()).conf.beat_schedule
    assert "calendars" in make_celery(Given(google_client_id="ours")).conf.beat_schedule


def test_beat_keeps_no_file() -> None:
    assert make_celery(Given()).conf.beat_scheduler.endswith(":BoundedScheduler")
    assert not issubclass(BoundedScheduler, PersistentScheduler)


def test_each_task_is_one_call_and_its_process_is_killed_only_after_its_own_limit() -> None:
    worker, celery = FakeWorker(), make_celery(Given())
    process = PoolProcess(worker.open)
    register_tasks(celery, process, Given())
    celery.tasks["taskwire.run_job"](7)
    celery.tasks["taskwire.rescan_jobs"]()
    celery.tasks["taskwire.tell_due"]()
    celery.tasks["taskwire.prune"]()
    celery.tasks["taskwire.tick"]()
    process.close()
    assert worker.calls == [
        "open",
        "run_job 7",
        "rescan_jobs",
        "tell_due",
        "prune",
        "tick",
        "close",
    ]
    assert celery.tasks["taskwire.run_job"].time_limit == 600 + KILL_MARGIN_S


def test_two_applications_do_not_know_each_other() -> None:
    one, other = make_celery(Given()), make_celery(Given("redis://elsewhere"))
    assert one.conf.broker_url != other.conf.broker_url
