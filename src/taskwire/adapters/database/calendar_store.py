"""Calendars in the database: accounts with their sealed secrets, runs, notes and channels."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    delete,
    exists,
    insert,
    or_,
    select,
    update,
)

from taskwire.adapters.database import calendar_lease as lease
from taskwire.adapters.database import calendar_watch as watch
from taskwire.adapters.database.calendar_pairs import PairWriter
from taskwire.adapters.database.calendar_tables import calendar_accounts as accounts
from taskwire.adapters.database.calendar_tables import calendar_channels as channels
from taskwire.adapters.database.calendar_tables import calendar_consents as consents
from taskwire.adapters.database.calendar_tables import calendar_links as links
from taskwire.adapters.database.calendar_tables import calendar_notes as notes
from taskwire.adapters.database.calendar_tables import calendar_old_events as old_events
from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.tables import tasks
from taskwire.application.calendar.ports import (
    FRESH,
    Account,
    AccountState,
    Attempt,
    Channel,
    Claim,
    Decide,
    Ending,
    Knock,
    LoggedNote,
    OpenChannel,
    RemovalAnswer,
    Seal,
    Written,
)
from taskwire.application.ports import Change
from taskwire.domain.calendar.link import UNPUSHED, Event, LinkState
from taskwire.domain.calendar.steps import NoteKind

CONSENT_LIFETIME = timedelta(minutes=10)
_OVER = (LinkState.GONE.value, LinkState.DETACHED.value)
_UNFINISHED = (LinkState.PENDING_CREATE.value, LinkState.PENDING_DELETE.value)


@dataclass(frozen=True, slots=True)
class DatabaseCalendarStore:
    database: Database
    seal: Seal
    lease_s: float
    tasks_max: int

    # --- consent and connection ----------------------------------------------------------------

    async def begin_consent(self, state: str, attempt: Attempt) -> None:
        digest = _digest(state)
        row = {
            "state_digest": digest,
            "person_id": attempt.person_id,
            "session_id": attempt.session_id,
            "verifier": self.seal.seal(attempt.verifier, f"consent:{digest}"),
            "expires_at": datetime.now(UTC) + CONSENT_LIFETIME,
        }
        await self.database.write(lambda c: c.execute(insert(consents), row))

    async def end_consent(self, state: str) -> Attempt | None:
        digest = _digest(state)
        spent = delete(consents).where(consents.c.state_digest == digest)
        row = await self.database.write(
            lambda c: c.execute(spent.returning(*consents.columns)).one_or_none()
        )
        if row is None or row.expires_at < datetime.now(UTC):
            return None
        verifier = self.seal.open(row.verifier, f"consent:{digest}")
        return None if verifier is None else Attempt(row.person_id, row.session_id, verifier)

    async def connect(self, person_id: int, refresh_token: str | None) -> bool:
        now = datetime.now(UTC)
        fresh: dict[str, Any] = {"state": AccountState.ACTIVE.value, "reason": FRESH, "failures": 0}
        fresh |= {"next_at": now, "backoff_until": None, "leased_until": None, "sync_token": None}
        if refresh_token is not None:
            fresh["refresh_token"] = self.seal.seal(refresh_token, _purpose(person_id))

        def work(connection: Connection) -> bool:
            mine = accounts.c.person_id == person_id
            changing = update(accounts).where(mine)
            if refresh_token is None:
                changing = changing.where(accounts.c.refresh_token.is_not(None))
            # The fence moves: a run with the old grant must not end the new one.
            if connection.execute(changing.values(**fresh, fence=accounts.c.fence + 1)).rowcount:
                # Google drops the channels of a consent that has ended, and says nothing of it.
                connection.execute(delete(channels).where(channels.c.person_id == person_id))
                return True
            if refresh_token is None:
                return False
            connection.execute(insert(accounts), fresh | _blank(person_id, now))
            return True

        return await self.database.write(work)

    async def find(self, person_id: int) -> Account | None:
        return await self.database.read(lambda c: lease.find(c, person_id))

    async def refresh_token(self, person_id: int) -> str | None:
        wanted = select(accounts.c.refresh_token).where(accounts.c.person_id == person_id)
        sealed = await self.database.look(lambda c: c.execute(wanted).scalar_one_or_none())
        if sealed is None:
            return None
        token = self.seal.open(sealed, _purpose(person_id))
        if token is not None and not self.seal.is_current(sealed, _purpose(person_id)):
            mine = and_(accounts.c.person_id == person_id, accounts.c.refresh_token == sealed)
            again = self.seal.seal(token, _purpose(person_id))
            turned = update(accounts).where(mine).values(refresh_token=again)
            await self.database.write(lambda c: c.execute(turned))
        return token

    async def replace_refresh_token(self, claim: Claim, refresh_token: str) -> None:
        sealed = self.seal.seal(refresh_token, _purpose(claim.person_id))
        await self._set(claim, refresh_token=sealed)

    async def disconnect(self, person_id: int, *, forgets_links: bool) -> None:
        values: dict[str, Any] = {"refresh_token": None, "reason": None, "sync_token": None}
        values["state"] = AccountState.DISCONNECTED.value
        forgotten = [channels]
        if forgets_links:
            values["instance"] = secrets.token_hex(16)
            forgotten += [links, old_events]

        def work(connection: Connection) -> None:
            mine = update(accounts).where(accounts.c.person_id == person_id)
            connection.execute(mine.values(**values, fence=accounts.c.fence + 1))
            for table in forgotten:
                connection.execute(delete(table).where(table.c.person_id == person_id))

        await self.database.write(work)

    async def ask_for_sync(self, person_id: int) -> None:
        """Somebody is waiting for it: also when we would have left Google alone for a while."""
        asking = lease.due_now(person_id).values(backoff_until=None)
        await self.database.write(lambda c: c.execute(asking))

    async def set_with_days(self, person_id: int, *, with_days: bool) -> None:
        def work(connection: Connection) -> None:
            mine = accounts.c.person_id == person_id
            values = {"with_days": with_days, "next_at": datetime.now(UTC)}
            connection.execute(update(accounts).where(mine).values(values))
            theirs = update(links).where(links.c.person_id == person_id)
            connection.execute(theirs.values(pushed_version=UNPUSHED))

        await self.database.write(work)

    async def set_takes_events(self, person_id: int, *, takes_events: bool) -> None:
        values: dict[str, Any] = {"takes_events": takes_events}
        if takes_events:
            values["sync_token"] = None
        await self.database.write(lambda c: c.execute(lease.due_now(person_id).values(values)))

    async def answer_removals(self, person_id: int, answer: RemovalAnswer) -> None:
        asked = and_(
            accounts.c.person_id == person_id,
            accounts.c.state == AccountState.MANY_REMOVED.value,
        )
        values = {"state": AccountState.ACTIVE.value, "removals": answer.value, "reason": None}
        going_on = update(accounts).where(asked)
        going_on = going_on.values(**values, next_at=datetime.now(UTC), leased_until=None)
        await self.database.write(lambda c: c.execute(going_on))

    # --- runs ----------------------------------------------------------------------------------

    async def due(self, limit: int) -> Sequence[int]:
        return await self.database.look(lambda c: lease.due(c, limit))

    async def claim(self, person_id: int) -> Claim | None:
        return await self.database.write(lambda c: lease.claim(c, person_id, self.lease_s))

    async def renew(self, claim: Claim) -> None:
        await self.database.write(lambda c: lease.hold(c, claim))

    async def release(self, claim: Claim, ending: Ending) -> Sequence[Change]:
        return await self.database.write(lambda c: lease.release(c, claim, ending))

    async def set_calendar(self, claim: Claim, calendar_id: str) -> Claim:
        instance = secrets.token_hex(16)

        def work(connection: Connection) -> None:
            lease.hold(connection, claim)
            for table in (links, old_events, channels):
                connection.execute(delete(table).where(table.c.person_id == claim.person_id))
            values = {"calendar_id": calendar_id, "sync_token": None, "instance": instance}
            mine = accounts.c.person_id == claim.person_id
            connection.execute(update(accounts).where(mine).values(values))

        await self.database.write(work)
        account = replace(claim.account, calendar_id=calendar_id)
        return replace(claim, account=account, instance=instance, sync_token=None)

    async def forget_sync_token(self, claim: Claim) -> None:
        await self._set(claim, sync_token=None)

    async def living_events(self, person_id: int) -> Mapping[str, LinkState]:
        wanted = select(links.c.event_id, links.c.state).where(
            links.c.person_id == person_id, links.c.state.not_in(_OVER)
        )
        rows = await self.database.look(lambda c: c.execute(wanted).all())
        return {row.event_id: LinkState(row.state) for row in rows}

    async def own_events(self, person_id: int) -> Sequence[str]:
        wanted = select(links.c.event_id).where(
            links.c.person_id == person_id,
            links.c.state.not_in(_OVER),
            links.c.is_theirs.is_(False),
        )
        return await self.database.look(lambda c: c.execute(wanted).scalars().all())

    async def receive(
        self,
        claim: Claim,
        events: Sequence[tuple[Event, Decide]],
        sync_token: str | None = None,
    ) -> Written:
        return await self.database.write(
            lambda connection: PairWriter(connection, claim, self.tasks_max).receive(
                events, sync_token
            )
        )

    async def decide(self, claim: Claim, task_id: int, decide: Decide) -> Written:
        return await self.database.write(
            lambda connection: PairWriter(connection, claim, self.tasks_max).decide(task_id, decide)
        )

    async def waiting(self, claim: Claim, limit: int) -> Sequence[int]:
        return await self.database.read(lambda connection: _waiting(connection, claim, limit))

    async def _set(self, claim: Claim, **values: object) -> None:
        def work(connection: Connection) -> None:
            lease.hold(connection, claim)
            mine = accounts.c.person_id == claim.person_id
            connection.execute(update(accounts).where(mine).values(values))

        await self.database.write(work)

    # --- notes ---------------------------------------------------------------------------------

    async def notes(self, person_id: int, limit: int) -> Sequence[LoggedNote]:
        wanted = _NOTES.where(notes.c.person_id == person_id).order_by(notes.c.id.desc())
        rows = await self.database.look(lambda c: c.execute(wanted.limit(limit)).all())
        return [_note(row) for row in rows]

    async def find_note(self, person_id: int, note_id: int) -> LoggedNote | None:
        wanted = _NOTES.where(notes.c.person_id == person_id, notes.c.id == note_id)
        row = await self.database.look(lambda c: c.execute(wanted).one_or_none())
        return None if row is None else _note(row)

    async def close_note(self, person_id: int, note_id: int) -> None:
        closing = (
            update(notes)
            .where(notes.c.person_id == person_id, notes.c.id == note_id)
            .values(is_open=False)
        )
        await self.database.write(lambda c: c.execute(closing))

    # --- channels ------------------------------------------------------------------------------

    async def begin_channel(self, claim: Claim, channel: Channel) -> None:
        await self.database.write(lambda c: watch.begin(c, claim, channel))

    async def open_channel(self, channel_id: str, opened: OpenChannel) -> None:
        await self.database.write(lambda c: watch.open_it(c, channel_id, opened))

    async def channels(self, person_id: int) -> Sequence[tuple[str, str]]:
        return await self.database.look(lambda c: watch.open_ones(c, person_id))

    async def heard(self, knock: Knock) -> bool:
        if not await self.database.look(lambda c: watch.is_ours(c, knock)):
            return False
        await self.database.write(lambda c: watch.heard(c, knock))
        return True


_NOTES = select(notes, tasks.c.title).outerjoin(tasks, tasks.c.id == notes.c.task_id)


def _waiting(connection: Connection, claim: Claim, limit: int) -> Sequence[int]:
    tied = exists().where(links.c.person_id == claim.person_id, links.c.task_id == tasks.c.id)
    dated: ColumnElement[bool] = tasks.c.due_at.is_not(None)
    if claim.account.with_days:
        dated = or_(dated, tasks.c.due_on.is_not(None))
    untied = select(tasks.c.id).where(
        tasks.c.owner_id == claim.person_id,
        tasks.c.deleted_at.is_(None),
        tasks.c.is_completed.is_(False),
        dated,
        ~tied,
    )
    unfinished = (
        select(links.c.task_id)
        .outerjoin(tasks, tasks.c.id == links.c.task_id)
        .where(
            links.c.person_id == claim.person_id,
            or_(
                links.c.state.in_(_UNFINISHED),
                links.c.inflight.is_not(None),
                links.c.pushed_version < tasks.c.version,
                and_(tasks.c.id.is_(None), links.c.state != LinkState.GONE.value),
            ),
        )
        .order_by(links.c.attempts, links.c.task_id)
        .limit(limit)
    )
    first = connection.execute(unfinished).scalars().all()
    rest = untied.order_by(tasks.c.id).limit(max(limit - len(first), 0))
    return [*first, *connection.execute(rest).scalars().all()]


def _note(row: Row[*tuple[Any, ...]]) -> LoggedNote:
    return LoggedNote(
        id=row.id,
        task_id=row.task_id,
        task_title=row.title,
        kind=NoteKind(row.kind),
        changed=row.changed,
        kept=row.kept,
        lost=row.lost,
        at=row.at,
        is_open=row.is_open,
    )


def _blank(person_id: int, now: datetime) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "instance": secrets.token_hex(16),
        "with_days": True,
        "removals": RemovalAnswer.ASK.value,
        "done_seq": 0,
        "pulled": 0,
        "pushed": 0,
        "fence": 0,
        "created_at": now,
    }


def _purpose(person_id: int) -> str:
    return f"calendar:{person_id}"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
