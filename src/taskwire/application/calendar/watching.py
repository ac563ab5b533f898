"""Google knocks when something changed, if it can reach us. Polling is the base, this saves time."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from enum import Enum, auto

from taskwire.application.calendar.ports import CalendarError, Calendars, Channel
from taskwire.application.calendar.session import Session

LIFETIME_S = 7 * 86400
RENEWED_BEFORE_END = timedelta(days=1)


class Watch(Enum):
    NONE = auto()
    NEW = auto()
    """What changed between our look and the channel's first moment, nobody told us."""
    ON = auto()


async def keep_watching(
    session: Session, calendars: Calendars, calendar_id: str, webhook_url: str | None
) -> Watch:
    """Have a channel that lives on for a while.

    Channels cannot be renewed or listed: a new one is made in time, and written down before Google
    hears of it, because its first message may come before the answer.
    """
    if webhook_url is None:
        return Watch.NONE
    now, end = datetime.now(UTC), session.claim.channel_expires_at
    watch = Watch.ON if end is not None and end > now else Watch.NONE
    is_ending = end is None or end <= now + RENEWED_BEFORE_END
    if not is_ending or session.claim.is_watch_tried:
        return watch
    channel = Channel(secrets.token_hex(16), secrets.token_urlsafe(32), webhook_url, LIFETIME_S)
    await session.store.begin_channel(session.claim, channel)
    try:
        opened = await session.call(lambda access: calendars.watch(access, calendar_id, channel))
    except CalendarError:  # the poll does without
        return watch
    await session.store.open_channel(channel.id, opened)
    return watch if watch is Watch.ON else Watch.NEW
