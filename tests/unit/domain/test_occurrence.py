"""The days of a rule, against dateutil's rrule and, for weeks of the year, the ISO calendar."""

from datetime import date, datetime, timedelta
from itertools import takewhile

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from taskwire.domain.errors import InvalidError
from taskwire.domain.occurrence import HORIZON_YEARS, next_day
from taskwire.domain.recurrence import Recurrence, read_recurrence
from tests.unit.domain.rules import rules, rules_by_week

DAYS_MAX = 40


def read(written: str) -> Recurrence:
    try:
        return read_recurrence(written)
    except InvalidError:
        assume(False)  # noqa: FBT003 - hypothesis has it so; a rule without a day is refused
        raise


@settings(max_examples=400)
@given(written=rules(), start=st.dates(date(2015, 1, 1), date(2030, 12, 31)))
@example(written="FREQ=MONTHLY;BYMONTHDAY=-1", start=date(2024, 1, 31))
@example(written="FREQ=YEARLY", start=date(2024, 2, 29))
@example(written="FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", start=date(2024, 2, 29))
def test_the_next_day_is_the_one_that_dateutil_finds(written: str, start: date) -> None:
    found = next_day(read(written), start)
    assume(found is not None)  # dateutil would search for it until the year 9999
    midnight = datetime(start.year, start.month, start.day)  # noqa: DTZ001 - a day has no zone
    expected = rrulestr(written, dtstart=midnight).after(midnight)
    assert expected is not None
    assert found == expected.date()


@settings(max_examples=60)
@given(written=rules(), start=st.dates(date(2015, 1, 1), date(2030, 12, 31)))
def test_day_after_day_it_is_what_dateutil_lists(written: str, start: date) -> None:
    rule = read(written)
    first = next_day(rule, start)
    assume(first is not None)
    mine: list[date] = []
    day = first
    while day is not None and day.year < start.year + 10 and len(mine) < DAYS_MAX:
        mine.append(day)
        day = next_day(rule, day)
    assert first is not None
    midnight = datetime(first.year, first.month, first.day)  # noqa: DTZ001 - a day has no zone
    listed = rrulestr(written, dtstart=midnight)
    until = datetime(start.year + 9, 12, 31)  # noqa: DTZ001 - the same
    expected = [found.date() for found in listed.between(midnight, until, inc=True)]
    assert mine == expected[:DAYS_MAX]


def is_around_new_year(day: date) -> bool:
    """Of these the week may be one of the other year, whatever day weeks begin on."""
    return (day.month, day.day) <= (1, 3) or (day.month, day.day) >= (12, 29)


@settings(max_examples=60)
@given(written=rules_by_week(), start=st.dates(date(2015, 1, 1), date(2030, 12, 31)))
def test_weeks_of_the_year_are_dateutils_but_around_new_year(written: str, start: date) -> None:
    rule, end = read(written), start + timedelta(days=1500)
    mine: list[date] = []
    day = next_day(rule, start)
    while day is not None and day < end:
        mine.append(day)
        day = next_day(rule, day)
    midnight = datetime(start.year, start.month, start.day)  # noqa: DTZ001 - a day has no zone
    listed = rrulestr(written, dtstart=midnight).xafter(midnight)
    expected = list(takewhile(lambda day: day < end, (found.date() for found in listed)))
    assert [day for day in mine if not is_around_new_year(day)] == [
        day for day in expected if not is_around_new_year(day)
    ]


def test_around_new_year_dateutil_numbers_weeks_by_the_wrong_year() -> None:
    """The one exception to the oracle. When this fails dateutil is mended: let `rules` have weeks."""
    saturday = date(2011, 1, 1)
    assert saturday.isocalendar() == (2010, 52, 6)
    midnight = datetime(2011, 1, 1)  # noqa: DTZ001 - a day has no zone
    by_dateutil = {
        week
        for week in (52, 53)
        if saturday == next(iter(rrulestr(f"FREQ=YEARLY;BYWEEKNO={week}", dtstart=midnight))).date()
    }
    assert by_dateutil == {53}
    eve = saturday - timedelta(days=1)
    assert next_day(read_recurrence("FREQ=YEARLY;BYWEEKNO=52"), eve) == saturday
    assert next_day(read_recurrence("FREQ=YEARLY;BYWEEKNO=53"), eve) != saturday


@pytest.mark.parametrize("week", [1, 2, 20, 52, 53])
def test_weeks_of_the_year_are_those_of_the_iso_calendar(week: int) -> None:
    rule, day = read_recurrence(f"FREQ=YEARLY;BYWEEKNO={week}"), date(2014, 12, 31)
    expected = (date(2015, 1, 1) + timedelta(days=n) for n in range(3650))
    for wanted in (one for one in expected if one.isocalendar().week == week):
        found = next_day(rule, day)
        assert found == wanted
        day = found


@pytest.mark.parametrize(
    "written",
    [
        "FREQ=DAILY;BYMONTH=5,8;BYYEARDAY=60",
        "FREQ=DAILY;BYMONTHDAY=31;BYMONTH=2,12;BYYEARDAY=1",
        "FREQ=YEARLY;BYMONTH=6;BYWEEKNO=53",
        "FREQ=YEARLY;INTERVAL=1000",
        "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1",
    ],
)
def test_a_rule_that_never_falls_ends_its_search(written: str) -> None:
    assert next_day(read_recurrence(written), date(2026, 11, 26)) is None


def test_the_calendar_ends_and_so_does_the_search() -> None:
    for written in ("FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY"):
        assert next_day(read_recurrence(written), date.max) is None


def test_a_rare_day_is_found_within_the_horizon() -> None:
    rule = read_recurrence("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO")
    found = next_day(rule, date(2024, 2, 29))
    assert found == date(2044, 2, 29)
    assert found.year - 2024 < HORIZON_YEARS
