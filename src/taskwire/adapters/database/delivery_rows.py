"""What is to be sent, written in the transaction of the notification that it tells of.

So a notification without its deliveries cannot be, whatever dies when.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from taskwire.adapters.database.preference_store import PREFERENCE_COLUMNS, preferences_of
from taskwire.adapters.database.tables import deliveries, preferences, push_subscriptions
from taskwire.domain.delivery import send_at
from taskwire.domain.notification import Notification
from taskwire.domain.preferences import EMAIL, PUSH, Preferences

DIGEST = "digest"
"""Beside the kinds of notifications: the mail of a day."""


@dataclass(slots=True)
class _Wishes:
    preferences: Preferences = field(default_factory=Preferences)
    browsers: list[int] = field(default_factory=list)


def add_deliveries(connection: Connection, written: Mapping[int, Sequence[Notification]]) -> None:
    """Write what is to be sent about these, by person, on the roads that each chose.

    Two questions and one statement, for however many people.
    """
    now = datetime.now(UTC)
    wishes = _wishes_of(connection, list(written))
    rows = [
        row
        for person_id, notifications in written.items()
        for told in notifications
        for row in _rows(person_id, told, wishes[person_id], now)
    ]
    if rows:
        connection.execute(insert(deliveries), rows)


def add_digest(connection: Connection, person_id: int, day: date, due_at: datetime) -> None:
    row = _row(person_id, EMAIL, DIGEST, due_at) | {"day": day}
    connection.execute(insert(deliveries), row)


def _wishes_of(connection: Connection, person_ids: Sequence[int]) -> Mapping[int, _Wishes]:
    wishes: dict[int, _Wishes] = defaultdict(_Wishes)
    chosen = select(preferences.c.person_id, *PREFERENCE_COLUMNS)
    for row in connection.execute(chosen.where(preferences.c.person_id.in_(person_ids))):
        wishes[row.person_id].preferences = preferences_of(row)
    browsers = select(push_subscriptions.c.person_id, push_subscriptions.c.id)
    theirs = browsers.where(push_subscriptions.c.person_id.in_(person_ids))
    for subscription in connection.execute(theirs):
        wishes[subscription.person_id].browsers.append(subscription.id)
    return wishes


def _rows(
    person_id: int, told: Notification, wishes: _Wishes, now: datetime
) -> Iterator[dict[str, Any]]:
    due_at = send_at(told.kind, wishes.preferences, now)
    about = {"notification_id": told.id}
    if wishes.preferences.wants(told.kind, PUSH):
        for browser in wishes.browsers:
            row = _row(person_id, PUSH, told.kind, due_at)
            yield row | about | {"subscription_id": browser}
    if wishes.preferences.wants(told.kind, EMAIL):
        yield _row(person_id, EMAIL, told.kind, due_at) | about


def _row(person_id: int, channel: str, kind: str, due_at: datetime) -> dict[str, Any]:
    row = {"person_id": person_id, "channel": channel, "kind": kind, "due_at": due_at}
    nothing = {"notification_id": None, "subscription_id": None, "day": None}
    return row | nothing | {"attempts": 0, "created_at": datetime.now(UTC)}
