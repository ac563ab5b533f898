"""Notifications in the database."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from sqlalchemy import Connection

from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.events import notification_of
from taskwire.adapters.database.notification_writing import (
    NOTIFICATION_COLUMNS_SQL,
    NOTIFICATION_TYPES,
    append_notifications,
)
from taskwire.adapters.database.row_and_event import (
    Origin,
    RowAndEvent,
    find_answer,
    remember,
)
from taskwire.adapters.database.sql import dialect_of, statement, with_now
from taskwire.adapters.database.tables import notifications
from taskwire.adapters.database.task_rows import find_place
from taskwire.application.channels import notifications_channel
from taskwire.application.ports import (
    Answer,
    Change,
    KeyTaken,
    Missing,
    NotificationSnapshot,
    WriteKey,
)
from taskwire.application.representation import notification_json
from taskwire.domain.notification import Notification

LISTED_MAX = 500
"""The newest this many are shown; older ones stay in the database."""

_READ_ONE = RowAndEvent(
    """
    UPDATE notifications SET read_at = {now}
    WHERE id = :id AND person_id = :owner_id AND read_at IS NULL""",
    notifications,
    "notification_update",
    200,
)
_READ_MANY = statement(
    f"""
    UPDATE notifications SET read_at = {{now}}
    WHERE id IN (SELECT id FROM notifications WHERE person_id = :person_id AND read_at IS NULL
                 ORDER BY id LIMIT :limit)
    RETURNING {NOTIFICATION_COLUMNS_SQL}""",
    NOTIFICATION_TYPES,
)
_FIND = statement(
    f"SELECT {NOTIFICATION_COLUMNS_SQL} FROM notifications WHERE id = :id AND person_id = :person_id",
    NOTIFICATION_TYPES,
)
_LIST = statement(
    f"""
    SELECT {NOTIFICATION_COLUMNS_SQL} FROM notifications WHERE person_id = :person_id
    ORDER BY id DESC LIMIT :limit""",
    NOTIFICATION_TYPES,
)
_UNREAD = statement(
    "SELECT count(*) FROM notifications WHERE person_id = :person_id AND read_at IS NULL"
)


@dataclass(frozen=True, slots=True)
class DatabaseNotificationStore:
    database: Database

    async def snapshot(self, person_id: int) -> NotificationSnapshot:
        return await self.database.read(lambda connection: _snapshot(connection, person_id))

    async def mark_read(
        self, person_id: int, notification_id: int, write: WriteKey | None
    ) -> Answer | Missing | KeyTaken:
        origin = Origin(person_id, notifications_channel(person_id), write)
        given = {"id": notification_id, "owner_id": person_id}
        explain = partial(_unmarked, notification_id=notification_id, origin=origin)
        return await _READ_ONE.run(self.database, given, origin, explain)

    async def mark_some_read(
        self, person_id: int, limit: int, read_before: int, write: WriteKey | None
    ) -> Answer | KeyTaken:
        origin = Origin(person_id, notifications_channel(person_id), write)
        return await self.database.write(
            lambda connection: _mark_some_read(connection, origin, limit, read_before)
        )


def _unmarked(connection: Connection, notification_id: int, origin: Origin) -> Answer | Missing:
    given = {"id": notification_id, "person_id": origin.person_id}
    row = connection.execute(_FIND[dialect_of(connection)], given).mappings().one_or_none()
    if row is None:
        return Missing()
    place = find_place(connection, origin.channel)
    image = notification_json(notification_of(row))
    remember(connection, origin, status=200, kind="notification_update", image=image, seq=place.seq)
    return Answer(200, image, place.epoch, place.seq)


def _mark_some_read(
    connection: Connection, origin: Origin, limit: int, read_before: int
) -> Answer | KeyTaken:
    remembered = find_answer(connection, origin)
    if remembered is not None:
        return remembered
    given = with_now({"person_id": origin.person_id, "limit": limit})
    rows = connection.execute(_READ_MANY[dialect_of(connection)], given).mappings()
    changed = sorted((notification_of(row) for row in rows), key=lambda n: n.id)
    changes: tuple[Change, ...] = ()
    if changed:
        changes = append_notifications(connection, origin, "notification_update", changed)
    place = find_place(connection, origin.channel)
    read = read_before + len(changed)
    body = orjson.dumps({"read": read, "unread": _unread(connection, origin.person_id)})
    if len(changed) < limit:  # the last of several transactions under one key is the answer
        remember(connection, origin, status=200, kind="read_all", image=body, seq=place.seq)
    return Answer(200, body, place.epoch, place.seq, changes)


def _unread(connection: Connection, person_id: int) -> int:
    given = {"person_id": person_id}
    counted: int = connection.execute(_UNREAD[dialect_of(connection)], given).scalar_one()
    return counted


def _snapshot(connection: Connection, person_id: int) -> NotificationSnapshot:
    place = find_place(connection, notifications_channel(person_id))
    given: dict[str, Any] = {"person_id": person_id, "limit": LISTED_MAX}
    rows = connection.execute(_LIST[dialect_of(connection)], given)
    items = [notification_json(Notification(*row)) for row in rows]
    return NotificationSnapshot(items, place.epoch, place.seq, _unread(connection, person_id))
