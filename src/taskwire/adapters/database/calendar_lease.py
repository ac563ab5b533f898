"""One worker per calendar: a lease by time, and a fence that a worker from before cannot pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Text,
    Update,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)

from taskwire.adapters.database.calendar_tables import calendar_accounts as accounts
from taskwire.adapters.database.calendar_tables import calendar_channels as channels
from taskwire.adapters.database.calendar_tables import calendar_links as links
from taskwire.adapters.database.notification_writing import write_notifications
from taskwire.adapters.database.tables import Instant, streams
from taskwire.application.calendar.ports import (
    Account,
    AccountState,
    Claim,
    Ending,
    LeaseLostError,
    RemovalAnswer,
)
from taskwire.application.channels import tasks_channel
from taskwire.application.ports import Change
from taskwire.domain.calendar.link import LinkState

_ACTIVE = accounts.c.state == AccountState.ACTIVE.value


def hold(connection: Connection, held: Claim) -> None:
    """Prove that the calendar is still ours, and keep it so for another while."""
    until = datetime.now(UTC) + timedelta(seconds=held.lease_s)
    ours = and_(accounts.c.person_id == held.person_id, accounts.c.fence == held.fence)
    if connection.execute(update(accounts).where(ours).values(leased_until=until)).rowcount != 1:
        raise LeaseLostError


def claim(connection: Connection, person_id: int, lease_s: float) -> Claim | None:
    now = datetime.now(UTC)
    free = and_(
        accounts.c.person_id == person_id,
        _ACTIVE,
        or_(accounts.c.leased_until.is_(None), accounts.c.leased_until < now),
    )
    leased = update(accounts).where(free)
    end = now + timedelta(seconds=lease_s)
    leased = leased.values(fence=accounts.c.fence + 1, leased_until=end, next_at=end)
    row = connection.execute(leased.returning(*accounts.columns)).one_or_none()
    if row is None:
        return None
    return Claim(
        account=account_of(row),
        fence=row.fence,
        instance=row.instance,
        sync_token=row.sync_token,
        removals=RemovalAnswer(row.removals),
        lease_s=lease_s,
        head=_head(connection, person_id),
        began_at=now,
        next_at=row.next_at,
        channel_expires_at=_channel_end(connection, person_id),
        is_watch_tried=_is_watch_tried(connection, person_id, now),
    )


def release(connection: Connection, held: Claim, ending: Ending) -> Sequence[Change]:
    hold(connection, held)
    now = datetime.now(UTC)
    next_at = now + timedelta(seconds=ending.next_in_s)
    was_asked = accounts.c.next_at != held.next_at  # while we ran: for what we may not have seen
    values: dict[str, Any] = {
        "state": ending.state.value,
        "reason": ending.reason,
        "leased_until": None,
        "next_at": case((was_asked, literal(now, Instant)), else_=literal(next_at, Instant)),
        "pulled": ending.pulled,
        "pushed": ending.pushed,
        "failures": 0 if ending.is_good else accounts.c.failures + 1,
        "backoff_until": None if ending.is_good else next_at,
    }
    if ending.is_good:
        values |= {"last_sync_at": now, "removals": RemovalAnswer.ASK.value}
    if ending.is_complete:
        values["done_seq"] = held.head
    connection.execute(
        update(accounts).where(accounts.c.person_id == held.person_id).values(values)
    )
    news = [] if ending.news is None else [(held.person_id, ending.news)]
    return write_notifications(connection, news)


def due(connection: Connection, limit: int) -> Sequence[int]:
    """Whose time has come, and whose tasks have moved since: the log says so, no flag is kept."""
    now = datetime.now(UTC)
    channel = literal("user:").concat(cast(accounts.c.person_id, Text)).concat(":tasks")
    wanted = (
        select(accounts.c.person_id)
        .outerjoin(streams, streams.c.channel == channel)
        .where(
            _ACTIVE,
            or_(accounts.c.leased_until.is_(None), accounts.c.leased_until < now),
            or_(accounts.c.backoff_until.is_(None), accounts.c.backoff_until <= now),
            or_(accounts.c.next_at <= now, streams.c.head > accounts.c.done_seq),
        )
        .order_by(accounts.c.next_at)
        .limit(limit)
    )
    return connection.execute(wanted).scalars().all()


def due_now(person_id: int) -> Update:
    """Also for a run that is under way: it has looked already, and there will be one more."""
    mine = update(accounts).where(accounts.c.person_id == person_id)
    return mine.values(next_at=datetime.now(UTC))


def account_of(row: Row[*tuple[Any, ...]]) -> Account:
    return Account(
        person_id=row.person_id,
        state=AccountState(row.state),
        reason=row.reason,
        calendar_id=row.calendar_id,
        with_days=row.with_days,
        takes_events=row.takes_events,
        failures=row.failures,
        last_sync_at=row.last_sync_at,
        pulled=row.pulled,
        pushed=row.pushed,
    )


def find(connection: Connection, person_id: int) -> Account | None:
    row = connection.execute(
        select(accounts).where(accounts.c.person_id == person_id)
    ).one_or_none()
    if row is None:
        return None
    linked = select(func.count()).where(
        links.c.person_id == person_id, links.c.state == LinkState.SYNCED.value
    )
    return replace(account_of(row), linked=connection.execute(linked).scalar_one())


def _head(connection: Connection, person_id: int) -> int:
    found = select(streams.c.head).where(streams.c.channel == tasks_channel(person_id))
    return connection.execute(found).scalar_one_or_none() or 0


def _channel_end(connection: Connection, person_id: int) -> datetime | None:
    found = select(func.max(channels.c.expires_at)).where(
        channels.c.person_id == person_id, channels.c.resource_id.is_not(None)
    )
    end: datetime | None = connection.execute(found).scalar_one()
    return end


def _is_watch_tried(connection: Connection, person_id: int, now: datetime) -> bool:
    unanswered = exists().where(
        channels.c.person_id == person_id,
        channels.c.resource_id.is_(None),
        channels.c.expires_at > now,
    )
    tried: bool = connection.execute(select(unanswered)).scalar_one()
    return tried
