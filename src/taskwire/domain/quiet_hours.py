"""When nobody wants to be called: wall-clock times in a person's zone. Pure; the time comes in.

A wall clock shows an hour twice in autumn and leaves one out in spring. `end_of_quiet` answers an
instant at which the hours are over, and one that lies ahead, on those days too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from taskwire.domain.errors import InvalidError

_TIME_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begin` to `end`, over midnight when `end` is the earlier one."""

    begin: time
    end: time

    def holds_at(self, wall: time) -> bool:
        if self.begin < self.end:
            return self.begin <= wall < self.end
        return wall >= self.begin or wall < self.end


def check_time_of_day(value: str, *, name: str) -> time:
    match = _TIME_OF_DAY.fullmatch(value)
    if match is None:
        raise InvalidError(f"{name} is a time of day from 00:00 to 23:59, as HH:MM.")
    return time(int(match[1]), int(match[2]))


def check_quiet_hours(begin: str, end: str) -> QuietHours:
    hours = QuietHours(
        check_time_of_day(begin, name="quiet_hours.from"),
        check_time_of_day(end, name="quiet_hours.to"),
    )
    if hours.begin == hours.end:
        raise InvalidError("quiet_hours: from and to may not be the same time.")
    return hours


def end_of_quiet(hours: QuietHours | None, zone: tzinfo, now: datetime) -> datetime:
    """The first instant from `now` on at which a call is welcome, in UTC."""
    here = now.astimezone(zone)
    if hours is None or not hours.holds_at(here.time()):
        return now.astimezone(UTC)
    return next_time(hours.end, zone, now)


def next_time(wall: time, zone: tzinfo, now: datetime) -> datetime:
    """The first instant after `now` at which a clock in `zone` shows `wall`, in UTC.

    A time that the clock skips counts as if it had not been put forward, as RFC 5545 has it.
    """
    today = now.astimezone(zone).date()
    ahead = (
        instant
        for day in (today, today + timedelta(days=1))
        for instant in _showings(day, wall, zone)
        if instant > now
    )
    return next(ahead)


def _showings(day: date, wall: time, zone: tzinfo) -> tuple[datetime, ...]:
    """When a clock shows this time on this day: twice in the hour that is lived twice."""
    at = datetime.combine(day, wall, zone)
    first, second = at.astimezone(UTC), at.replace(fold=1).astimezone(UTC)
    return (first, second) if second > first else (first,)
