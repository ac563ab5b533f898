"""The days on which a rule falls, one period after the other. Pure, and never endless.

dateutil's `rrule` is the oracle in the tests and not the engine here: asked for the next day of a
rule that has none (the 53rd week of each June), it searches until the year 9999. This stops at
`HORIZON_YEARS`.

The one exception is BYWEEKNO on the days around New Year that belong to a week of the other year.
dateutil (2.9.0) numbers that week by the wrong year: it puts 1 January 2011 into week 53, and ISO
8601, by which RFC 5545 counts weeks, into week 52 of 2010. There the ISO calendar is the oracle; a
test says so as long as dateutil does.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from taskwire.domain.recurrence import Frequency, Recurrence, Weekday

HORIZON_YEARS = 40
"""A day beyond is no day: 29 February on a Monday comes every 28 years, once a century 40."""

_DAY = timedelta(days=1)
_WEEK_DAYS = 7


def next_day(rule: Recurrence, start: date) -> date | None:
    """The first day of the rule after `start`, which is its first day (DTSTART); None for none."""
    complete = _with_defaults(rule, start)
    last = date(min(start.year + HORIZON_YEARS, date.max.year), 12, 31)
    for first, end in _periods(complete, start, last):
        for day in _days(complete, first, end):
            if day > start:
                return day if day <= last else None
    return None


def _with_defaults(rule: Recurrence, start: date) -> Recurrence:
    """What a rule leaves open, its first day says: `FREQ=MONTHLY` is "on that day of the month"."""
    if rule.weekdays or rule.days_of_month or rule.days_of_year or rule.weeks:
        return rule
    match rule.frequency:
        case Frequency.YEARLY:
            months = rule.months or frozenset({start.month})
            return replace(rule, months=months, days_of_month=frozenset({start.day}))
        case Frequency.MONTHLY:
            return replace(rule, days_of_month=frozenset({start.day}))
        case Frequency.WEEKLY:
            return replace(rule, weekdays=(Weekday(start.weekday()),))
        case Frequency.DAILY:
            return rule


def _periods(rule: Recurrence, start: date, last: date) -> Iterator[tuple[date, date]]:
    """The first and the last day of each day, week, month or year that the interval leaves."""
    match rule.frequency:
        case Frequency.DAILY:
            yield from _stretches(start, last, 1, rule.interval)
        case Frequency.WEEKLY:
            into_week = (start.weekday() - rule.week_start) % _WEEK_DAYS
            begin = date.fromordinal(max(start.toordinal() - into_week, 1))
            yield from _stretches(begin, last, _WEEK_DAYS, _WEEK_DAYS * rule.interval)
        case Frequency.MONTHLY:
            months = range(start.month - 1, (last.year - start.year + 1) * 12, rule.interval)
            for month in months:
                yield _month(start.year + month // 12, month % 12 + 1)
        case Frequency.YEARLY:
            for year in range(start.year, last.year + 1, rule.interval):
                yield date(year, 1, 1), date(year, 12, 31)


def _stretches(begin: date, last: date, length: int, step: int) -> Iterator[tuple[date, date]]:
    for ordinal in range(begin.toordinal(), last.toordinal() + 1, step):
        first = date.fromordinal(ordinal)
        yield first, date.fromordinal(min(ordinal + length - 1, last.toordinal()))


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _days(rule: Recurrence, first: date, end: date) -> list[date]:
    days = [day for day in _each_day(rule, first, end) if _falls_on(rule, day)]
    if not rule.positions:
        return days
    chosen = {position - 1 if position > 0 else position for position in rule.positions}
    return sorted({days[at] for at in chosen if -len(days) <= at < len(days)})


def _each_day(rule: Recurrence, first: date, end: date) -> Iterator[date]:
    """Every day of the period, a month that BYMONTH leaves out in one step."""
    day = first
    while day <= end:
        if rule.months and day.month not in rule.months:
            day = _month(day.year, day.month)[1]
        else:
            yield day
        if day == date.max:
            return
        day += _DAY


def _falls_on(rule: Recurrence, day: date) -> bool:
    return (
        (not rule.weekdays or any(_is_weekday(rule, weekday, day) for weekday in rule.weekdays))
        and (not rule.days_of_month or _counts(rule.days_of_month, day.day, _month_length(day)))
        and (not rule.days_of_year or _counts(rule.days_of_year, _day_of_year(day), _length(day)))
        and (not rule.weeks or _counts(rule.weeks, *_week(rule, day)))
    )


def _counts(wanted: frozenset[int], number: int, total: int) -> bool:
    """Whether the number is wanted, counted from the front or (negative) from the end."""
    return number in wanted or number - total - 1 in wanted


def _is_weekday(rule: Recurrence, wanted: Weekday, day: date) -> bool:
    if day.weekday() != wanted.day:
        return False
    if wanted.nth is None:
        return True
    of_year = rule.frequency is Frequency.YEARLY and not rule.months
    at, length = (_day_of_year(day), _length(day)) if of_year else (day.day, _month_length(day))
    from_front = (at - 1) // _WEEK_DAYS + 1
    from_end = -((length - at) // _WEEK_DAYS + 1)
    return wanted.nth in (from_front, from_end)


def _month_length(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def _day_of_year(day: date) -> int:
    return day.toordinal() - date(day.year, 1, 1).toordinal() + 1


def _length(day: date) -> int:
    return 366 if calendar.isleap(day.year) else 365


def _week(rule: Recurrence, day: date) -> tuple[int, int]:
    """The number of the day's week, and how many weeks that week's year has.

    The first week is the first with four days in the new year, whatever day weeks begin on.
    """
    for year in (day.year + 1, day.year, day.year - 1):
        begin, following = _first_week(rule, year), _first_week(rule, year + 1)
        if begin <= day.toordinal():
            return (day.toordinal() - begin) // _WEEK_DAYS + 1, (following - begin) // _WEEK_DAYS
    raise AssertionError("a day stands in its own year, the one before or the one after")


def _first_week(rule: Recurrence, year: int) -> int:
    """The ordinal of the first day of the year's first week."""
    before = (year - 1) * 365 + (year - 1) // 4 - (year - 1) // 100 + (year - 1) // 400
    fourth = before + 4  # the first week holds 4 January
    return fourth - (fourth - 1 - rule.week_start) % _WEEK_DAYS
