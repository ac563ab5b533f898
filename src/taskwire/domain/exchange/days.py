"""Days and moments as tables have them, whatever the language of the people."""

from __future__ import annotations

import re
from datetime import date, datetime, tzinfo

from taskwire.domain.errors import InvalidError
from taskwire.domain.time_zone import check_time_zone, zone_named

LENGTH_MAX = 64
MONTHS = 12

_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
_MOMENT = re.compile(r"(\S+)[ T]+(\d{1,2}):(\d{2})(?::\d{2})?")


def read_day(text: str) -> date | None:
    """`2026-11-24`, `2026/11/24`, `24.11.2026`, `24/11/2026`; None when it is no day.

    The day comes first, as nearly everywhere. A second number beyond 12 can only be a day, so
    that `11/24/2026` is understood too; raises ValueError for a day that no calendar has.
    """
    match = _YEAR_FIRST.fullmatch(text)
    if match:
        return date(int(match[1]), int(match[2]), int(match[3]))
    match = _DAY_FIRST.fullmatch(text)
    if match is None:
        return None
    day, month, year = int(match[1]), int(match[3]), int(match[4])
    if month > MONTHS:
        day, month = month, day
    return date(year, month, day)


def read_moment(text: str, zone: tzinfo) -> datetime:
    """An instant as ISO 8601 writes it, or a day and a time of that zone; raises ValueError."""
    if len(text) > LENGTH_MAX:
        raise ValueError(text[:LENGTH_MAX])
    match = _MOMENT.fullmatch(text)
    if match:
        day = read_day(match[1])
        if day is not None:
            return datetime(day.year, day.month, day.day, int(match[2]), int(match[3]), tzinfo=zone)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def known_zone(name: str) -> tzinfo | None:
    """The zone of that name; None when there is none. The name comes from a stranger's file."""
    try:
        return zone_named(check_time_zone(name))
    except InvalidError:
        return None
