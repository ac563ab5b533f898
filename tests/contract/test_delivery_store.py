import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from taskwire.adapters.database import tables
from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.delivery_store import DatabaseDeliveryStore
from taskwire.adapters.database.notification_store import DatabaseNotificationStore
from taskwire.adapters.database.notification_writing import write_notifications
from taskwire.adapters.database.person_store import DatabasePersonStore
from taskwire.adapters.database.preference_store import DatabasePreferenceStore
from taskwire.adapters.database.subscription_store import DatabaseSubscriptionStore
from taskwire.adapters.database.task_store import DatabaseTaskStore
from taskwire.application.delivery_ports import (
    ClaimedDelivery,
    DigestParcel,
    LetterParcel,
    NoParcel,
    PushKeys,
    PushParcel,
)
from taskwire.domain.delivery import Again, Over
from taskwire.domain.notification import REMINDER_DUE, SIGN_IN, News
from taskwire.domain.preferences import Preferences
from taskwire.domain.quiet_hours import QuietHours
from tests.contract.writing import ANN, create, make_older

KEYS = PushKeys("https://push.example.org/a", "p256dh", "auth")
MAILED = Preferences(switches={REMINDER_DUE: {"email": True}})
DIGESTED = Preferences(digest_at=time(8))
SENT = Over("sent")


@dataclass
class Desk:
    """Ann, who is person 1, and what is done around her."""

    database: Database
    preferences: DatabasePreferenceStore
    subscriptions: DatabaseSubscriptionStore
    deliveries: DatabaseDeliveryStore

    async def choose(self, chosen: Preferences) -> None:
        await self.preferences.change(ANN, lambda _: chosen, lambda _: b"", None)

    async def subscribe(self, name: str = "a") -> None:
        keys = replace(KEYS, endpoint=f"https://push.example.org/{name}")
        await self.subscriptions.add(ANN, "s", keys, None)

    async def tell(self, title: str = "Milk", kind: str = REMINDER_DUE) -> None:
        news = [(ANN, News(kind, title, "It is due."))]
        await self.database.write(lambda connection: write_notifications(connection, news))

    async def claim(self, limit: int = 10) -> list[ClaimedDelivery]:
        return list(await self.deliveries.claim(limit))

    async def rows(self) -> list[dict[str, Any]]:
        listed = select(tables.deliveries).order_by(tables.deliveries.c.id)
        found = await self.database.look(lambda c: c.execute(listed).mappings().all())
        return [dict(row) for row in found]

    async def lose_the_claims(self) -> None:
        """As if the worker had died and its lease had run out."""
        await make_older(self.database, "deliveries", "due_at", timedelta(seconds=1))


@pytest.fixture
async def desk(
    database: Database,
    people: DatabasePersonStore,
    preferences: DatabasePreferenceStore,
    subscriptions: DatabaseSubscriptionStore,
    deliveries: DatabaseDeliveryStore,
) -> Desk:
    ann = await people.add("ann@example.org", "Ann", "hash")
    assert ann is not None
    assert ann.id == ANN
    return Desk(database, preferences, subscriptions, deliveries)


def parcels(claimed: list[ClaimedDelivery]) -> list[object]:
    return [one.parcel for one in claimed]


async def test_without_a_road_outside_nothing_is_to_be_sent(desk: Desk) -> None:
    await desk.tell()
    assert await desk.rows() == []


async def test_each_browser_and_the_mailbox_get_one_each(desk: Desk) -> None:
    await desk.choose(MAILED)
    await desk.subscribe("a")
    await desk.subscribe("b")
    await desk.tell()
    first, second, letter = parcels(await desk.claim())
    assert isinstance(first, PushParcel)
    assert isinstance(second, PushParcel)
    assert isinstance(letter, LetterParcel)
    assert {first.keys.endpoint[-1], second.keys.endpoint[-1]} == {"a", "b"}
    assert (letter.email, letter.notification.title) == ("ann@example.org", "Milk")
    assert first.notification == letter.notification


async def test_a_switch_that_is_off_is_a_road_that_is_not_taken(desk: Desk) -> None:
    await desk.subscribe()
    await desk.choose(Preferences(switches={REMINDER_DUE: {"push": False}}))
    await desk.tell()
    assert await desk.rows() == []


async def test_what_is_written_and_rolled_back_is_not_sent(desk: Desk) -> None:
    await desk.subscribe()

    def fail(connection: Connection) -> None:
        write_notifications(connection, [(ANN, News(REMINDER_DUE, "Milk", ""))])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await desk.database.write(fail)
    assert await desk.rows() == []


async def test_quiet_hours_hold_it_back_until_they_end_and_a_warning_passes(desk: Desk) -> None:
    await desk.subscribe()
    here = datetime.now(UTC)
    quiet = QuietHours(
        (here - timedelta(hours=1)).time().replace(second=0, microsecond=0),
        (here + timedelta(hours=2)).time().replace(second=0, microsecond=0),
    )
    await desk.choose(Preferences(quiet_hours=quiet))
    await desk.tell("Milk")
    await desk.tell("Firefox on Linux", SIGN_IN)
    (claimed,) = await desk.claim()
    assert claimed.kind == SIGN_IN
    held = (await desk.rows())[0]
    assert held["due_at"].time() == quiet.end


async def test_a_claimed_one_is_nobody_elses(desk: Desk) -> None:
    await desk.subscribe()
    for number in range(30):
        await desk.tell(f"news {number}")
    claimed = await asyncio.gather(*(desk.claim(4) for _ in range(12)))
    numbers = [one.id for batch in claimed for one in batch]
    assert len(numbers) == len(set(numbers))
    numbers += [one.id for one in await desk.claim(100)]
    assert len(set(numbers)) == len(numbers) == 30


async def test_a_worker_that_died_leaves_it_to_the_next(desk: Desk) -> None:
    await desk.subscribe()
    await desk.tell()
    (first,) = await desk.claim()
    assert await desk.claim() == []
    await desk.lose_the_claims()
    (second,) = await desk.claim()
    assert (second.id, second.attempts) == (first.id, first.attempts + 1)
    await desk.deliveries.settle(first, SENT)
    assert (await desk.rows())[0]["outcome"] is None, "the older claim may say nothing any more"
    await desk.deliveries.settle(second, SENT)
    assert (await desk.rows())[0]["outcome"] == "sent"


async def test_what_is_over_is_not_claimed_again(desk: Desk) -> None:
    await desk.subscribe()
    await desk.tell()
    (claimed,) = await desk.claim()
    await desk.deliveries.settle(claimed, Over("given_up", "x" * 1000))
    await desk.lose_the_claims()
    assert await desk.claim() == []
    (row,) = await desk.rows()
    assert (row["outcome"], row["due_at"], len(row["reason"])) == ("given_up", None, 200)


async def test_what_is_put_off_comes_at_its_time(desk: Desk) -> None:
    await desk.subscribe()
    await desk.tell()
    (claimed,) = await desk.claim()
    later = datetime.now(UTC) + timedelta(minutes=5)
    await desk.deliveries.settle(claimed, Again(later, "busy"))
    assert await desk.claim() == []
    assert (await desk.rows())[0]["due_at"] == later
    await make_older(desk.database, "deliveries", "due_at", timedelta(seconds=1))
    assert [one.attempts for one in await desk.claim()] == [2]


async def test_a_browser_that_is_gone_is_forgotten_with_all_that_waits_for_it(desk: Desk) -> None:
    await desk.subscribe()
    await desk.tell("one")
    await desk.tell("two")
    first, second = await desk.claim()
    await desk.deliveries.settle(first, Over("gone"))
    await desk.deliveries.settle(second, Again(datetime.now(UTC), "busy"))
    assert parcels(await desk.claim()) == [NoParcel("the subscription is gone")]
    await desk.tell("three")
    assert len(await desk.rows()) == 2


async def test_what_was_read_meanwhile_is_not_sent(
    desk: Desk, notifications: DatabaseNotificationStore
) -> None:
    await desk.subscribe()
    await desk.choose(MAILED)
    await desk.tell()
    await notifications.mark_some_read(ANN, 500, 0, None)
    assert parcels(await desk.claim()) == [NoParcel("read meanwhile")] * 2


async def test_what_was_switched_off_meanwhile_is_not_sent(desk: Desk) -> None:
    await desk.choose(MAILED)
    await desk.tell()
    await desk.choose(Preferences())
    assert parcels(await desk.claim()) == [NoParcel("switched off meanwhile")]


async def make_digest_due(desk: Desk) -> None:
    past = datetime.now(UTC) - timedelta(minutes=1)
    due = update(tables.preferences).values(digest_next_at=past)
    await desk.database.write(lambda connection: connection.execute(due))


async def test_a_digest_is_started_once_a_day_however_often_it_is_tried(desk: Desk) -> None:
    await desk.choose(DIGESTED)
    assert await desk.deliveries.start_digests(10) == 0, "its time has not come"
    await make_digest_due(desk)
    await asyncio.gather(*(desk.deliveries.start_digests(10) for _ in range(8)))
    await make_digest_due(desk)  # as if somebody had moved its time to later on the same day
    await desk.deliveries.start_digests(10)
    rows = await desk.rows()
    assert [(row["kind"], row["channel"], row["day"]) for row in rows] == [
        ("digest", "email", datetime.now(UTC).date())
    ]


async def test_a_digest_tells_of_the_day_as_it_is_when_it_is_sent(
    desk: Desk, tasks: DatabaseTaskStore
) -> None:
    now = datetime.now(UTC)
    await create(tasks, "Rent", due_on=(now - timedelta(days=3)).date())
    await create(tasks, "Flowers", due_on=now.date())
    await create(tasks, "Dentist", due_at=now - timedelta(minutes=1))
    await create(tasks, "Done", due_on=now.date(), is_completed=True)
    await create(tasks, "Some day")
    await create(tasks, "Later", due_at=now + timedelta(days=2))
    await create(tasks, "Somebody else's", person_id=ANN + 1, due_on=now.date())
    await desk.choose(DIGESTED)
    await desk.tell()
    await make_digest_due(desk)
    await desk.deliveries.start_digests(10)
    (parcel,) = parcels(await desk.claim())
    assert isinstance(parcel, DigestParcel)
    assert {task.title for task in parcel.digest.tasks} == {"Rent", "Flowers", "Dentist"}
    assert parcel.digest.tasks[0].title == "Rent"
    assert (parcel.digest.tasks_count, parcel.digest.unread_count) == (3, 1)
    assert (parcel.email, parcel.name) == ("ann@example.org", "Ann")


async def test_an_empty_day_is_not_written_about(desk: Desk) -> None:
    await desk.choose(DIGESTED)
    await make_digest_due(desk)
    await desk.deliveries.start_digests(10)
    assert parcels(await desk.claim()) == [NoParcel("nothing to tell")]


async def test_yesterdays_digest_is_not_sent_beside_todays(desk: Desk) -> None:
    await desk.choose(DIGESTED)
    await desk.tell()
    await make_digest_due(desk)
    await desk.deliveries.start_digests(10)
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    old = update(tables.deliveries).values(day=yesterday)
    await desk.database.write(lambda connection: connection.execute(old))
    assert parcels(await desk.claim()) == [NoParcel("its day is over")]


async def test_operators_see_how_much_is_due_and_for_how_long(desk: Desk) -> None:
    assert await desk.deliveries.state() == {"deliveries_due": 0, "deliveries_late_s": 0.0}
    await desk.subscribe()
    await desk.tell()
    await make_older(desk.database, "deliveries", "due_at", timedelta(minutes=10))
    state = await desk.deliveries.state()
    assert state["deliveries_due"] == 1
    assert state["deliveries_late_s"] > 500


async def test_a_digest_whose_time_falls_into_quiet_hours_is_begun_when_they_end(
    desk: Desk,
) -> None:
    """Begun in the evening it would be of yesterday by the morning, and would never be sent."""
    here = datetime.now(UTC).replace(second=0, microsecond=0)
    quiet = QuietHours((here - timedelta(hours=1)).time(), (here + timedelta(hours=2)).time())
    await desk.choose(replace(DIGESTED, quiet_hours=quiet))
    await make_digest_due(desk)
    assert await desk.deliveries.start_digests(10) == 0
    listed = select(tables.preferences.c.digest_next_at)
    next_at = await desk.database.look(lambda c: c.execute(listed).scalar_one())
    assert next_at == here + timedelta(hours=2)
    await desk.choose(DIGESTED)
    await make_digest_due(desk)
    assert await desk.deliveries.start_digests(10) == 1
