import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.person_store import DatabasePersonStore
from taskwire.adapters.database.session_store import DatabaseSessionStore
from taskwire.application.ports import Session
from tests.contract.writing import LAPTOP, make_older

SOON = datetime(2999, 1, 1, tzinfo=UTC)


@pytest.fixture
async def session(people: DatabasePersonStore, sessions: DatabaseSessionStore) -> Session:
    """Ann, signed in with the refresh token `t0`."""
    person = await people.add("ann@example.org", "Ann", "hash")
    assert person is not None
    return Session((await sessions.open(person.id, "t0", LAPTOP)).id, person)


async def is_living(sessions: DatabaseSessionStore, session: Session) -> bool:
    return await sessions.living([session.id, "no such"]) == {session.id}


async def test_a_refresh_token_is_spent_for_its_successor(
    sessions: DatabaseSessionStore, session: Session
) -> None:
    assert await sessions.rotate("t0", "t1") == session
    assert await sessions.rotate("t1", "t2") == session
    assert await is_living(sessions, session)


async def test_an_unknown_token_is_nobodys(sessions: DatabaseSessionStore) -> None:
    assert await sessions.rotate("stranger", "t1") is None


async def test_two_tabs_that_refresh_at_once_both_get_the_one_successor(
    sessions: DatabaseSessionStore, session: Session
) -> None:
    answers = await asyncio.gather(*(sessions.rotate("t0", "t1") for _ in range(20)))
    assert answers == [session] * 20
    assert await sessions.rotate("t1", "t2") == session


async def test_a_token_used_again_after_its_grace_ends_the_session(
    sessions: DatabaseSessionStore, session: Session, database: Database
) -> None:
    await sessions.rotate("t0", "t1")
    await make_older(database, "refresh_tokens", "used_at", timedelta(seconds=11))
    assert await sessions.rotate("t0", "t1") is None
    assert not await is_living(sessions, session)
    assert await sessions.rotate("t1", "t2") is None, "the thief's and the owner's both end"


async def test_a_token_used_again_after_its_successor_was_ends_the_session(
    sessions: DatabaseSessionStore, session: Session
) -> None:
    await sessions.rotate("t0", "t1")
    await sessions.rotate("t1", "t2")
    assert await sessions.rotate("t0", "t1") is None
    assert not await is_living(sessions, session)


async def test_a_session_that_was_not_used_for_its_lifetime_is_over(
    sessions: DatabaseSessionStore, session: Session, database: Database
) -> None:
    await make_older(database, "sessions", "expires_at", timedelta(seconds=1))
    assert await sessions.rotate("t0", "t1") is None


async def test_a_refresh_prolongs_the_session(
    sessions: DatabaseSessionStore, session: Session, database: Database
) -> None:
    await make_older(database, "sessions", "expires_at", timedelta(seconds=-5))
    assert await sessions.rotate("t0", "t1") == session
    longer = DatabaseSessionStore(database, lifetime_s=1, grace_s=10, token_lifetime_s=900)
    assert await longer.rotate("t1", "t2") == session


async def test_signing_out_ends_the_session_of_the_token(
    sessions: DatabaseSessionStore, session: Session
) -> None:
    assert await sessions.close_by_refresh("t0") == session.id
    assert await sessions.close_by_refresh("stranger") is None
    assert not await is_living(sessions, session)
    assert await sessions.rotate("t0", "t1") is None


async def test_signing_out_everywhere_ends_all_of_one_person(
    sessions: DatabaseSessionStore, session: Session
) -> None:
    second = (await sessions.open(session.person.id, "phone", LAPTOP)).id
    others = (await sessions.open(session.person.id + 1, "other", LAPTOP)).id
    assert set(await sessions.close_all(session.person.id)) == {session.id, second}
    assert await sessions.living([session.id, second, others]) == {others}


async def test_what_was_closed_since_a_mark_is_told(
    sessions: DatabaseSessionStore, session: Session
) -> None:
    mark, closed = await sessions.closed_since(None)
    assert closed == frozenset()
    await sessions.close_all(session.person.id)
    later, closed = await sessions.closed_since(mark)
    assert closed == {session.id}
    assert later > mark


async def test_a_process_that_starts_learns_all_that_tokens_may_outlive(
    sessions: DatabaseSessionStore, session: Session, database: Database
) -> None:
    await sessions.close_all(session.person.id)
    await make_older(database, "sessions", "closed_at", timedelta(seconds=890))
    assert (await sessions.closed_since(None))[1] == {session.id}
    await make_older(database, "sessions", "closed_at", timedelta(seconds=910))
    assert (await sessions.closed_since(None))[1] == frozenset()


async def test_a_ticket_is_spent_once_also_when_fifty_try_at_once(
    sessions: DatabaseSessionStore,
) -> None:
    spent = await asyncio.gather(*(sessions.spend_tickets({"x": SOON}) for _ in range(50)))
    assert sorted(spent, key=len) == [frozenset()] * 49 + [frozenset({"x"})]


async def test_of_a_batch_only_the_unspent_tickets_are_good(
    sessions: DatabaseSessionStore,
) -> None:
    await sessions.spend_tickets({"a": SOON})
    assert await sessions.spend_tickets({"a": SOON, "b": SOON, "c": SOON}) == {"b", "c"}


async def test_batches_that_share_tickets_in_any_order_neither_fail_nor_share(
    sessions: DatabaseSessionStore,
) -> None:
    names = [f"ticket {number}" for number in range(40)]
    batches = [dict.fromkeys(names[start:] + names[:start], SOON) for start in range(0, 40, 4)]
    spent = await asyncio.gather(*(sessions.spend_tickets(batch) for batch in batches))
    assert sorted(name for one in spent for name in one) == sorted(names)
