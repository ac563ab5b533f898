"""What a person's digest is about, read when it is sent: what was done since is not in it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from taskwire.adapters.database.events import NOTIFICATION_COLUMNS
from taskwire.adapters.database.tables import notifications, tasks
from taskwire.application.delivery_ports import Digest, DueTask
from taskwire.domain.notification import Notification
from taskwire.domain.time_zone import instant_of

TASKS_LISTED_MAX = 50
UNREAD_LISTED_MAX = 20

_NEWS = [notifications.c[name] for name in NOTIFICATION_COLUMNS]


def read_digest(connection: Connection, person_id: int, day: date, zone: tzinfo) -> Digest:
    due = _due_until(
        person_id, instant_of(datetime.combine(day + timedelta(days=1), time()), zone), day
    )
    listed = (
        select(tasks.c.title, tasks.c.due_at, tasks.c.due_on)
        .where(due)
        .order_by(func.coalesce(tasks.c.due_at, tasks.c.due_on), tasks.c.id)
        .limit(TASKS_LISTED_MAX)
    )
    unread = and_(notifications.c.person_id == person_id, notifications.c.read_at.is_(None))
    newest = select(*_NEWS).where(unread).order_by(notifications.c.id.desc())
    return Digest(
        day=day,
        tasks=[DueTask(*row) for row in connection.execute(listed)],
        tasks_count=_count(connection, due),
        unread=[Notification(*row) for row in connection.execute(newest.limit(UNREAD_LISTED_MAX))],
        unread_count=_count(connection, unread),
    )


def _due_until(person_id: int, midnight: datetime, day: date) -> ColumnElement[bool]:
    return and_(
        tasks.c.owner_id == person_id,
        tasks.c.deleted_at.is_(None),
        tasks.c.is_completed.is_(False),
        or_(tasks.c.due_at < midnight, tasks.c.due_on <= day),
    )


def _count(connection: Connection, which: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).where(which)).scalar_one()
