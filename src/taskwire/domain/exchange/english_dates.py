"""Dates as Todoist writes them in English: "tomorrow at 9am", "every 2 weeks on tue, thu".

What is not understood is None, never a guess: the reader of the file then says so.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Literal

LENGTH_MAX = 200
SHORTEST = 3
"""Letters that name a month or a weekday."""
WEEK = 7
LOOK_AHEAD_DAYS = 366 * 4 + 1
"""A rule that fits no day within four years fits 29 February at best."""

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_CODES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
_WORKDAYS = frozenset(range(5))
_WEEKEND = frozenset({5, 6})
_WITH_YEAR = 3
_DAYS_OF_MONTH = range(1, 32)
_UNITS = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
_ALONE = {
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "yearly": "year",
    "annually": "year",
    "every night": "day",
    "every evening": "day",
    "every morning": "day",
}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}

_TIME = re.compile(
    r"(?:^|\s)(?:(?:at|@)\s*(?P<h>\d{1,2})(?::(?P<m>\d{2}))?\s*(?P<half>am|pm)?"
    r"|(?P<h2>\d{1,2}):(?P<m2>\d{2})\s*(?P<half2>am|pm)?"
    r"|(?P<h3>\d{1,2})\s*(?P<half3>am|pm))(?=\s|$|,)"
)
_STARTING = re.compile(r"\s(?:starting|from|beginning)\s+(?:on\s+)?(.+)$")
_UNTIL = re.compile(r"\s(?:until|ending)\s+(?:on\s+)?(.+?)(?=\s(?:starting|from)\s|$)")
_EVERY = re.compile(r"(?:every|ev)(?P<after>!)?\s+(?P<what>.+)")
_COUNTED = re.compile(
    r"(?:(?P<n>\d{1,3}|other)\s+)?(?P<unit>day|week|month|year)s?(?:\s+on\s+(?P<on>.+))?"
)
_NTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
_IN = re.compile(r"in\s+(\d{1,3})\s+(day|week|month|year)s?")
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_SPLIT = re.compile(r"\s*(?:,|\sand\s)\s*")


@dataclass(frozen=True, slots=True)
class When:
    """A day, perhaps a time of that day, perhaps how it comes back."""

    day: date
    at: time | None = None
    recurrence: str | None = None
    is_after_completion: bool = False


@dataclass(frozen=True, slots=True)
class _Rule:
    text: str
    fits: Callable[[date], bool]


@lru_cache(maxsize=2048)
def read_english(written: str, today: date) -> When | None:
    """What the words mean on that day; raises nothing."""
    words = " ".join(written.lower().split())
    if not words or len(words) > LENGTH_MAX:
        return None
    try:
        return _read(words, today)
    except (ValueError, OverflowError):
        return None


def _read(words: str, today: date) -> When | None:
    iso = _iso_moment(words)
    if iso is not None:
        return iso
    at, words = _without_time(words)
    match = _EVERY.fullmatch(f"every {_ALONE[words]}" if words in _ALONE else words)
    if match is None:
        day = _day(words, today) if words else today
        return None if day is None else When(day, at)
    return _repeating(match["what"], at, today, is_after=match["after"] is not None)


def _iso_moment(words: str) -> When | None:
    match = re.fullmatch(r"(\d{4}-\d{2}-\d{2})[t ](\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?", words)
    if match is None:
        return None
    return When(date.fromisoformat(match[1]), time.fromisoformat(match[2]))


def _without_time(words: str) -> tuple[time | None, str]:
    match = _TIME.search(words)
    if match is None:
        return None, words
    hour = int(match["h"] or match["h2"] or match["h3"])
    minute = int(match["m"] or match["m2"] or 0)
    half = match["half"] or match["half2"] or match["half3"]
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute), " ".join((words[: match.start()] + words[match.end() :]).split())


def _repeating(what: str, at: time | None, today: date, *, is_after: bool) -> When | None:
    until, what = _cut(_UNTIL, what, today)
    start, what = _cut(_STARTING, what, today)
    if until is False or start is False:
        return None
    begin = start or today
    rule = _rule(what, begin)
    if rule is None:
        return None
    first = _first(rule, begin)
    text = rule.text + (f";UNTIL={until:%Y%m%d}T235959Z" if until else "")
    return None if first is None else When(first, at, text, is_after)


def _cut(
    pattern: re.Pattern[str], what: str, today: date
) -> tuple[date | Literal[False] | None, str]:
    """The day named behind a word, and the rest; False for a day that is not understood."""
    match = pattern.search(f" {what}")
    if match is None:
        return None, what
    rest = (f" {what}"[: match.start()] + f" {what}"[match.end() :]).strip()
    return _day(match[1].strip(), today) or False, rest


def _first(rule: _Rule, begin: date) -> date | None:
    days = (begin + timedelta(days=ahead) for ahead in range(LOOK_AHEAD_DAYS))
    return next((day for day in days if rule.fits(day)), None)


def _rule(what: str, begin: date) -> _Rule | None:
    if what in ("weekday", "workday", "week day", "work day"):
        return _on_weekdays(_WORKDAYS)
    if what == "weekend":
        return _on_weekdays(_WEEKEND)
    if what in ("quarter", "3rd month"):
        return _Rule("FREQ=MONTHLY;INTERVAL=3", lambda day: day >= begin)
    counted = _COUNTED.fullmatch(what)
    if counted:
        return _counted(counted, begin)
    other = what.removeprefix("other ")
    weekdays = _weekdays(other)
    if weekdays:
        return _on_weekdays(weekdays, 2 if other != what else 1)
    return _of_month(what) or _of_year(what, begin)


def _counted(match: re.Match[str], begin: date) -> _Rule | None:
    count = 2 if match["n"] == "other" else int(match["n"] or 1)
    if count == 0:
        return None
    if match["on"]:
        weekdays = _weekdays(match["on"])
        is_weekly = match["unit"] == "week" and weekdays
        return _on_weekdays(weekdays, count) if is_weekly else None
    interval = f";INTERVAL={count}" if count > 1 else ""
    return _Rule(f"FREQ={_UNITS[match['unit']]}{interval}", lambda day: day >= begin)


def _on_weekdays(weekdays: frozenset[int], interval: int = 1) -> _Rule:
    codes = ",".join(_CODES[day] for day in sorted(weekdays))
    every = f";INTERVAL={interval}" if interval > 1 else ""
    return _Rule(f"FREQ=WEEKLY{every};BYDAY={codes}", lambda day: day.weekday() in weekdays)


def _weekdays(what: str) -> frozenset[int]:
    """All weekdays of a list such as "mon, fri"; none when anything else is in it."""
    found = [_index(_WEEKDAYS, word) for word in _SPLIT.split(what)]
    if None in found:
        return frozenset()
    return frozenset(day for day in found if day is not None)


def _of_month(what: str) -> _Rule | None:
    if what in ("last day", "last day of the month", "last day of month"):
        return _Rule("FREQ=MONTHLY;BYMONTHDAY=-1", _is_last_of_month)
    days = [_NTH.fullmatch(word) for word in _SPLIT.split(what)]
    if all(days):
        wanted = frozenset(int(match[1]) for match in days if match)
        if not all(day in _DAYS_OF_MONTH for day in wanted):
            return None
        text = ",".join(str(day) for day in sorted(wanted))
        return _Rule(f"FREQ=MONTHLY;BYMONTHDAY={text}", lambda day: day.day in wanted)
    return _nth_weekday(what)


def _nth_weekday(what: str) -> _Rule | None:
    nth, _, weekday = what.partition(" ")
    match = re.fullmatch(r"([1-4])(?:st|nd|rd|th)", nth)
    number = int(match[1]) if match else _ORDINALS.get(nth)
    index = _index(_WEEKDAYS, weekday)
    if number is None or index is None:
        return None

    def fits(day: date) -> bool:
        last = calendar.monthrange(day.year, day.month)[1]
        is_nth = last - day.day < WEEK if number == -1 else (day.day - 1) // WEEK + 1 == number
        return day.weekday() == index and is_nth

    return _Rule(f"FREQ=MONTHLY;BYDAY={number}{_CODES[index]}", fits)


def _of_year(what: str, begin: date) -> _Rule | None:
    day = _month_day(what, begin)
    if day is None:
        return None
    month, number = day.month, day.day
    text = f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={number}"
    return _Rule(text, lambda other: (other.month, other.day) == (month, number))


def _is_last_of_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def _day(words: str, today: date) -> date | None:
    if words in _NEAR:
        return today + timedelta(days=_NEAR[words])
    if words in ("next week", "next month"):
        return _next_monday(today) if words == "next week" else _months_on(today, 1)
    match = _ISO.fullmatch(words)
    if match:
        return date(int(match[1]), int(match[2]), int(match[3]))
    match = _IN.fullmatch(words)
    if match:
        return _in(int(match[1]), match[2], today)
    weekday = _index(_WEEKDAYS, words.removeprefix("next ").removeprefix("this "))
    if weekday is not None:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    return _month_day(words, today)


_NEAR = {"today": 0, "tod": 0, "tomorrow": 1, "tom": 1, "tmr": 1, "yesterday": -1}


def _in(count: int, unit: str, today: date) -> date:
    if unit in ("day", "week"):
        return today + timedelta(days=count * (7 if unit == "week" else 1))
    return _months_on(today, count * (12 if unit == "year" else 1))


def _month_day(words: str, today: date) -> date | None:
    """`24 Nov`, `Nov 24th`, `24 Nov 2026`; without a year the next one there is."""
    parts = words.replace(",", " ").split()
    if len(parts) not in (2, 3):
        return None
    months = [_index(_MONTHS, part) for part in parts[:2]]
    place = next((place for place, month in enumerate(months) if month is not None), None)
    number = None if place is None else _NTH.fullmatch(parts[1 - place])
    if place is None or number is None:
        return None
    month, day = (months[place] or 0) + 1, int(number[1])
    if len(parts) == _WITH_YEAR:
        return date(int(parts[2]), month, day)
    years = range(today.year, today.year + 9)  # 29 February may be eight years away
    candidates = (date(y, month, day) for y in years if day <= calendar.monthrange(y, month)[1])
    return next((found for found in candidates if found >= today), None)


def _index(names: list[str], word: str) -> int | None:
    """The place of a name that is written short or long: `tue`, `tues`, `tuesday`."""
    place = names.index(word[:SHORTEST]) if word[:SHORTEST] in names else None
    if place is None:
        return None
    long = (calendar.day_name if names is _WEEKDAYS else calendar.month_name[1:])[place].lower()
    return place if len(word) == SHORTEST or long.startswith(word) else None


def _next_monday(today: date) -> date:
    return today + timedelta(days=7 - today.weekday())


def _months_on(today: date, months: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(today.day, last))
