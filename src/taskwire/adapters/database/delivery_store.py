"""Deliveries in the database: claimed for a while, settled, and claimed again when they are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.delivery_rows import DIGEST, add_digest
from taskwire.adapters.database.digest_reading import read_digest
from taskwire.adapters.database.events import NOTIFICATION_COLUMNS
from taskwire.adapters.database.preference_store import PREFERENCE_COLUMNS, preferences_of
from taskwire.adapters.database.tables import (
    deliveries,
    notifications,
    people,
    preferences,
    push_subscriptions,
)
from taskwire.application.delivery_ports import (
    ClaimedDelivery,
    DigestParcel,
    LetterParcel,
    NoParcel,
    Parcel,
    PushKeys,
    PushParcel,
)
from taskwire.domain.delivery import Again, Over, send_at
from taskwire.domain.notification import Notification
from taskwire.domain.preferences import EMAIL, PUSH, Preferences
from taskwire.domain.quiet_hours import next_time

REASON_LENGTH_MAX = 200

_Row = Row[*tuple[Any, ...]]

_DUE = select(deliveries.c.id).order_by(deliveries.c.due_at)

_NEWS = tuple(notifications.c[name].label(f"news_{name}") for name in NOTIFICATION_COLUMNS)
_CLAIMED = (
    select(
        deliveries.c.id,
        deliveries.c.person_id,
        deliveries.c.attempts,
        deliveries.c.channel,
        deliveries.c.kind,
        deliveries.c.day,
        deliveries.c.created_at,
        *PREFERENCE_COLUMNS,
        *_NEWS,
        people.c.email,
        people.c.name,
        push_subscriptions.c.endpoint,
        push_subscriptions.c.p256dh,
        push_subscriptions.c.auth,
    )
    .outerjoin(preferences, preferences.c.person_id == deliveries.c.person_id)
    .outerjoin(notifications, notifications.c.id == deliveries.c.notification_id)
    .outerjoin(people, people.c.id == deliveries.c.person_id)
    .outerjoin(push_subscriptions, push_subscriptions.c.id == deliveries.c.subscription_id)
    .order_by(deliveries.c.id)
)


@dataclass(frozen=True, slots=True)
class DatabaseDeliveryStore:
    """`lease_s` is longer than any attempt to send: only a dead worker's claim runs out."""

    database: Database
    lease_s: int

    async def claim(self, limit: int) -> Sequence[ClaimedDelivery]:
        if not await self.is_any_due():
            return []  # the usual look must not wait for a writer
        now = datetime.now(UTC)
        return await self.database.write(lambda c: self._claim(c, limit, now))

    async def is_any_due(self) -> bool:
        now = datetime.now(UTC)
        return await self.database.look(lambda c: _is_any_due(c, now))

    def _claim(
        self, connection: Connection, limit: int, now: datetime
    ) -> Sequence[ClaimedDelivery]:
        # Two statements: as one, PostgreSQL may ask the inner question again and claim more.
        due = _DUE.where(deliveries.c.due_at <= now).limit(limit)
        numbers = connection.execute(due.with_for_update(skip_locked=True)).scalars().all()
        held = {"due_at": now + timedelta(seconds=self.lease_s)}
        claiming = update(deliveries).where(deliveries.c.id.in_(numbers))
        connection.execute(claiming.values(**held, attempts=deliveries.c.attempts + 1))
        rows = connection.execute(_CLAIMED.where(deliveries.c.id.in_(numbers))).all()
        return [_claimed(connection, row, now) for row in rows]

    async def settle(self, claimed: ClaimedDelivery, verdict: Over | Again) -> None:
        await self.database.write(lambda connection: _settle(connection, claimed, verdict))

    async def start_digests(self, limit: int) -> int:
        now = datetime.now(UTC)
        if not await self.database.look(lambda c: _is_any_digest_due(c, now)):
            return 0
        return await self.database.write(lambda c: _start_digests(c, now, limit))

    async def state(self) -> Mapping[str, float]:
        """How many are due, and since when the oldest: high when nobody sends."""
        now = datetime.now(UTC)
        counted = select(func.count(), func.min(deliveries.c.due_at)).where(
            deliveries.c.due_at <= now
        )
        count, oldest = await self.database.look(lambda c: c.execute(counted).one())
        late_s = (now - oldest).total_seconds() if oldest else 0.0
        return {"deliveries_due": count, "deliveries_late_s": late_s}


def _is_any_due(connection: Connection, now: datetime) -> bool:
    return connection.execute(_DUE.where(deliveries.c.due_at <= now).limit(1)).first() is not None


def _is_any_digest_due(connection: Connection, now: datetime) -> bool:
    due = select(preferences.c.person_id).where(preferences.c.digest_next_at <= now)
    return connection.execute(due.limit(1)).first() is not None


def _claimed(connection: Connection, row: _Row, now: datetime) -> ClaimedDelivery:
    wishes = preferences_of(row)
    parcel = _parcel(connection, row, wishes, now)
    return ClaimedDelivery(
        row.id, row.attempts, row.channel, row.kind, row.created_at, wishes, parcel
    )


def _parcel(connection: Connection, row: _Row, wishes: Preferences, now: datetime) -> Parcel:
    reason = _why_not(row, wishes, now)
    if reason is not None:
        return NoParcel(reason)
    if row.kind == DIGEST:
        digest = read_digest(connection, row.person_id, row.day, wishes.zone)
        is_empty = digest.tasks_count == 0 and digest.unread_count == 0
        return (
            NoParcel("nothing to tell") if is_empty else DigestParcel(row.email, row.name, digest)
        )
    told = Notification(**{name: getattr(row, f"news_{name}") for name in NOTIFICATION_COLUMNS})
    if row.channel == EMAIL:
        return LetterParcel(row.email, told)
    return PushParcel(PushKeys(row.endpoint, row.p256dh, row.auth), told)


def _why_not(row: _Row, wishes: Preferences, now: datetime) -> str | None:
    """Why this need not go out any more, the first reason of them; None: it has to."""
    is_digest = row.kind == DIGEST
    reasons = {
        "the person is gone": row.channel == EMAIL and row.email is None,
        "the subscription is gone": row.channel == PUSH and row.endpoint is None,
        "the notification is gone": not is_digest and row.news_id is None,
        "read meanwhile": row.news_read_at is not None,
        "switched off meanwhile": not _is_wanted(row, wishes),
        "its day is over": is_digest and now.astimezone(wishes.zone).date() > row.day,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _is_wanted(row: _Row, wishes: Preferences) -> bool:
    if row.kind == DIGEST:
        return wishes.digest_at is not None
    return wishes.wants(row.kind, row.channel)


def _settle(connection: Connection, claimed: ClaimedDelivery, verdict: Over | Again) -> None:
    ours = update(deliveries).where(
        deliveries.c.id == claimed.id,
        deliveries.c.attempts == claimed.attempts,
        deliveries.c.due_at.is_not(None),
    )
    reason = verdict.reason and verdict.reason[:REASON_LENGTH_MAX]
    match verdict:
        case Again(at):
            connection.execute(ours.values(due_at=at, reason=reason))
        case Over(outcome):
            over = {"due_at": None, "outcome": outcome, "over_at": datetime.now(UTC)}
            connection.execute(ours.values(**over, reason=reason))
            if outcome == "gone" and isinstance(claimed.parcel, PushParcel):
                endpoint = claimed.parcel.keys.endpoint
                gone = push_subscriptions.c.endpoint == endpoint
                connection.execute(delete(push_subscriptions).where(gone))


def _due_digests(connection: Connection, now: datetime, limit: int) -> Sequence[_Row]:
    due = (
        select(preferences)
        .where(preferences.c.digest_next_at <= now)
        .order_by(preferences.c.digest_next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return connection.execute(due).all()


def _start_digests(connection: Connection, now: datetime, limit: int) -> int:
    """Advance each person's clock and write the day's delivery together: once, whatever dies."""
    started = 0
    for row in _due_digests(connection, now, limit):
        wishes = preferences_of(row)
        day = now.astimezone(wishes.zone).date()
        wakes_at = send_at(DIGEST, wishes, now)
        is_new = (
            wishes.digest_at is not None
            and wakes_at <= now
            and (row.digest_day is None or row.digest_day < day)
        )
        moved = update(preferences).where(preferences.c.person_id == row.person_id)
        last_day = day if is_new else row.digest_day
        next_at = _next_digest(wishes, now, wakes_at)
        connection.execute(moved.values(digest_next_at=next_at, digest_day=last_day))
        if is_new:
            add_digest(connection, row.person_id, day, now)
            started += 1
    return started


def _next_digest(wishes: Preferences, now: datetime, wakes_at: datetime) -> datetime | None:
    """A time within quiet hours means their end: begun before it, a digest would be of yesterday."""
    if wishes.digest_at is None:
        return None
    return wakes_at if wakes_at > now else next_time(wishes.digest_at, wishes.zone, now)
