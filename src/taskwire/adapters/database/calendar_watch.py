"""Channels through which Google says that a calendar changed: asked for, opened, heard.

A channel is written down before Google hears of it, since its first message may come before the
answer that opens it; what has no resource is one that nobody has answered for yet.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from taskwire.adapters.database import calendar_lease as lease
from taskwire.adapters.database.calendar_tables import calendar_channels as channels
from taskwire.application.calendar.ports import Channel, Claim, Knock, OpenChannel

UNANSWERED_LIFETIME = timedelta(hours=1)


def begin(connection: Connection, claim: Claim, channel: Channel) -> None:
    lease.hold(connection, claim)
    row = {
        "id": channel.id,
        "person_id": claim.person_id,
        "secret_digest": _digest(channel.secret),
        "expires_at": datetime.now(UTC) + UNANSWERED_LIFETIME,
    }
    connection.execute(insert(channels), row)


def open_it(connection: Connection, channel_id: str, opened: OpenChannel) -> None:
    values = {"resource_id": opened.resource_id, "expires_at": opened.expires_at}
    connection.execute(update(channels).where(channels.c.id == channel_id).values(values))


def open_ones(connection: Connection, person_id: int) -> Sequence[tuple[str, str]]:
    wanted = select(channels.c.id, channels.c.resource_id).where(
        channels.c.person_id == person_id, channels.c.resource_id.is_not(None)
    )
    return [(row.id, row.resource_id) for row in connection.execute(wanted)]


def is_ours(connection: Connection, knock: Knock) -> bool:
    """Only looks: whoever guesses at our door takes nothing of the writer's time."""
    wanted = select(channels).where(channels.c.id == knock.channel_id)
    row = connection.execute(wanted).one_or_none()
    if row is None or not hmac.compare_digest(row.secret_digest, _digest(knock.secret)):
        return False
    return knock.resource_id != "" and row.resource_id in (None, knock.resource_id)


def heard(connection: Connection, knock: Knock) -> None:
    wanted = select(channels).where(channels.c.id == knock.channel_id)
    row = connection.execute(wanted).one_or_none()
    if row is None:
        return
    if row.resource_id is None:  # the answer that should have told us is late, or lost
        end = knock.expires_at or row.expires_at
        open_it(connection, knock.channel_id, OpenChannel(knock.resource_id, end))
    if not knock.is_first:
        connection.execute(lease.due_now(row.person_id))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
