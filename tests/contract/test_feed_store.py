from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.feed_store import DatabaseFeedStore
from taskwire.adapters.database.person_store import DatabasePersonStore
from taskwire.adapters.database.task_store import DatabaseTaskStore
from taskwire.adapters.database.upkeep import Retention, Upkeep
from taskwire.application.feeds import FeedOwner
from tests.contract.writing import ANN, BEN, create


async def test_an_address_leads_to_its_person_and_their_place(
    database: Database, tasks: DatabaseTaskStore
) -> None:
    feeds = DatabaseFeedStore(database)
    assert await feeds.created_at(ANN) is None
    await feeds.put(ANN, "a")
    await feeds.put(BEN, "b")
    written = await create(tasks)
    assert await feeds.owner("a") == FeedOwner(ANN, written.epoch, written.seq)
    assert await feeds.owner("b") == FeedOwner(BEN, written.epoch, 0)
    assert await feeds.owner("c") is None
    assert await feeds.created_at(ANN) is not None


async def test_a_new_address_ends_the_one_before(database: Database) -> None:
    feeds = DatabaseFeedStore(database)
    await feeds.put(ANN, "old")
    await feeds.put(ANN, "new")
    assert await feeds.owner("old") is None
    assert await feeds.owner("new") is not None
    await feeds.drop(ANN)
    assert await feeds.owner("new") is None
    await feeds.drop(ANN)


async def test_an_address_goes_with_its_person(
    database: Database, people: DatabasePersonStore
) -> None:
    feeds = DatabaseFeedStore(database)
    person = await people.add("ann@example.org", "Ann", "hash")
    assert person is not None
    await feeds.put(person.id, "a")
    await Upkeep(database, Retention(1, 1, 1, 1, 1, 1, 1, 1, 1, 1)).delete_person(person.id)
    assert await feeds.owner("a") is None
