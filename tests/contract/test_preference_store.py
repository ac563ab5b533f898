import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select

from taskwire.adapters.database import tables
from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.preference_store import DatabasePreferenceStore
from taskwire.application.ports import KeyTaken
from taskwire.application.preferences import PreferencesDesk, alter
from taskwire.domain.preferences import Preferences
from taskwire.domain.quiet_hours import QuietHours
from tests.contract.writing import ANN, BEN, answered, key, shown

CHOSEN = Preferences(
    time_zone="Asia/Jerusalem",
    language="he",
    quiet_hours=QuietHours(time(22), time(7)),
    digest_at=time(8, 30),
    switches={"sign_in": {"email": True}},
)


class Heard(list[tuple[str, int | None, bytes]]):
    """What was announced."""

    def announce(self, channel: str, seq: int | None, payload: bytes) -> None:
        self.append((channel, seq, payload))


def desk(store: DatabasePreferenceStore, heard: Heard | None = None) -> PreferencesDesk:
    hints = Heard() if heard is None else heard
    return PreferencesDesk(store, hints, has_email=True, has_push=False)


async def choose(store: DatabasePreferenceStore, chosen: Preferences = CHOSEN) -> None:
    answered(await store.change(ANN, lambda _: chosen, lambda _: b"{}", None))


async def test_whoever_never_chose_has_the_first_settings(
    preferences: DatabasePreferenceStore,
) -> None:
    assert await preferences.find(ANN) == Preferences()


async def test_what_was_chosen_is_kept_and_is_nobody_elses(
    preferences: DatabasePreferenceStore,
) -> None:
    await choose(preferences)
    assert await preferences.find(ANN) == CHOSEN
    assert await preferences.find(BEN) == Preferences()


async def test_a_change_is_a_merge_and_answers_the_whole(
    preferences: DatabasePreferenceStore,
) -> None:
    await choose(preferences)
    given = {"language": "en", "quiet_hours": None, "channels": {"sign_in": {"push": False}}}
    told = shown(await desk(preferences).change(ANN, given, None))
    assert (told["language"], told["quiet_hours"], told["digest_at"]) == ("en", None, "08:30")
    assert told["channels"]["sign_in"] == {"page": True, "push": False, "email": True}
    assert (told["email_available"], told["push_available"]) == (True, False)
    assert await desk(preferences).read(ANN) == (await desk(preferences).change(ANN, {}, None)).body


async def test_a_change_is_told_to_their_other_devices_by_a_word_without_a_number(
    preferences: DatabasePreferenceStore,
) -> None:
    heard = Heard()
    await desk(preferences, heard).change(ANN, {"language": "he"}, None)
    frame = b'{"type":"preferences_update","data":{}}'
    assert heard == [("user:1:notifications", None, frame)]


async def test_two_changes_at_once_are_both_kept(preferences: DatabasePreferenceStore) -> None:
    kinds = list(Preferences().channels)
    changes = [{"channels": {kind: {"email": True}}} for kind in kinds]
    await asyncio.gather(*(desk(preferences).change(ANN, given, None) for given in changes))
    known = await preferences.find(ANN)
    assert [kind for kind in kinds if known.wants(kind, "email")] == kinds


async def test_a_repeated_request_is_answered_as_the_first_and_changes_nothing_more(
    preferences: DatabasePreferenceStore,
) -> None:
    first = await desk(preferences).change(ANN, {"language": "he"}, key("k"))
    await desk(preferences).change(ANN, {"language": "en"}, None)
    again = await desk(preferences).change(ANN, {"language": "he"}, key("k"))
    assert again.body == first.body
    assert (await preferences.find(ANN)).language == "en"
    taken = await preferences.change(ANN, lambda p: p, lambda _: b"", key("k", "another"))
    assert taken == KeyTaken()


async def next_digest(database: Database) -> datetime | None:
    wanted = select(tables.preferences.c.digest_next_at)
    return await database.look(lambda c: c.execute(wanted).scalar_one())


async def test_the_next_digest_follows_the_time_and_the_zone(
    preferences: DatabasePreferenceStore, database: Database
) -> None:
    await choose(preferences)
    at = await next_digest(database)
    assert at is not None
    assert at.astimezone(CHOSEN.zone).time() == time(8, 30)
    assert datetime.now(UTC) < at <= datetime.now(UTC) + timedelta(days=1)
    await choose(preferences, replace(CHOSEN, time_zone="Asia/Tokyo"))
    moved = await next_digest(database)
    assert moved is not None
    assert moved != at
    await choose(preferences, alter(CHOSEN, {"digest_at": None}))
    assert await next_digest(database) is None
