import asyncio
from typing import cast

import pytest

from taskwire.adapters.security.socket_grants import SocketGrants
from taskwire.adapters.security.tokens import JwtTokens
from taskwire.application.ports import SessionStore
from taskwire.application.revocations import Revocations
from taskwire.realtime.ports import LogUnavailable
from tests.fakes.memory_sessions import MemorySessions

TOKENS = JwtTokens(("k" * 40,), access_lifetime_s=900, ticket_lifetime_s=30)


def grants(sessions: MemorySessions, revocations: Revocations | None = None) -> SocketGrants:
    revocations = revocations or Revocations(900, 0)
    return SocketGrants(TOKENS, cast("SessionStore", sessions), revocations)


async def test_a_ticket_is_good_once() -> None:
    sessions = MemorySessions("s")
    door, ticket = grants(sessions), TOKENS.ticket(7, "s")
    grant = await door.authenticate(ticket)
    assert grant is not None
    assert (grant.subject, grant.session) == ("7", "s")
    assert await door.authenticate(ticket) is None


async def test_of_fifty_at_once_exactly_one_gets_in() -> None:
    door, ticket = grants(MemorySessions("s")), TOKENS.ticket(7, "s")
    results = await asyncio.gather(*(door.authenticate(ticket) for _ in range(50)))
    assert sum(grant is not None for grant in results) == 1


async def test_an_access_token_is_good_many_times() -> None:
    door, token = grants(MemorySessions("s")), TOKENS.access(7, "s")
    assert await door.authenticate(token)
    assert await door.authenticate(token)


async def test_a_storm_is_checked_by_the_batch() -> None:
    sessions = MemorySessions("s")
    door = grants(sessions)
    asks = [door.authenticate(TOKENS.ticket(n, "s")) for n in range(1, 1001)]
    assert all(await asyncio.gather(*asks))
    assert sessions.questions <= 6


async def test_a_session_that_ended_opens_nothing_and_spends_nothing() -> None:
    sessions = MemorySessions()
    assert await grants(sessions).authenticate(TOKENS.ticket(7, "s")) is None
    assert not sessions.spent


async def test_a_revoked_session_is_refused_without_a_question() -> None:
    sessions, revocations = MemorySessions("s"), Revocations(900, 0)
    revocations.add(["s"])
    assert await grants(sessions, revocations).authenticate(TOKENS.access(7, "s")) is None
    assert sessions.questions == 0


async def test_rubbish_is_refused_without_a_question() -> None:
    sessions = MemorySessions("s")
    assert await grants(sessions).authenticate("rubbish") is None
    assert sessions.questions == 0


async def test_a_session_that_ended_is_reported_once_and_known_to_requests() -> None:
    sessions, revocations = MemorySessions("s"), Revocations(900, 0)
    door = grants(sessions, revocations)
    sessions.closed = frozenset({"s"})
    assert (await door.revoked(None)).sessions == {"s"}
    assert (await door.revoked("mark")).sessions == frozenset()
    assert revocations.is_revoked("s")


async def test_a_database_that_is_away_is_told_apart_from_a_bad_token() -> None:
    sessions = MemorySessions("s")
    sessions.is_down = True
    with pytest.raises(LogUnavailable):
        await grants(sessions).authenticate(TOKENS.access(7, "s"))
    with pytest.raises(LogUnavailable):
        await grants(sessions).revoked(None)
