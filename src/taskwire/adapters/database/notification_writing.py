"""The one place where notifications come into being, in the transaction of whatever they tell of.

Whoever carries them further (to a phone, by e-mail) adds its rows here, in the same transaction:
so nothing is sent that is not committed, and nothing committed is forgotten.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from taskwire.adapters.database.delivery_rows import add_deliveries
from taskwire.adapters.database.events import NOTIFICATION_COLUMNS, notification_of
from taskwire.adapters.database.row_and_event import Origin, append_events
from taskwire.adapters.database.sql import dialect_of, statement, with_now
from taskwire.adapters.database.tables import notifications
from taskwire.application.channels import notifications_channel
from taskwire.application.ports import Change
from taskwire.application.representation import notification_json, numbered_frame
from taskwire.domain.notification import News, Notification

NOTIFICATION_COLUMNS_SQL = ", ".join(NOTIFICATION_COLUMNS)
NOTIFICATION_TYPES = {name: notifications.columns[name].type for name in NOTIFICATION_COLUMNS}

_ADD = statement(
    f"""
    INSERT INTO notifications (person_id, kind, title, body, task_id, created_at, occasion)
    VALUES (:person_id, :kind, :title, :body, :task_id, {{now}}, :occasion)
    ON CONFLICT (task_id, kind, occasion) WHERE occasion IS NOT NULL DO NOTHING
    RETURNING {NOTIFICATION_COLUMNS_SQL}""",
    NOTIFICATION_TYPES,
)


def write_notifications(
    connection: Connection, news: Iterable[tuple[int, News]]
) -> tuple[Change, ...]:
    """Write news by person, with its events; what was told before (see News) is left out."""
    written: dict[str, list[Notification]] = defaultdict(list)
    people: dict[str, int] = {}
    for person_id, one in news:
        notification = _add(connection, person_id, one)
        if notification is not None:
            channel = notifications_channel(person_id)
            people[channel] = person_id
            written[channel].append(notification)
    add_deliveries(connection, {people[channel]: told for channel, told in written.items()})
    # The counters last, and several of them in the order of their channels: nobody waits in a ring.
    changes: list[Change] = []
    for channel in sorted(written):
        origin = Origin(people[channel], channel, None)
        changes += append_notifications(
            connection, origin, "notification_created", written[channel]
        )
    return tuple(changes)


def append_notifications(
    connection: Connection, origin: Origin, kind: str, changed: Sequence[Notification]
) -> tuple[Change, ...]:
    """Tell in the log of rows that were written."""
    images = [notification_json(notification) for notification in changed]
    _, first = append_events(connection, origin, kind, images)
    return tuple(
        Change(origin.channel, seq, numbered_frame(kind, seq, origin.op, image))
        for seq, image in enumerate(images, start=first)
    )


def _add(connection: Connection, person_id: int, news: News) -> Notification | None:
    given = {"person_id": person_id, "kind": news.kind, "title": news.title, "body": news.body}
    given |= {"task_id": news.task_id, "occasion": news.occasion}
    added = connection.execute(_ADD[dialect_of(connection)], with_now(given))
    row = added.mappings().one_or_none()
    return None if row is None else notification_of(row)
