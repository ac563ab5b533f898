"""One run for one person: claim, pull, push, and say how it went.

Safe to call twice, anywhere, at any time: the lease lets one in, and everything that a run does
follows from what the database and Google say, never from what an earlier run remembered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from taskwire.application.calendar.news import is_in_step, stands_still
from taskwire.application.calendar.ports import (
    FRESH,
    AccountState,
    CalendarError,
    Calendars,
    CalendarStore,
    Claim,
    Consents,
    Ending,
    LeaseLostError,
)
from taskwire.application.calendar.pulling import ManyRemovedError, Pull
from taskwire.application.calendar.pushing import Push
from taskwire.application.calendar.representation import tell_state
from taskwire.application.calendar.session import AccessCache, Session
from taskwire.application.calendar.watching import Watch, keep_watching
from taskwire.application.ports import Hints
from taskwire.domain.calendar.troubles import Trouble, backoff_s

CALENDAR_TITLE = "Taskwire"

_STATES: dict[Trouble, AccountState] = {
    Trouble.SIGN_IN: AccountState.NEEDS_CONSENT,
    Trouble.SCOPE: AccountState.NEEDS_CONSENT,
    Trouble.ABSENT: AccountState.MISSING,
    Trouble.FORBIDDEN: AccountState.READ_ONLY,
}
"""What a trouble of the whole calendar makes of the account; all others are waited out."""


@dataclass(frozen=True, slots=True)
class SyncBounds:
    items_per_run_max: int
    writes_per_s: float
    poll_interval_s: float
    watched_poll_interval_s: float
    runs_at_once_max: int
    webhook_url: str | None
    """Where Google may knock; None when this server cannot be reached by https."""

    @property
    def pause_s(self) -> float:
        return 1 / self.writes_per_s


@dataclass(frozen=True, slots=True)
class CalendarSync:
    store: CalendarStore
    consents: Consents
    calendars: Calendars
    hints: Hints
    cache: AccessCache
    bounds: SyncBounds
    chance: Callable[[], float]

    async def run_due(self) -> None:
        """Run the calendars whose time has come, some of them at once."""
        due = await self.store.due(self.bounds.runs_at_once_max)
        await self.run_all(due)

    async def run_all(self, person_ids: Sequence[int]) -> None:
        runs = [self.run(person_id) for person_id in person_ids]
        faults = [
            fault
            for fault in await asyncio.gather(*runs, return_exceptions=True)
            if isinstance(fault, BaseException)
        ]
        if faults:  # the others have run; the lease of this one ends by itself
            raise faults[0]

    async def run(self, person_id: int) -> None:
        claim = await self.store.claim(person_id)
        if claim is None:
            return
        try:
            ending = await self._told(claim, await self._run(claim))
            changes = await self.store.release(claim, ending)
        except LeaseLostError:
            return
        for change in changes:
            self.hints.announce(change.channel, change.seq, change.frame)
        is_news = ending.pulled + ending.pushed > 0 or ending.state is not AccountState.ACTIVE
        if is_news or not ending.is_good or claim.account.failures or claim.account.reason:
            await tell_state(self.store, self.hints, person_id)

    async def _told(self, claim: Claim, ending: Ending) -> Ending:
        if not ending.is_good:
            return replace(ending, news=stands_still(ending.state))
        if claim.account.reason != FRESH:
            return ending
        if not ending.is_complete:
            return replace(ending, reason=FRESH)
        linked = await self.store.living_events(claim.person_id)
        return replace(ending, news=is_in_step(len(linked)))

    async def _run(self, claim: Claim) -> Ending:
        session = Session(claim, self.store, self.consents, self.cache)
        try:
            return await self._pull_and_push(session)
        except ManyRemovedError as many:
            state = AccountState.MANY_REMOVED
            return Ending(state, str(many.count), 0, is_good=False, is_complete=False)
        except CalendarError as error:
            return self._ending_of(claim, error)

    async def _pull_and_push(self, session: Session) -> Ending:
        calendar_id = await self._calendar_of(session)
        common = (session, self.store, self.calendars, self.hints, calendar_id)
        pulled = await Pull(*common, self.bounds.pause_s).run()
        pushed = await Push(*common, self.bounds.pause_s).run(self.bounds.items_per_run_max)
        watch = await keep_watching(session, self.calendars, calendar_id, self.bounds.webhook_url)
        if pushed.trouble is not None:
            ending = self._ending_of(session.claim, pushed.trouble)
            return replace(ending, pulled=pulled, pushed=pushed.written_count)
        return Ending(
            AccountState.ACTIVE,
            None,
            self._next_in_s(watch) if pushed.is_complete else 0,
            is_good=True,
            is_complete=pushed.is_complete,
            pulled=pulled,
            pushed=pushed.written_count,
        )

    async def _calendar_of(self, session: Session) -> str:
        """Our own calendar; after a consent it may be another person's Google that we see."""
        calendar_id = session.claim.account.calendar_id
        if calendar_id is not None:
            known = calendar_id
            is_fresh = session.claim.account.reason == FRESH
            if not is_fresh or await session.call(lambda one: self.calendars.exists(one, known)):
                return calendar_id
        made = await session.call(lambda one: self.calendars.make(one, CALENDAR_TITLE))
        session.claim = await self.store.set_calendar(session.claim, made)
        return made

    def _ending_of(self, claim: Claim, error: CalendarError) -> Ending:
        state = _STATES.get(error.trouble, AccountState.ACTIVE)
        trouble = Trouble.UNKNOWN if error.trouble is Trouble.RESYNC else error.trouble
        wait_s = backoff_s(trouble, claim.account.failures, self.chance(), error.retry_after_s)
        return Ending(state, error.trouble.value, wait_s, is_good=False, is_complete=False)

    def _next_in_s(self, watch: Watch) -> float:
        """Spread, so that a thousand calendars do not ask in the same second."""
        base_s = {
            Watch.NONE: self.bounds.poll_interval_s,
            Watch.NEW: 0.0,
            Watch.ON: self.bounds.watched_poll_interval_s,
        }[watch]
        return base_s * (1 + self.chance())
