"""Ten broken engines, each found by the trial or by a scenario: a test that was never red proves nothing.

The engine is broken by putting a wrong function in the place of a right one, for one test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import delete

from taskwire.adapters.database import calendar_store
from taskwire.adapters.database.calendar_tables import calendar_links
from taskwire.adapters.google_calendar import client, mapping
from taskwire.application.calendar.pulling import Pull
from taskwire.domain.calendar import receiving, sending
from taskwire.domain.calendar.content import FIELDS, Content
from taskwire.domain.calendar.link import Event, LinkState
from taskwire.domain.calendar.merge import Merged
from taskwire.domain.calendar.steps import Create, Pair, Patch, Rules, Step, Verdict
from tests.calendar_world.inline import InlineDatabase
from tests.calendar_world.trial import try_seed
from tests.calendar_world.world import at, open_world

SEEDS_MAX = 60
Break = Callable[[pytest.MonkeyPatch], None]


def let_google_make_the_ids(patch: pytest.MonkeyPatch) -> None:
    right = mapping.body_of

    def body_of(step: Create) -> mapping.Json:
        return {name: value for name, value in right(step).items() if name != "id"}

    patch.setattr(client, "body_of", body_of)


def keep_no_journal(patch: pytest.MonkeyPatch) -> None:
    right = sending.plan

    def plan(pair: Pair, rules: Rules) -> Verdict:
        verdict = right(pair, rules)
        if verdict.link is None or not isinstance(verdict.step, Patch):
            return verdict
        return replace(verdict, link=replace(verdict.link, inflight=None, base=verdict.step.after))

    patch.setattr(sending, "plan", plan)


def send_without_if_match(patch: pytest.MonkeyPatch) -> None:
    right = client.GoogleCalendars.run

    async def run(self: client.GoogleCalendars, access: object, name: str, step: Step) -> object:
        given = replace(step, etag="") if isinstance(step, Patch) else step
        return await right(self, access, name, given)  # type: ignore[arg-type]

    patch.setattr(client.GoogleCalendars, "run", run)


def let_google_always_win(patch: pytest.MonkeyPatch) -> None:
    def merge(
        _base: object, _inflight: object, _local: Content, remote: Content, *_: object
    ) -> Merged:
        return Merged(remote, ())

    patch.setattr(receiving, "merge", merge)


def merge_whole_records(patch: pytest.MonkeyPatch) -> None:
    """The side that changed anything wins with everything; with both, the last to be seen."""

    def merge(
        base: Content | None, _inflight: object, local: Content, remote: Content, *_: object
    ) -> Merged:
        is_local_new = base is not None and local != base
        is_remote_new = base is not None and remote != base
        return Merged(local if is_local_new and not is_remote_new else remote, ())

    patch.setattr(receiving, "merge", merge)


def mark_as_sent_before_sending(patch: pytest.MonkeyPatch) -> None:
    right = sending.plan

    def plan(pair: Pair, rules: Rules) -> Verdict:
        verdict = right(pair, rules)
        if verdict.link is None or verdict.step is None or pair.task is None:
            return verdict
        sent = verdict.link.inflight or verdict.link.base
        link = replace(verdict.link, base=sent, inflight=None, state=LinkState.SYNCED)
        return replace(verdict, link=replace(link, pushed_version=pair.task.version))

    patch.setattr(sending, "plan", plan)


def keep_the_token_before_the_changes(patch: pytest.MonkeyPatch) -> None:
    right = Pull._merge  # noqa: SLF001 - what is broken is inside

    async def merge(self: Pull, events: list[Event], token: str | None) -> int:
        await self.store.receive(self.session.claim, [], token)
        return await right(self, events, None)

    patch.setattr(Pull, "_merge", merge)


def forget_the_ties_with_the_token(patch: pytest.MonkeyPatch) -> None:
    right = calendar_store.DatabaseCalendarStore.forget_sync_token

    async def forget(self: calendar_store.DatabaseCalendarStore, claim: object) -> None:
        await right(self, claim)  # type: ignore[arg-type]
        await self.database.write(lambda c: c.execute(delete(calendar_links)))

    patch.setattr(calendar_store.DatabaseCalendarStore, "forget_sync_token", forget)


def look_at_nothing_that_a_full_list_left_out(patch: pytest.MonkeyPatch) -> None:
    async def living(_self: object, _person_id: int) -> dict[str, LinkState]:
        return {}

    patch.setattr(calendar_store.DatabaseCalendarStore, "living_events", living)


# Which seed finds it at once; when the engine has changed so much that it does not, another one may.
FOUND_BY: dict[Break, int] = {
    let_google_make_the_ids: 0,
    keep_no_journal: 6,
    send_without_if_match: 13,
    let_google_always_win: 0,
    merge_whole_records: 0,
    mark_as_sent_before_sending: 4,
    keep_the_token_before_the_changes: 3,
    forget_the_ties_with_the_token: 1,
}


@pytest.mark.parametrize("break_it", FOUND_BY)
async def test_a_broken_engine_is_found(break_it: Break, monkeypatch: pytest.MonkeyPatch) -> None:
    break_it(monkeypatch)
    database = InlineDatabase()
    for seed in (FOUND_BY[break_it], *range(SEEDS_MAX)):
        for is_disjoint in (True, False):
            try:
                await try_seed(database, seed, is_disjoint=is_disjoint)
            except Exception:  # noqa: BLE001 - whatever it breaks, it was found
                await database.close()
                return
            database = await _afresh(database)
    pytest.fail("no seed found it")


async def _afresh(database: InlineDatabase) -> InlineDatabase:
    """A seed is a person, and the first one comes again."""
    await database.close()
    return InlineDatabase()


async def test_sending_all_fields_would_flatten_a_formatted_description(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The tenth: an unrelated new title must leave alone how somebody formatted the description."""
    assert await _formatting_survives()
    monkeypatch.setattr(mapping, "changed_fields", lambda _before, _after: list(FIELDS))
    assert not await _formatting_survives()


async def _formatting_survives() -> bool:
    database = InlineDatabase()
    async with open_world(database) as world:
        await world.connect()
        task_id = await world.add(due_at=at("2026-12-01T09:00:00Z"))
        await world.run()
        world.edit_there(world.event().id, description="<b>bold</b>")
        await world.run()
        await world.change(task_id, title="Another")
        await world.run()
        kept = bool(world.event().fields["description"] == "<b>bold</b>")
    await database.close()
    return kept


async def test_a_deletion_that_google_forgot_is_found_by_looking(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The ninth: with the token died the tombstone, and the full list just leaves the event out."""
    assert await _notes_after_a_purge() == ["removed_there"]
    look_at_nothing_that_a_full_list_left_out(monkeypatch)
    assert await _notes_after_a_purge() == []


async def _notes_after_a_purge() -> list[str]:
    database = InlineDatabase()
    async with open_world(database) as world:
        await world.connect()
        await world.add(due_at=at("2026-12-01T09:00:00Z"))
        await world.run()
        world.delete_there(world.event().id)
        world.google.events(world.calendar_id).touch_all_tokens(purges=True)
        await world.run()
        kinds = await world.note_kinds()
    await database.close()
    return kinds
