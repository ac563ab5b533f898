"""How a task repeats: the part of RFC 5545's RRULE that makes sense for days.

The time of day is the task's own, so a rule says days only: nothing below DAILY, no BYHOUR. Where
the RFC and the field's libraries disagree (positions in a week, numbered weekdays of a week), the
rule is refused instead of being guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from taskwire.domain.errors import InvalidError

RECURRENCE_LENGTH_MAX = 500
INTERVAL_MAX = 1000
COUNT_MAX = 10_000
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

_BYDAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_NUMBER = re.compile(r"[+-]?[0-9]{1,5}")
_COUNT_PART = re.compile(r"COUNT=([0-9]+)")


class RecurrenceFrom(StrEnum):
    """What the next occurrence is counted from."""

    DUE = "due"
    COMPLETION = "completion"


class Frequency(StrEnum):
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


@dataclass(frozen=True, slots=True)
class Weekday:
    """Monday is 0; `nth` counts within the month or year, from its end when negative."""

    day: int
    nth: int | None = None


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule as read. `until` is a date, a time on the wall, or an instant, as it was written."""

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: date | datetime | None = None
    weekdays: tuple[Weekday, ...] = ()
    days_of_month: frozenset[int] = frozenset()
    days_of_year: frozenset[int] = frozenset()
    weeks: frozenset[int] = frozenset()
    months: frozenset[int] = frozenset()
    positions: frozenset[int] = frozenset()
    week_start: int = 0


def check_recurrence(text: str) -> str:
    """The rule in the form it is kept in; raises InvalidError that names what is wrong."""
    if len(text) > RECURRENCE_LENGTH_MAX:
        raise InvalidError(f"recurrence may have at most {RECURRENCE_LENGTH_MAX} characters.")
    written = text.strip().upper().removeprefix("RRULE:")
    read_recurrence(written)
    return written


def read_recurrence(written: str) -> Recurrence:
    parts = _parts(written)
    if "FREQ" not in parts:
        raise InvalidError("recurrence begins with how often, for example FREQ=WEEKLY.")
    read = {_FIELDS[name]: _READERS[name](name, value) for name, value in parts.items()}
    rule = Recurrence(**read)
    _refuse_contradictions(rule)
    return rule


def count_down(written: str) -> str | None:
    """The rule for the task after this one; None when this one was the last that COUNT allows."""
    match = _COUNT_PART.search(written)
    if match is None:
        return written
    left = int(match[1]) - 1
    return written[: match.start(1)] + str(left) + written[match.end(1) :] if left else None


def _parts(written: str) -> Mapping[str, str]:
    parts: dict[str, str] = {}
    for part in written.removesuffix(";").split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value or name not in _READERS:
            raise InvalidError(f"recurrence: {part[:40]!r} is not understood.")
        if name in parts:
            raise InvalidError(f"recurrence: {name} stands there twice.")
        parts[name] = value
    return parts


def _refuse_contradictions(rule: Recurrence) -> None:
    long_period = rule.frequency in (Frequency.MONTHLY, Frequency.YEARLY)
    if rule.count is not None and rule.until is not None:
        raise InvalidError("recurrence: COUNT and UNTIL exclude each other.")
    if not long_period and any(weekday.nth is not None for weekday in rule.weekdays):
        raise InvalidError("recurrence: a numbered weekday needs FREQ=MONTHLY or FREQ=YEARLY.")
    if not long_period and rule.positions:
        raise InvalidError("recurrence: BYSETPOS needs FREQ=MONTHLY or FREQ=YEARLY.")
    if rule.days_of_month and rule.months and not _some_month_has(rule):
        raise InvalidError("recurrence: no month of BYMONTH has a day of BYMONTHDAY.")


def _some_month_has(rule: Recurrence) -> bool:
    longest = max(LONGEST_MONTHS[month - 1] for month in rule.months)
    return any(abs(day) <= longest for day in rule.days_of_month)


# --- one reader for each part ---------------------------------------------------------------------


def _number(name: str, value: str, smallest: int, largest: int) -> int:
    number = int(value) if _NUMBER.fullmatch(value) else None
    if number is None or not smallest <= number <= largest:
        raise InvalidError(f"recurrence: {name} is a number from {smallest} to {largest}.")
    return number


def _counted(largest: int) -> Callable[[str, str], int]:
    return lambda name, value: _number(name, value, 1, largest)


def _several(largest: int, *, from_end: bool) -> Callable[[str, str], frozenset[int]]:
    """A list of numbers, also counted from the end (negative) where that makes sense."""

    def read(name: str, value: str) -> frozenset[int]:
        numbers = {_number(name, one, -largest if from_end else 1, largest) for one in _list(value)}
        if 0 in numbers:
            raise InvalidError(f"recurrence: {name} does not count from 0.")
        return frozenset(numbers)

    return read


def _list(value: str) -> list[str]:
    return value.split(",")


def _frequency(_name: str, value: str) -> Frequency:
    if value not in Frequency.__members__:
        raise InvalidError("recurrence: FREQ is DAILY, WEEKLY, MONTHLY or YEARLY.")
    return Frequency(value)


def _weekdays(name: str, value: str) -> tuple[Weekday, ...]:
    return tuple(dict.fromkeys(_weekday(name, one) for one in _list(value)))


def _weekday(name: str, value: str) -> Weekday:
    match = _BYDAY.fullmatch(value)
    if match is None:
        raise InvalidError(f"recurrence: {name} lists days like MO, 2TU or -1FR.")
    nth = None if match[1] is None else int(match[1])
    if nth is not None and not 1 <= abs(nth) <= 53:  # noqa: PLR2004 - the weeks of a year
        raise InvalidError(f"recurrence: {name} counts weekdays from 1 to 53.")
    return Weekday(WEEKDAYS.index(match[2]), nth)


def _week_start(name: str, value: str) -> int:
    if value not in WEEKDAYS:
        raise InvalidError(f"recurrence: {name} is a day like MO.")
    return WEEKDAYS.index(value)


def _until(name: str, value: str) -> date | datetime:
    try:
        if "T" not in value:
            return datetime.strptime(value, "%Y%m%d").date()  # noqa: DTZ007 - a date has no zone
        wall = datetime.strptime(value.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 - see below
    except ValueError:
        raise InvalidError(f"recurrence: {name} is like 20261231 or 20261231T220000Z.") from None
    return wall.replace(tzinfo=UTC) if value.endswith("Z") else wall


_READERS: Mapping[str, Callable[[str, str], Any]] = {
    "FREQ": _frequency,
    "INTERVAL": _counted(INTERVAL_MAX),
    "COUNT": _counted(COUNT_MAX),
    "UNTIL": _until,
    "BYDAY": _weekdays,
    "BYMONTHDAY": _several(31, from_end=True),
    "BYYEARDAY": _several(366, from_end=True),
    "BYWEEKNO": _several(53, from_end=True),
    "BYMONTH": _several(12, from_end=False),
    "BYSETPOS": _several(366, from_end=True),
    "WKST": _week_start,
}
_FIELDS: Mapping[str, str] = {
    "FREQ": "frequency",
    "INTERVAL": "interval",
    "COUNT": "count",
    "UNTIL": "until",
    "BYDAY": "weekdays",
    "BYMONTHDAY": "days_of_month",
    "BYYEARDAY": "days_of_year",
    "BYWEEKNO": "weeks",
    "BYMONTH": "months",
    "BYSETPOS": "positions",
    "WKST": "week_start",
}
