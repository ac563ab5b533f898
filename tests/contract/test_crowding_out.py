"""What a person has too much of goes, and nobody who listens, resumes or lists is told a lie."""

from collections.abc import Sequence
from typing import Any

import orjson

from taskwire.adapters.database.change_log import DatabaseChangeLog
from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.crowding_out import DROPPED_AT_ONCE_MAX
from taskwire.adapters.database.job_store import DatabaseJobStore
from taskwire.adapters.database.notification_store import DatabaseNotificationStore
from taskwire.adapters.database.notification_writing import write_notifications
from taskwire.application.ports import AddedJob
from taskwire.domain.job import JobStatus
from taskwire.domain.notification import News
from tests.contract.test_job_store import LIST, NEWS, claim
from tests.contract.test_upkeep import count, upkeep_of
from tests.contract.writing import ANN, BEN, events

ANNS_NEWS = "user:1:notifications"


async def tell(database: Database, many: int, person_id: int = ANN) -> None:
    news = [(person_id, News("note", f"news {number}", "")) for number in range(many)]
    await database.write(lambda connection: write_notifications(connection, news))


async def add(jobs: DatabaseJobStore, person_id: int = ANN) -> int:
    added = await jobs.add_import(person_id, LIST, None)
    assert isinstance(added, AddedJob)
    return added.job_id


async def prune(database: Database, kept_max: int) -> None:
    await upkeep_of(database, kept_max=kept_max).prune()


async def listed(store: DatabaseNotificationStore) -> list[dict[str, Any]]:
    return [orjson.loads(item) for item in (await store.snapshot(ANN)).items]


def folded(told: Sequence[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """What a client holds that has followed the stream from its beginning."""
    return {frame["data"]["id"]: frame["data"] for frame in told}


async def test_whoever_resumes_from_the_beginning_counts_as_few_unread_as_the_list(
    notifications: DatabaseNotificationStore, database: Database, log: DatabaseChangeLog
) -> None:
    await tell(database, 12)
    await prune(database, kept_max=5)
    snapshot = await notifications.snapshot(ANN)
    told = await events(log, ANNS_NEWS)
    held = folded(told)
    newest = sorted(held, reverse=True)[:5]
    assert [frame["seq"] for frame in told] == list(range(1, snapshot.seq + 1))
    assert [held[number] for number in newest] == await listed(notifications)
    unread = [number for number, one in held.items() if one["read_at"] is None]
    assert len(unread) == snapshot.unread == 5


async def test_what_was_read_goes_without_a_word(
    notifications: DatabaseNotificationStore, database: Database, log: DatabaseChangeLog
) -> None:
    await tell(database, 4)
    await notifications.mark_some_read(ANN, 500, 0, None)
    before = len(await events(log, ANNS_NEWS))
    await prune(database, kept_max=1)
    assert await count(database, "notifications") == 1
    assert len(await events(log, ANNS_NEWS)) == before


async def test_more_than_fit_in_one_turn_all_go_and_other_people_keep_theirs(
    notifications: DatabaseNotificationStore, database: Database
) -> None:
    await tell(database, DROPPED_AT_ONCE_MAX + 7)
    await tell(database, 3, BEN)
    await prune(database, kept_max=3)
    assert (await notifications.snapshot(ANN)).unread == 3
    assert (await notifications.snapshot(BEN)).unread == 3
    assert await count(database, "notifications") == 6


async def test_as_many_as_are_kept_are_left_alone(
    database: Database, log: DatabaseChangeLog
) -> None:
    await tell(database, 5)
    await prune(database, kept_max=5)
    assert len(await events(log, ANNS_NEWS)) == 5
    assert await count(database, "notifications") == 5


async def test_jobs_that_are_over_go_beyond_the_newest_and_one_that_waits_stays(
    jobs: DatabaseJobStore, database: Database
) -> None:
    waiting = await add(jobs)
    over = [await add(jobs) for _ in range(4)]
    for job_id in over:
        await jobs.finish(await claim(jobs, job_id), JobStatus.DONE, None, NEWS)
    of_ben = await add(jobs, BEN)
    await prune(database, kept_max=2)
    left = [job.id for job in await jobs.newest(ANN, 10)]
    assert left == [over[3], over[2], waiting]
    assert [job.id for job in await jobs.newest(BEN, 10)] == [of_ben]
