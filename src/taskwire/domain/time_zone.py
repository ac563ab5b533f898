"""What the clock on a person's wall says, and which instant it means."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from taskwire.domain.errors import InvalidError

_NAME = re.compile(r"[A-Za-z0-9_+-]{1,30}(/[A-Za-z0-9_+-]{1,30}){0,2}")


def check_time_zone(name: str) -> str:
    """The name, or InvalidError when the world's list of zones does not have it."""
    if _zone(name) is None:
        raise InvalidError("time_zone is a name like Asia/Jerusalem.")
    return name


def zone_named(name: str | None) -> tzinfo:
    """The zone; UTC for a person who never said where they are, and for one that this machine's list has lost since."""
    return (name and _zone(name)) or UTC


def _zone(name: str) -> tzinfo | None:
    if not _NAME.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder of zones
        return None


def wall_clock(instant: datetime, zone: tzinfo) -> datetime:
    """The naive date and time that a clock in `zone` shows."""
    try:
        return instant.astimezone(zone).replace(tzinfo=None)
    except OverflowError:  # the first and the last day that a computer knows
        return instant.replace(tzinfo=None)


def instant_of(wall: datetime, zone: tzinfo) -> datetime:
    """The instant at which a clock in `zone` shows `wall`.

    A time that the clocks jump over in spring comes an hour later; one that they show twice in
    autumn is the first of the two (RFC 5545, 3.3.5).
    """
    try:
        return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    except OverflowError:
        return wall.replace(tzinfo=UTC)
