"""Drops what a person has too much of: notifications and finished jobs beyond the newest so many.

A client folds the log and never hears of a row that was dropped. So none is dropped unread: it is
read first, with its event, in the same transaction. Whoever resumes from an old cursor then counts
as few unread ones as the snapshot does, and what they hold beyond it is older than any list shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from taskwire.adapters.database.events import Columns, notification_of
from taskwire.adapters.database.notification_writing import (
    NOTIFICATION_COLUMNS_SQL,
    NOTIFICATION_TYPES,
    append_notifications,
)
from taskwire.adapters.database.row_and_event import Origin
from taskwire.adapters.database.sql import dialect_of, statement, with_now
from taskwire.application.channels import notifications_channel
from taskwire.domain.job import JobStatus

DROPPED_AT_ONCE_MAX = 500
"""Rows, and events of a stream, in one transaction: small, so that writers get through."""

_OPEN = ", ".join(f"'{status.value}'" for status in (JobStatus.QUEUED, JobStatus.RUNNING))

_CROWDED = statement("""
    SELECT person_id FROM notifications GROUP BY person_id
    HAVING count(*) > :kept_max LIMIT :limit""")
_NEWEST_TO_DROP = statement("""
    SELECT id FROM notifications WHERE person_id = :person_id
    ORDER BY id DESC LIMIT 1 OFFSET :kept_max""")
_READ = statement(
    f"""
    UPDATE notifications SET read_at = {{now}}
    WHERE id IN (SELECT id FROM notifications WHERE person_id = :person_id AND id <= :newest
                 AND read_at IS NULL ORDER BY id LIMIT :limit)
    RETURNING {NOTIFICATION_COLUMNS_SQL}""",
    NOTIFICATION_TYPES,
)
_DROP = statement("""
    DELETE FROM notifications
    WHERE id IN (SELECT id FROM notifications WHERE person_id = :person_id AND id <= :newest
                 AND read_at IS NOT NULL ORDER BY id LIMIT :limit)""")
_DROP_JOBS = statement(f"""
    DELETE FROM jobs WHERE id IN (
        SELECT id FROM (
            SELECT id, status,
                row_number() OVER (PARTITION BY person_id ORDER BY id DESC) AS place
            FROM jobs) AS placed
        WHERE place > :kept_max AND status NOT IN ({_OPEN})
        LIMIT :limit)""")


def crowded_people(connection: Connection, kept_max: int, limit: int) -> Sequence[int]:
    """Some of those who hold more notifications than `kept_max`."""
    given = {"kept_max": kept_max, "limit": limit}
    return connection.execute(_CROWDED[dialect_of(connection)], given).scalars().all()


def drop_notifications(connection: Connection, person_id: int, kept_max: int) -> bool:
    """Drop some of the oldest; whether there may be more. Told by nobody but the next sweep."""
    dialect = dialect_of(connection)
    given: dict[str, Any] = {"person_id": person_id, "kept_max": kept_max}
    newest = connection.execute(_NEWEST_TO_DROP[dialect], given).scalar_one_or_none()
    if newest is None:
        return False
    old = {"person_id": person_id, "newest": newest, "limit": DROPPED_AT_ONCE_MAX}
    read = connection.execute(_READ[dialect], with_now(old)).mappings().all()
    dropped = connection.execute(_DROP[dialect], old).rowcount
    _tell_as_read(connection, person_id, read)
    return dropped == DROPPED_AT_ONCE_MAX


def drop_jobs(connection: Connection, kept_max: int) -> bool:
    """Drop some that are over; whether there may be more. One that waits or runs is never dropped."""
    given = {"kept_max": kept_max, "limit": DROPPED_AT_ONCE_MAX}
    dropped = connection.execute(_DROP_JOBS[dialect_of(connection)], given).rowcount
    return dropped == DROPPED_AT_ONCE_MAX


def _tell_as_read(connection: Connection, person_id: int, rows: Sequence[Columns]) -> None:
    """The counter is taken last, as everywhere."""
    if rows:
        origin = Origin(person_id, notifications_channel(person_id), None)
        read = sorted((notification_of(row) for row in rows), key=lambda one: one.id)
        append_notifications(connection, origin, "notification_update", read)
