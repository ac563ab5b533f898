import asyncio

from sqlalchemy import select

from taskwire.adapters.database import tables
from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.session_store import DatabaseSessionStore
from taskwire.adapters.database.subscription_store import DatabaseSubscriptionStore
from taskwire.application.delivery_ports import PushKeys
from taskwire.application.ports import KeyTaken, Missing
from tests.contract.writing import ANN, BEN, LAPTOP, answered, key, shown


def keys(name: str = "a") -> PushKeys:
    return PushKeys(f"https://push.example.org/{name}", f"p256dh of {name}", "auth")


async def add(
    store: DatabaseSubscriptionStore, person_id: int = ANN, name: str = "a", session: str = "s"
) -> tuple[int, int]:
    answer = answered(await store.add(person_id, session, keys(name), None))
    return answer.status, shown(answer)["id"]


async def held(database: Database) -> list[tuple[int, str]]:
    subscribed = tables.push_subscriptions.c
    listed = select(subscribed.person_id, subscribed.endpoint).order_by(subscribed.id)
    rows = await database.look(lambda c: c.execute(listed).all())
    return [(row.person_id, row.endpoint.rpartition("/")[2]) for row in rows]


async def test_the_same_browser_again_is_the_same_subscription(
    subscriptions: DatabaseSubscriptionStore, database: Database
) -> None:
    first, again = await add(subscriptions), await add(subscriptions)
    assert (first[0], again[0]) == (201, 200)
    assert first[1] == again[1]
    assert await held(database) == [(ANN, "a")]


async def test_a_browser_follows_whoever_signed_in_last(
    subscriptions: DatabaseSubscriptionStore, database: Database
) -> None:
    """Otherwise the next person at a shared computer would read what is Ann's."""
    _, anns = await add(subscriptions)
    status, bens = await add(subscriptions, BEN)
    assert (status, await held(database)) == (201, [(BEN, "a")])
    assert bens != anns


async def test_beyond_the_bound_the_oldest_goes(
    subscriptions: DatabaseSubscriptionStore, database: Database
) -> None:
    await add(subscriptions, BEN, "ben's")
    for name in "abcd":
        await add(subscriptions, name=name)
    assert await held(database) == [(BEN, "ben's"), (ANN, "b"), (ANN, "c"), (ANN, "d")]


async def test_a_browser_that_leaves_is_gone_and_nobody_elses_is(
    subscriptions: DatabaseSubscriptionStore, database: Database
) -> None:
    _, number = await add(subscriptions)
    assert await subscriptions.remove(BEN, number, None) == Missing()
    gone = answered(await subscriptions.remove(ANN, number, key("k")))
    again = answered(await subscriptions.remove(ANN, number, key("k")))
    assert (gone.status, gone.body) == (again.status, again.body) == (204, b"")
    assert await subscriptions.remove(ANN, number, None) == Missing()
    assert await held(database) == []


async def test_a_repeated_request_is_answered_as_the_first(
    subscriptions: DatabaseSubscriptionStore,
) -> None:
    first = answered(await subscriptions.add(ANN, "s", keys(), key("k")))
    again = answered(await subscriptions.add(ANN, "s", keys(), key("k")))
    assert (first.status, first.body) == (again.status, again.body)
    assert await subscriptions.add(ANN, "s", keys("b"), key("k", "another")) == KeyTaken()


async def test_many_at_once_are_one_subscription(
    subscriptions: DatabaseSubscriptionStore, database: Database
) -> None:
    await add(subscriptions)
    answers = await asyncio.gather(*(add(subscriptions) for _ in range(10)))
    assert {status for status, _ in answers} == {200}
    assert await held(database) == [(ANN, "a")]


async def test_a_subscription_ends_with_its_sign_in(
    subscriptions: DatabaseSubscriptionStore, sessions: DatabaseSessionStore, database: Database
) -> None:
    """Whoever signs out everywhere because a laptop was stolen is told nothing more on it."""
    laptop = (await sessions.open(ANN, "t0", LAPTOP)).id
    phone = (await sessions.open(ANN, "t1", LAPTOP)).id
    await add(subscriptions, name="laptop", session=laptop)
    await add(subscriptions, name="phone", session=phone)
    await sessions.close_by_refresh("t0")
    assert await held(database) == [(ANN, "phone")]
    await sessions.close_all(ANN)
    assert await held(database) == []
