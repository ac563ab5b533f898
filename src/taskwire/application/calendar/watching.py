"""Google knocks when something changed, if it can reach us. Polling is the base, this saves time."""

from __future__ import annotations

import contextlib
import secrets
from datetime import UTC, datetime, timedelta

from taskwire.application.calendar.ports import CalendarError, Calendars, Channel
from taskwire.application.calendar.session import Session

LIFETIME_S = 7 * 86400
RENEWED_BEFORE_END = timedelta(days=1)


async def keep_watching(
    session: Session, calendars: Calendars, calendar_id: str, webhook_url: str | None
) -> bool:
    """Have a channel that lives on for a while; whether there is one.

    Channels cannot be renewed or listed: a new one is made in time, and written down before Google
    hears of it, because its first message may come before the answer.
    """
    if webhook_url is None:
        return False
    end = session.claim.channel_expires_at
    if end is not None and end > datetime.now(UTC) + RENEWED_BEFORE_END:
        return True
    channel = Channel(secrets.token_hex(16), secrets.token_urlsafe(32), webhook_url, LIFETIME_S)
    await session.store.begin_channel(session.claim, channel)
    with contextlib.suppress(CalendarError):  # the poll does without
        opened = await session.call(lambda access: calendars.watch(access, calendar_id, channel))
        await session.store.open_channel(channel.id, opened)
        return True
    return False
