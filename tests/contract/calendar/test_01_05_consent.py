"""Scenarios 1 to 5: the way to Google and back, and how long what comes from there is good for."""

from dataclasses import replace
from typing import cast

import pytest
from sqlalchemy import func, select

from taskwire.adapters.database.calendar_tables import calendar_accounts, calendar_consents
from taskwire.adapters.database.connection import Database, open_database
from taskwire.adapters.security.sealing import KeySeal
from taskwire.application.calendar.accounts import ConsentOutcome, ForeignConsentError
from taskwire.application.calendar.ports import AccountState, CalendarError
from taskwire.application.calendar.session import AccessCache
from taskwire.application.ports import SessionStore
from tests.calendar_world.dump import dumped, shows
from tests.calendar_world.world import KEY, World, at, consent_query, open_world
from tests.contract.calendar.stories import NINE, dentist, many
from tests.fake_google.google import APP_CREATED
from tests.fakes.memory_sessions import MemorySessions


async def _sealed(database: Database) -> bytes:
    found = select(calendar_accounts.c.refresh_token)
    return cast("bytes", await database.read(lambda c: c.execute(found).scalar_one()))


async def _consents_begun(database: Database) -> int:
    counted = select(func.count()).select_from(calendar_consents)
    return cast("int", await database.read(lambda c: c.execute(counted).scalar_one()))


def _given_token(world: World) -> str:
    grant = world.google.accounts.grant
    assert grant is not None, "somebody said yes"
    return grant.refresh_token


# --- 1 ------------------------------------------------------------------------------------------


async def test_01_a_consent_connects_once_and_keeps_its_token_sealed(
    stranger: World, database: Database
) -> None:
    assert await stranger.consent() is ConsentOutcome.CONNECTED
    account = await stranger.account()
    assert account.state is AccountState.ACTIVE
    assert await _consents_begun(database) == 0, "the verifier is spent"

    sealed, token = await _sealed(database), _given_token(stranger)
    assert token.encode() not in sealed
    assert KeySeal((KEY,)).open(sealed, f"calendar:{stranger.person_id}") == token
    other = KeySeal(("another key of thirty-two bytes or more",))
    assert other.open(sealed, f"calendar:{stranger.person_id}") is None


async def test_01_a_code_is_worth_nothing_without_its_verifier(stranger: World) -> None:
    begun = await stranger.accounts.begin(stranger.who)
    back = stranger.google.accounts.consent(consent_query(begun.url), APP_CREATED)
    with pytest.raises(CalendarError, match="invalid_grant"):
        await stranger.consents.exchange(consent_query(back)["code"], "a guess" * 9)


async def test_01_a_sealed_token_opens_for_its_person_alone_and_moves_to_a_new_key() -> None:
    sealed = KeySeal((KEY,)).seal("1//0token", "calendar:1")
    assert KeySeal((KEY,)).open(sealed, "calendar:2") is None
    turned = KeySeal(("a newer key of thirty-two bytes or more", KEY))
    assert turned.open(sealed, "calendar:1") == "1//0token"
    assert not turned.is_current(sealed, "calendar:1")


async def test_01_no_dump_of_the_database_shows_a_token(database_url: str) -> None:
    database = open_database(database_url, pool_size=2)
    async with open_world(database) as world:
        await world.connect()
        await dentist(world)
        world.google.accounts.expire_accesses()
        await world.run()
        begun = await world.accounts.begin(world.who)
    dump = dumped(database_url)
    await database.close()
    assert shows(dump, "Dentist"), "it is the right database, and written out"
    issued = world.google.accounts.issued
    assert len(issued) == 5, "a code, a refresh token, and three access tokens"
    assert [one[:8] for one in [*issued, begun.state] if shows(dump, one)] == []


# --- 2 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "cookie"), [("wrong", None), (None, "wrong"), (None, ""), ("", "")]
)
async def test_02_an_answer_with_another_state_is_refused(
    stranger: World, state: str | None, cookie: str | None
) -> None:
    begun = await stranger.accounts.begin(stranger.who)
    back = stranger.google.accounts.consent(consent_query(begun.url), APP_CREATED)
    answer = consent_query(back) | ({} if state is None else {"state": state})
    with pytest.raises(ForeignConsentError):
        await stranger.accounts.come_back(answer, begun.state if cookie is None else cookie)
    assert await stranger.store.find(stranger.person_id) is None


async def test_02_an_answer_is_good_once(stranger: World) -> None:
    begun = await stranger.accounts.begin(stranger.who)
    answer = consent_query(stranger.google.accounts.consent(consent_query(begun.url), None))
    assert await stranger.accounts.come_back(answer, begun.state) is ConsentOutcome.DENIED
    with pytest.raises(ForeignConsentError):
        await stranger.accounts.come_back(answer, begun.state)


async def test_02_an_answer_to_a_session_that_has_ended_is_refused(stranger: World) -> None:
    begun = await stranger.accounts.begin(stranger.who)
    answer = consent_query(stranger.google.accounts.consent(consent_query(begun.url), APP_CREATED))
    signed_out = replace(stranger.accounts, sessions=cast("SessionStore", MemorySessions()))
    with pytest.raises(ForeignConsentError):
        await signed_out.come_back(answer, begun.state)
    assert await stranger.store.find(stranger.person_id) is None


async def test_02_who_says_no_is_told_so_and_nothing_is_stored(stranger: World) -> None:
    assert await stranger.consent(granted=None) is ConsentOutcome.DENIED
    assert await stranger.store.find(stranger.person_id) is None


# --- 3 ------------------------------------------------------------------------------------------


async def test_03_with_less_than_was_asked_for_nothing_is_stored(stranger: World) -> None:
    assert await stranger.consent("openid") is ConsentOutcome.BOX_NOT_TICKED
    assert await stranger.store.find(stranger.person_id) is None
    grant = stranger.google.accounts.grant
    assert grant is not None
    assert not grant.is_alive, "and it is given back"


async def test_03_without_a_lasting_token_there_is_no_connection(stranger: World) -> None:
    stranger.google.accounts.withholds_refresh_token = True
    assert await stranger.consent() is ConsentOutcome.NO_REFRESH_TOKEN
    assert await stranger.store.find(stranger.person_id) is None


async def test_03_a_token_that_is_there_is_kept_when_no_new_one_comes(world: World) -> None:
    world.google.accounts.withholds_refresh_token = True
    kept = await world.store.refresh_token(world.person_id)
    assert await world.consent() is ConsentOutcome.CONNECTED
    assert await world.store.refresh_token(world.person_id) == kept


# --- 4 ------------------------------------------------------------------------------------------


async def test_04_an_access_token_that_ends_in_the_middle_is_renewed_once(world: World) -> None:
    await world.run()
    await many(world, 3)
    before = world.google.accounts.refresh_count
    world.line.before("POST", world.google.accounts.expire_accesses, number=2)
    await world.run()
    assert world.google.accounts.refresh_count == before + 1
    assert len(world.ours()) == 3, "the call that it met was made again"
    await world.assert_alike()


async def test_04_two_workers_at_once_renew_once(database: Database) -> None:
    async with open_world(database, lease_s=60) as world:
        await world.connect()
        await world.add("Dentist", due_at=at(NINE))
        other = replace(world.sync, cache=AccessCache(lambda: 0.0))
        # At the same moment, and not only in the same gather: one may be done before the other asks.
        world.line.before("POST", lambda: other.run(world.person_id))
        await world.run()
        assert world.google.accounts.refresh_count == 1
        await world.assert_alike()


# --- 5 ------------------------------------------------------------------------------------------


async def test_05_a_revoked_grant_stops_everything_and_a_new_one_resumes(world: World) -> None:
    task_id = await dentist(world)
    event_id = world.event().id
    world.google.accounts.end_grant()
    await world.run()
    assert (await world.account()).state is AccountState.NEEDS_CONSENT
    assert world.heard.states()[-1]["state"] == "needs_consent", "open pages say so at once"
    assert world.heard.news()[-1]["kind"] == "sync_failed", "and phones, where nobody looks"
    calls = len(world.google.log)
    await world.run()
    assert len(world.google.log) == calls, "nobody knocks at a closed door"

    assert len(world.heard.news()) == 2, "once"
    await world.change(task_id, title="Dentist, later")
    await world.connect()
    await world.assert_alike()
    assert world.event().id == event_id
    assert world.event().fields["summary"] == "Dentist, later"
