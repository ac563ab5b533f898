"""What changed at Google comes in: a list of changes, or of everything when there is no token.

A dead token is no reason to forget anything. The full list is merged into the ties and bases that
are there, and what it does not name is looked at one by one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from taskwire.application.calendar.ports import (
    CalendarError,
    Calendars,
    CalendarStore,
    Decide,
    Page,
    RemovalAnswer,
)
from taskwire.application.calendar.session import Session
from taskwire.application.ports import Hints
from taskwire.domain.calendar import receiving
from taskwire.domain.calendar.brake import is_mass_removal
from taskwire.domain.calendar.link import Event, LinkState
from taskwire.domain.calendar.steps import Landed, Pair, Read, Verdict
from taskwire.domain.calendar.troubles import Trouble

PAGES_MAX = 200
_UNSENT = LinkState.PENDING_CREATE
EVENTS_PER_COMMIT = 50


class ManyRemovedError(Exception):
    """So many events disappeared at once that the person is asked first."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


@dataclass(slots=True)
class Pull:
    session: Session
    store: CalendarStore
    calendars: Calendars
    hints: Hints
    calendar_id: str
    pause_s: float

    async def run(self) -> int:
        """Merge everything that changed; to how many tasks that means something."""
        claim = self.session.claim
        events, token, is_full = await self._list()
        states = await self.store.living_events(claim.person_id)
        if is_full:
            seen = {event.id for event in events}
            unseen = [one for one in states if one not in seen and states[one] is not _UNSENT]
            self._brake(unseen, len(states))
            events = [*events, *[await self._look_at(event_id) for event_id in unseen]]
        synced = {event_id for event_id, state in states.items() if state is LinkState.SYNCED}
        removed = [event.id for event in events if event.is_cancelled and event.id in synced]
        self._brake(removed, len(synced))
        return await self._merge(events, token)

    def _brake(self, removed: Sequence[str], linked_count: int) -> None:
        is_asking = self.session.claim.removals is RemovalAnswer.ASK
        if is_asking and is_mass_removal(len(removed), linked_count):
            raise ManyRemovedError(len(removed))

    async def _list(self) -> tuple[list[Event], str | None, bool]:
        token = self.session.claim.sync_token
        if token is not None:
            try:
                return *await self._pages(token), False
            except CalendarError as error:
                if error.trouble not in (Trouble.RESYNC, Trouble.ITEM):
                    raise
            await self.store.forget_sync_token(self.session.claim)
        return *await self._pages(None), True

    async def _pages(self, token: str | None) -> tuple[list[Event], str | None]:
        events: list[Event] = []
        page_token: str | None = None
        for _ in range(PAGES_MAX):
            page = await self._page(token, page_token)
            events += page.events
            page_token = page.next_page
            if page_token is None:
                return events, page.next_sync_token
            await self.store.renew(self.session.claim)
        raise CalendarError(Trouble.UNKNOWN, f"a list of more than {PAGES_MAX} pages")

    async def _page(self, token: str | None, page_token: str | None) -> Page:
        return await self.session.call(
            lambda access: self.calendars.page(access, self.calendar_id, token, page_token)
        )

    async def _look_at(self, event_id: str) -> Event:
        """An event that a full list did not name: deleted, most likely."""
        await asyncio.sleep(self.pause_s)
        try:
            landed: Landed = await self.session.call(
                lambda access: self.calendars.run(access, self.calendar_id, Read(event_id))
            )
        except CalendarError as error:
            if error.trouble is not Trouble.ABSENT:
                raise
            return Event(event_id, "", is_cancelled=True)
        assert landed.event is not None, "reading gives an event"
        return landed.event

    async def _merge(self, events: Sequence[Event], token: str | None) -> int:
        """The token is stored with the last of the changes that it stands for, never before."""
        changed_count = 0
        claim = self.session.claim
        starts = range(0, max(len(events), 1), EVENTS_PER_COMMIT)
        for start in starts:
            batch = [(event, self._decide(event)) for event in events[start:][:EVENTS_PER_COMMIT]]
            is_last = start == starts[-1]
            written = await self.store.receive(claim, batch, token if is_last else None)
            changed_count += sum(bool(one.changes or one.notes) for one in written.verdicts)
            for change in written.changes:
                self.hints.announce(change.channel, change.seq, change.frame)
        return changed_count

    def _decide(self, event: Event) -> Decide:
        return partial(_receive, event, self)


def _receive(event: Event, pull: Pull, pair: Pair) -> Verdict:
    return receiving.receive(pair, event, pull.session.claim.rules)
