"""What changed here goes out, one task at a time: decide and write down, send, write down."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from taskwire.application.calendar.ports import (
    CalendarError,
    Calendars,
    CalendarStore,
    Decide,
)
from taskwire.application.calendar.session import Session
from taskwire.application.ports import Hints
from taskwire.domain.calendar import sending
from taskwire.domain.calendar.steps import (
    Create,
    Outcome,
    Read,
    Refused,
    Result,
    Step,
    Verdict,
)
from taskwire.domain.calendar.troubles import Trouble

ROUNDS_MAX = 6
"""A task that somebody keeps changing under our hands is left for the next run after these."""

FAILURES_IN_A_ROW_MAX = 3

_RESULTS: dict[Trouble, Outcome] = {
    Trouble.UNKNOWN: Outcome.UNKNOWN,
    Trouble.TAKEN: Outcome.TAKEN,
    Trouble.STALE: Outcome.STALE,
    Trouble.ABSENT: Outcome.ABSENT,
    Trouble.RESYNC: Outcome.ABSENT,
    Trouble.FORBIDDEN: Outcome.FORBIDDEN,
}
# A create that finds no calendar, or may not write into it, says something about the calendar.
_OF_THE_CALENDAR = (Trouble.ABSENT, Trouble.FORBIDDEN)


@dataclass(frozen=True, slots=True)
class Pushed:
    written_count: int
    is_complete: bool
    trouble: CalendarError | None


@dataclass(slots=True)
class Push:
    session: Session
    store: CalendarStore
    calendars: Calendars
    hints: Hints
    calendar_id: str
    pause_s: float
    written_count: int = 0

    async def run(self, items_max: int) -> Pushed:
        """Raises CalendarError for what stops the whole calendar, after noting how far it got."""
        failed: CalendarError | None = None
        failures = 0
        task_ids = await self.store.waiting(self.session.claim, items_max)
        for task_id in task_ids:
            error = await self._push(task_id)
            failures = failures + 1 if error else 0
            failed = error or failed
            if failures >= FAILURES_IN_A_ROW_MAX:
                break
        is_complete = failed is None and len(task_ids) < items_max
        return Pushed(self.written_count, is_complete, failed)

    async def _push(self, task_id: int) -> CalendarError | None:
        """An error that concerns this task alone; it is tried again in the next run."""
        verdict = await self._decide(task_id, self._plan)
        for _ in range(ROUNDS_MAX):
            step = verdict.step
            if step is None and not verdict.changes and verdict.old_event_id is None:
                return None
            if step is None:
                verdict = await self._decide(task_id, self._plan)
                continue
            result, error = await self._perform(step)
            verdict = await self._decide(task_id, self._follow(step, result))
            if result is Outcome.NOT_RUN and error is not None:
                raise error
            if result is Outcome.UNKNOWN:
                return error
        return None

    async def _decide(self, task_id: int, decide: Decide) -> Verdict:
        written = await self.store.decide(self.session.claim, task_id, decide)
        for change in written.changes:
            self.hints.announce(change.channel, change.seq, change.frame)
        return written.verdicts[0]

    @property
    def _plan(self) -> Decide:
        rules = self.session.claim.rules
        return lambda pair: sending.plan(pair, rules)

    def _follow(self, step: Step, result: Result) -> Decide:
        rules = self.session.claim.rules
        return lambda pair: sending.follow(pair, step, result, rules)

    async def _perform(self, step: Step) -> tuple[Result, CalendarError | None]:
        try:
            landed = await self.session.call(
                lambda access: self.calendars.run(access, self.calendar_id, step)
            )
        except CalendarError as error:
            return _result_of(step, error), error
        if not isinstance(step, Read):
            self.written_count += 1
        await asyncio.sleep(self.pause_s)
        return landed, None


def _result_of(step: Step, error: CalendarError) -> Result:
    if isinstance(step, Create) and error.trouble in _OF_THE_CALENDAR:
        return Outcome.NOT_RUN
    if error.trouble is Trouble.ITEM:
        return Refused(error.reason)
    return _RESULTS.get(error.trouble, Outcome.NOT_RUN)
