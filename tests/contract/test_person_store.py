import asyncio
from datetime import timedelta

from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.person_store import DatabasePersonStore
from tests.contract.writing import make_older

EMAIL = "ann@example.org"


async def test_a_person_is_found_by_id_and_by_address(people: DatabasePersonStore) -> None:
    person = await people.add(EMAIL, "Ann שלום", "hash")
    assert person is not None
    assert await people.find(person.id) == person
    credentials = await people.credentials(EMAIL)
    assert credentials is not None
    assert (credentials.person, credentials.password_hash) == (person, "hash")


async def test_nobody_is_nobody(people: DatabasePersonStore) -> None:
    assert await people.find(99) is None
    assert await people.credentials(EMAIL) is None


async def test_an_address_belongs_to_one_person_also_when_twenty_ask_at_once(
    people: DatabasePersonStore,
) -> None:
    added = await asyncio.gather(*(people.add(EMAIL, f"Ann {n}", "hash") for n in range(20)))
    assert sum(person is not None for person in added) == 1
    assert len(await people.everybody()) == 1


async def test_a_new_password_takes_the_place_of_the_old(people: DatabasePersonStore) -> None:
    person = await people.add(EMAIL, "Ann", "old")
    assert person is not None
    await people.set_password_hash(person.id, "new")
    credentials = await people.credentials(EMAIL)
    assert credentials is not None
    assert credentials.password_hash == "new"


async def test_failures_are_counted_by_subject(people: DatabasePersonStore) -> None:
    await people.add_failure(["account:a", "address:1"])
    await people.add_failure(["account:b", "address:1"])
    counted = await people.failures(["account:a", "address:1", "address:2"])
    assert counted == {"account:a": 1, "address:1": 2}


async def test_failures_are_forgiven_one_by_one_and_with_time(
    people: DatabasePersonStore, database: Database
) -> None:
    await people.add_failure(["account:a", "address:1"])
    await people.forget_failures(["account:a"])
    assert await people.failures(["account:a", "address:1"]) == {"address:1": 1}
    await make_older(database, "sign_in_failures", "failed_at", timedelta(seconds=301))
    assert await people.failures(["address:1"]) == {}
