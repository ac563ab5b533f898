"""What a person does with their calendar: connect, look, choose, ask for a sync, disconnect."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from taskwire.application.calendar.ports import (
    AccountState,
    Attempt,
    CalendarError,
    Calendars,
    CalendarStore,
    Consents,
    LoggedNote,
    RemovalAnswer,
)
from taskwire.application.calendar.representation import read_state, tell_state
from taskwire.application.ports import Claims, Hints, SessionStore
from taskwire.application.tasks import Tasks
from taskwire.domain.calendar.steps import Remove
from taskwire.domain.errors import InvalidError, NotFoundError
from taskwire.domain.task import FieldValue

DISCONNECT_WAIT_S = 20.0
REMOVALS_AT_ONCE = 5
_SECRET_BYTES = 32


class ConsentOutcome(StrEnum):
    """What the page says after the person came back from Google."""

    CONNECTED = "connected"
    DENIED = "denied"
    BOX_NOT_TICKED = "box_not_ticked"
    NO_REFRESH_TOKEN = "no_refresh_token"  # noqa: S105 - an outcome, not a token
    FAILED = "failed"


class ForeignConsentError(InvalidError):
    """The answer from Google does not belong to a consent that was begun in this browser."""

    code = "foreign_consent"


@dataclass(frozen=True, slots=True)
class Begun:
    """`state` is also kept in a cookie: whoever comes back must be who went."""

    url: str
    state: str


@dataclass(frozen=True, slots=True)
class CalendarChoice:
    """What is synced; None: as before."""

    with_days: bool | None = None
    takes_events: bool | None = None


@dataclass(frozen=True, slots=True)
class _Goodbye:
    """What is to be ended at Google, read before it is forgotten here."""

    calendar_id: str | None
    event_ids: tuple[str, ...]
    channels: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CalendarAccounts:
    store: CalendarStore
    consents: Consents
    calendars: Calendars
    sessions: SessionStore
    tasks: Tasks
    hints: Hints

    async def begin(self, who: Claims) -> Begun:
        state, verifier = secrets.token_urlsafe(_SECRET_BYTES), secrets.token_urlsafe(48)
        await self.store.begin_consent(state, Attempt(who.person_id, who.session_id, verifier))
        return Begun(self.consents.address(state, verifier), state)

    async def come_back(self, answer: Mapping[str, str], cookie: str | None) -> ConsentOutcome:
        """Raises ForeignConsentError when the answer is nobody's; then nothing was stored."""
        attempt = await self._attempt(answer.get("state", ""), cookie or "")
        if "code" not in answer:
            is_denied = answer.get("error") == "access_denied"
            return ConsentOutcome.DENIED if is_denied else ConsentOutcome.FAILED
        try:
            grant = await self.consents.exchange(answer["code"], attempt.verifier)
        except CalendarError:
            return ConsentOutcome.FAILED
        if self.consents.needed_scope not in grant.scopes:
            with contextlib.suppress(CalendarError):
                await self.consents.revoke(grant.refresh_token or grant.access.token)
            return ConsentOutcome.BOX_NOT_TICKED
        if not await self.store.connect(attempt.person_id, grant.refresh_token):
            return ConsentOutcome.NO_REFRESH_TOKEN
        await tell_state(self.store, self.hints, attempt.person_id)
        return ConsentOutcome.CONNECTED

    async def _attempt(self, state: str, cookie: str) -> Attempt:
        message = "This answer from Google was not asked for here. Connect again from the page."
        if not state or not hmac.compare_digest(state.encode(), cookie.encode()):
            raise ForeignConsentError(message)
        attempt = await self.store.end_consent(state)
        if attempt is None or not await self.sessions.living([attempt.session_id]):
            raise ForeignConsentError(message)
        return attempt

    async def read(self, person_id: int) -> bytes:
        return await read_state(self.store, person_id)

    async def sync_now(self, person_id: int) -> None:
        """The worker looks for it within moments; the row is the request."""
        account = await self.store.find(person_id)
        if account is None or account.state is not AccountState.ACTIVE:
            raise NotFoundError("No calendar is connected.")
        await self.store.ask_for_sync(person_id)

    async def choose(
        self, person_id: int, chosen: CalendarChoice, removals: RemovalAnswer | None
    ) -> bytes:
        if chosen.with_days is not None:
            await self.store.set_with_days(person_id, with_days=chosen.with_days)
        if chosen.takes_events is not None:
            await self.store.set_takes_events(person_id, takes_events=chosen.takes_events)
        if removals is not None:
            await self.store.answer_removals(person_id, removals)
        await tell_state(self.store, self.hints, person_id)
        return await self.read(person_id)

    async def settle(self, person_id: int, note_id: int, *, takes_other: bool) -> bytes:
        """End a conflict; with `takes_other` the value that lost is written into the task."""
        note = await self.store.find_note(person_id, note_id)
        if note is None or not note.is_open:
            raise NotFoundError
        if takes_other:
            change = _as_change(note)
            await self.tasks.change(person_id, note.task_id, change, None, None)
        await self.store.close_note(person_id, note_id)
        await tell_state(self.store, self.hints, person_id)
        return await self.read(person_id)

    async def disconnect(self, person_id: int, *, deletes_events: bool) -> None:
        """Here it ends at once and in any case; at Google as far as it can be reached in time."""
        refresh_token = await self.store.refresh_token(person_id)
        goodbye = await self._goodbye(person_id, deletes_events=deletes_events)
        await self.store.disconnect(person_id, forgets_links=deletes_events)
        await tell_state(self.store, self.hints, person_id)
        if refresh_token is None:
            return
        with contextlib.suppress(TimeoutError, CalendarError):
            async with asyncio.timeout(DISCONNECT_WAIT_S):
                await self._say(goodbye, refresh_token)
        with contextlib.suppress(CalendarError):
            await self.consents.revoke(refresh_token)

    async def _goodbye(self, person_id: int, *, deletes_events: bool) -> _Goodbye:
        account = await self.store.find(person_id)
        calendar_id = account.calendar_id if account else None
        events = await self.store.own_events(person_id) if deletes_events else ()
        return _Goodbye(calendar_id, tuple(events), tuple(await self.store.channels(person_id)))

    async def _say(self, goodbye: _Goodbye, refresh_token: str) -> None:
        access = (await self.consents.refresh(refresh_token)).access
        for channel_id, resource_id in goodbye.channels:
            with contextlib.suppress(CalendarError):
                await self.calendars.stop(access, channel_id, resource_id)
        turns = asyncio.Semaphore(REMOVALS_AT_ONCE)

        async def remove(event_id: str) -> None:
            async with turns:
                with contextlib.suppress(CalendarError):
                    step = Remove(event_id, None)
                    await self.calendars.run(access, goodbye.calendar_id or "", step)

        await asyncio.gather(*(remove(event_id) for event_id in goodbye.event_ids))


def _as_change(note: LoggedNote) -> dict[str, FieldValue]:
    """The value that lost, as a change of the task; it was written by `content.shown`."""
    lost = note.lost or ""
    match note.changed:
        case "title":
            return {"title": lost}
        case "notes":
            return {"description": lost}
        case "is_done":
            return {"is_completed": lost == "true"}
        case "slot" if "T" in lost:
            return {"due_at": datetime.fromisoformat(lost)}
        case "slot":
            return {"due_on": date.fromisoformat(lost)}
        case _:
            raise NotFoundError
