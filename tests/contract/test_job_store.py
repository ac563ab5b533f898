import asyncio
from collections.abc import Sequence
from datetime import timedelta

import orjson
import pytest

from taskwire.adapters.database.change_log import DatabaseChangeLog
from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.job_store import OPEN_MAX, DatabaseJobStore
from taskwire.adapters.database.task_store import DatabaseTaskStore
from taskwire.application.ports import (
    AddedJob,
    ClaimedJob,
    JobStep,
    KeyTaken,
    NewImport,
    NoRoom,
    TooManyOpen,
    WriteKey,
)
from taskwire.domain.errors import LimitReachedError
from taskwire.domain.job import JobStatus
from taskwire.domain.notification import News
from taskwire.domain.task import TaskChanges, check_changes
from tests.contract.writing import ANN, ANNS_TASKS, BEN, create, events, key, make_older

CONTENT = b"one\ntwo\nthree\n"
LIST = NewImport("list.txt", CONTENT, 3)
NEWS = News("import_finished", "list.txt", "3 tasks were added.")


def batch(*titles: str) -> Sequence[TaskChanges]:
    return [check_changes({"title": title}) for title in titles]


async def add(jobs: DatabaseJobStore, write: WriteKey | None = None) -> int:
    added = await jobs.add_import(ANN, LIST, write)
    assert isinstance(added, AddedJob)
    return added.job_id


async def claim(jobs: DatabaseJobStore, job_id: int) -> ClaimedJob:
    claimed = await jobs.claim(job_id)
    assert claimed is not None, "nobody else has it"
    return claimed


async def abandon(database: Database) -> None:
    """Its worker died: the lease runs out."""
    await make_older(database, "jobs", "leased_until", timedelta(seconds=1))


async def test_a_job_waits_in_the_queue_until_it_is_claimed(jobs: DatabaseJobStore) -> None:
    job_id = await add(jobs)
    waiting = await jobs.find(ANN, job_id)
    assert waiting is not None
    assert (waiting.status, waiting.done, waiting.total) == (JobStatus.QUEUED, 0, 3)
    claimed = await claim(jobs, job_id)
    assert (claimed.person_id, claimed.content, claimed.job.status) == (
        ANN,
        CONTENT,
        JobStatus.RUNNING,
    )


async def test_of_twenty_that_claim_at_once_one_gets_it(jobs: DatabaseJobStore) -> None:
    job_id = await add(jobs)
    claims = await asyncio.gather(*(jobs.claim(job_id) for _ in range(20)))
    assert sum(claimed is not None for claimed in claims) == 1


async def test_a_step_commits_tasks_events_and_progress_together(
    jobs: DatabaseJobStore, tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    claimed = await claim(jobs, await add(jobs))
    step = await jobs.add_tasks(claimed, batch("one", "two"))
    assert isinstance(step, JobStep)
    assert (step.job.done, [change.seq for change in step.changes]) == (2, [1, 2])
    told = [(event["seq"], event["data"]["title"]) for event in await events(log)]
    assert told == [(1, "one"), (2, "two")]
    snapshot = await tasks.snapshot(ANN)
    assert [orjson.loads(item) for item in snapshot.items] == [
        event["data"] for event in await events(log)
    ]


async def test_a_job_whose_lease_ran_out_goes_to_the_next_where_it_stood(
    jobs: DatabaseJobStore, database: Database
) -> None:
    job_id = await add(jobs)
    await jobs.add_tasks(await claim(jobs, job_id), batch("one"))
    await abandon(database)
    assert (await claim(jobs, job_id)).job.done == 1


async def test_a_worker_that_lost_its_job_writes_nothing_more(
    jobs: DatabaseJobStore, tasks: DatabaseTaskStore, database: Database
) -> None:
    """It was only slow: the lease ran out, another took over, and then it woke up."""
    job_id = await add(jobs)
    slow = await claim(jobs, job_id)
    await abandon(database)
    fast = await claim(jobs, job_id)
    assert await jobs.add_tasks(slow, batch("from the dead")) is None
    assert await jobs.finish(slow, JobStatus.DONE, None, NEWS) is None
    assert (await tasks.snapshot(ANN)).items == []
    assert await jobs.add_tasks(fast, batch("one")) is not None


async def test_a_step_renews_the_lease(jobs: DatabaseJobStore, database: Database) -> None:
    job_id = await add(jobs)
    claimed = await claim(jobs, job_id)
    await abandon(database)
    await jobs.add_tasks(claimed, batch("one"))
    assert await jobs.claim(job_id) is None


async def test_a_job_that_fails_too_often_is_given_up_and_its_person_told_once(
    jobs: DatabaseJobStore, database: Database, log: DatabaseChangeLog
) -> None:
    job_id = await add(jobs)
    for _ in range(jobs.attempts_max):
        await claim(jobs, job_id)
        await abandon(database)
    assert [await jobs.claim(job_id) for _ in range(2)] == [None, None]
    (told,) = await events(log, "user:1:notifications")
    assert told["data"]["kind"] == "import_failed"
    given_up = await jobs.find(ANN, job_id)
    assert given_up is not None
    assert given_up.status is JobStatus.FAILED
    assert given_up.error
    assert await jobs.due(10) == []


async def test_the_end_comes_with_its_news_once(
    jobs: DatabaseJobStore, log: DatabaseChangeLog
) -> None:
    claimed = await claim(jobs, await add(jobs))
    step = await jobs.finish(claimed, JobStatus.DONE, None, NEWS)
    assert isinstance(step, JobStep)
    assert step.job.status is JobStatus.DONE
    assert await jobs.finish(claimed, JobStatus.DONE, None, NEWS) is None
    (told,) = await events(log, "user:1:notifications")
    assert (told["type"], told["data"]["title"]) == ("notification_created", "list.txt")


async def test_a_job_that_is_over_is_not_claimed(jobs: DatabaseJobStore) -> None:
    job_id = await add(jobs)
    await jobs.finish(await claim(jobs, job_id), JobStatus.DONE, None, NEWS)
    assert await jobs.claim(job_id) is None


async def test_a_cancelled_job_takes_no_more_steps(jobs: DatabaseJobStore) -> None:
    job_id = await add(jobs)
    claimed = await claim(jobs, job_id)
    cancelled = await jobs.cancel(ANN, job_id)
    assert cancelled is not None
    assert cancelled.status is JobStatus.CANCELLED
    assert await jobs.add_tasks(claimed, batch("too late")) is None
    assert await jobs.claim(job_id) is None


async def test_what_is_over_cannot_be_cancelled(jobs: DatabaseJobStore) -> None:
    job_id = await add(jobs)
    await jobs.finish(await claim(jobs, job_id), JobStatus.DONE, None, NEWS)
    job = await jobs.cancel(ANN, job_id)
    assert job is not None
    assert job.status is JobStatus.DONE


async def test_a_foreign_job_is_missing(jobs: DatabaseJobStore) -> None:
    job_id = await add(jobs)
    assert await jobs.find(BEN, job_id) is None
    assert await jobs.cancel(BEN, job_id) is None
    mine = await jobs.find(ANN, job_id)
    assert mine is not None
    assert mine.status is JobStatus.QUEUED


async def test_forgotten_jobs_are_due_and_fresh_ones_are_not(
    jobs: DatabaseJobStore, database: Database
) -> None:
    lost_nudge, dead_worker = await add(jobs), await add(jobs)
    await claim(jobs, dead_worker)
    assert await jobs.due(10) == []
    await abandon(database)
    await make_older(database, "jobs", "created_at", timedelta(seconds=10))
    await add(jobs)
    assert await jobs.due(10) == [lost_nudge, dead_worker]


async def test_the_same_import_under_the_same_key_is_one_job(jobs: DatabaseJobStore) -> None:
    first = await add(jobs, key("k", "list"))
    assert await add(jobs, key("k", "list")) == first
    other = await jobs.add_import(ANN, NewImport("x", b"x", 1), key("k", "another list"))
    assert other == KeyTaken()


async def test_an_import_with_more_than_a_person_may_hold_never_begins(
    database: Database, tasks: DatabaseTaskStore
) -> None:
    small = DatabaseJobStore(database, tasks_max=3, lease_s=20, attempts_max=3)
    await create(tasks)
    assert await small.add_import(ANN, LIST, None) == NoRoom(1)
    assert isinstance(await small.add_import(BEN, LIST, None), AddedJob)


async def test_so_many_imports_of_a_person_wait_and_no_more(jobs: DatabaseJobStore) -> None:
    waiting = [await add(jobs, key(str(number))) for number in range(OPEN_MAX)]
    assert await jobs.add_import(ANN, LIST, None) == TooManyOpen()
    assert await add(jobs, key("0")) == waiting[0], "asked again, it is answered as before"
    assert isinstance(await jobs.add_import(BEN, LIST, None), AddedJob)
    await jobs.cancel(ANN, waiting[0])
    assert await add(jobs) not in waiting


async def test_the_newest_jobs_of_a_person_come_first(jobs: DatabaseJobStore) -> None:
    added = [await add(jobs) for _ in range(3)]
    await jobs.add_import(BEN, LIST, None)
    listed = await jobs.newest(ANN, 2)
    assert [job.id for job in listed] == [added[2], added[1]]
    assert {job.name for job in listed} == {"list.txt"}


async def test_an_import_stops_at_the_limit_of_tasks_and_keeps_what_it_committed(
    database: Database, tasks: DatabaseTaskStore, log: DatabaseChangeLog
) -> None:
    small = DatabaseJobStore(database, tasks_max=3, lease_s=20, attempts_max=3)
    claimed = await claim(small, await add(small))
    await small.add_tasks(claimed, batch("one", "two"))
    with pytest.raises(LimitReachedError):
        await small.add_tasks(claimed, batch("three", "four"))
    assert len((await tasks.snapshot(ANN)).items) == 2
    assert (await log.positions([ANNS_TASKS])).extents[ANNS_TASKS].head == 2
    job = await small.find(ANN, claimed.job.id)
    assert job is not None
    assert job.done == 2
