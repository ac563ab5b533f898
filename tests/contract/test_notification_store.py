from typing import Any

import orjson
import pytest
from sqlalchemy import Connection

from taskwire.adapters.database.change_log import DatabaseChangeLog
from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.notification_store import DatabaseNotificationStore
from taskwire.adapters.database.notification_writing import write_notifications
from taskwire.application.ports import Change, KeyTaken, Missing
from taskwire.domain.notification import News
from tests.contract.writing import ANN, BEN, answered, events, frames, key, shown

ANNS_NEWS = "user:1:notifications"


async def tell(database: Database, title: str = "Import finished", person_id: int = ANN) -> int:
    def work(connection: Connection) -> tuple[Change, ...]:
        return write_notifications(connection, [(person_id, News("note", title, "500 tasks"))])

    (change,) = await database.write(work)
    number: int = orjson.loads(change.frame)["data"]["id"]
    return number


async def listed(store: DatabaseNotificationStore) -> list[dict[str, Any]]:
    return [orjson.loads(item) for item in (await store.snapshot(ANN)).items]


async def test_news_is_listed_newest_first_with_the_count_of_unread(
    notifications: DatabaseNotificationStore, database: Database
) -> None:
    first, second = await tell(database, "one"), await tell(database, "two")
    await tell(database, "Ben's", BEN)
    snapshot = await notifications.snapshot(ANN)
    assert [item["id"] for item in await listed(notifications)] == [second, first]
    assert (snapshot.seq, snapshot.unread) == (2, 2)


async def test_reading_marks_one_and_tells_it_as_the_list_shows_it(
    notifications: DatabaseNotificationStore, database: Database, log: DatabaseChangeLog
) -> None:
    item = await tell(database)
    answer = answered(await notifications.mark_read(ANN, item, key("k")))
    assert shown(answer)["read_at"] is not None
    assert (await notifications.snapshot(ANN)).items == [answer.body]
    assert (await frames(log, ANNS_NEWS))[-1] == (
        b'{"type":"notification_update","seq":2,"op":"k","data":%b}' % answer.body
    )


async def test_reading_what_was_read_changes_nothing(
    notifications: DatabaseNotificationStore, database: Database, log: DatabaseChangeLog
) -> None:
    item = await tell(database)
    first = answered(await notifications.mark_read(ANN, item, None))
    again = answered(await notifications.mark_read(ANN, item, None))
    assert (again.body, again.changes) == (first.body, ())
    assert len(await events(log, ANNS_NEWS)) == 2


async def test_a_foreign_notification_is_missing(
    notifications: DatabaseNotificationStore, database: Database
) -> None:
    item = await tell(database)
    assert await notifications.mark_read(BEN, item, None) == Missing()
    assert (await notifications.snapshot(ANN)).unread == 1


async def test_reading_all_is_one_event_each_in_order(
    notifications: DatabaseNotificationStore, database: Database, log: DatabaseChangeLog
) -> None:
    items = [await tell(database, f"news {number}") for number in range(3)]
    answer = answered(await notifications.mark_some_read(ANN, 500, 0, key("k")))
    assert shown(answer) == {"read": 3, "unread": 0}
    told = (await events(log, ANNS_NEWS))[3:]
    assert [(event["seq"], event["data"]["id"]) for event in told] == list(
        zip([4, 5, 6], items, strict=True)
    )
    assert tuple(await frames(log, ANNS_NEWS))[3:] == tuple(c.frame for c in answer.changes)


@pytest.mark.parametrize("road", ["one", "all"])
async def test_an_answer_is_repeated_under_its_key_and_kept_from_others(
    notifications: DatabaseNotificationStore,
    database: Database,
    log: DatabaseChangeLog,
    road: str,
) -> None:
    item = await tell(database)

    async def mark(body: str) -> object:
        if road == "one":
            return await notifications.mark_read(ANN, item, key("k", body))
        return await notifications.mark_some_read(ANN, 500, 0, key("k", body))

    first = answered(await mark("a body"))
    again = answered(await mark("a body"))
    assert (again.body, again.seq, again.changes) == (first.body, first.seq, ())
    assert await mark("another body") == KeyTaken()
    assert len(await events(log, ANNS_NEWS)) == 2


async def test_reading_all_of_nothing_is_answered(
    notifications: DatabaseNotificationStore,
) -> None:
    answer = answered(await notifications.mark_some_read(ANN, 500, 0, None))
    assert (shown(answer), answer.changes) == ({"read": 0, "unread": 0}, ())


async def test_many_are_read_in_several_transactions_under_one_key(
    notifications: DatabaseNotificationStore, database: Database, log: DatabaseChangeLog
) -> None:
    for number in range(5):
        await tell(database, f"news {number}")
    counts = []
    for read in (0, 2, 4):
        answer = answered(await notifications.mark_some_read(ANN, 2, read, key("k")))
        counts.append((len(answer.changes), shown(answer)))
    assert counts == [
        (2, {"read": 2, "unread": 3}),
        (2, {"read": 4, "unread": 1}),
        (1, {"read": 5, "unread": 0}),
    ]
    again = answered(await notifications.mark_some_read(ANN, 2, 0, key("k")))
    assert (shown(again), again.changes) == ({"read": 5, "unread": 0}, ())
    assert {event["op"] for event in (await events(log, ANNS_NEWS))[5:]} == {"k"}
