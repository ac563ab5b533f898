from datetime import UTC, date, datetime, time, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from taskwire.domain.exchange.english_dates import LENGTH_MAX, read_english
from taskwire.domain.recurrence import check_recurrence

THURSDAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("written", "day", "at"),
    [
        ("today", date(2026, 11, 26), None),
        ("Tomorrow at 9am", date(2026, 11, 27), time(9)),
        ("tom @ 9:30 pm", date(2026, 11, 27), time(21, 30)),
        ("12am", date(2026, 11, 26), time(0)),
        ("12 pm", date(2026, 11, 26), time(12)),
        ("fri", date(2026, 11, 27), None),
        ("Thursday", date(2026, 12, 3), None),
        ("next week", date(2026, 11, 30), None),
        ("next month", date(2026, 12, 26), None),
        ("in 3 days", date(2026, 11, 29), None),
        ("in 2 weeks", date(2026, 12, 10), None),
        ("in 3 months", date(2027, 2, 26), None),
        ("2026-12-24", date(2026, 12, 24), None),
        ("2026-12-24 18:30", date(2026, 12, 24), time(18, 30)),
        ("2026-12-24T18:30:00", date(2026, 12, 24), time(18, 30)),
        ("24 Dec", date(2026, 12, 24), None),
        ("Dec 24th at 18:30", date(2026, 12, 24), time(18, 30)),
        ("1 Nov", date(2027, 11, 1), None),
        ("24 December 2028", date(2028, 12, 24), None),
        ("29 Feb", date(2028, 2, 29), None),
    ],
)
def test_a_date_in_words_is_understood(written: str, day: date, at: time | None) -> None:
    when = read_english(written, THURSDAY)
    assert when is not None
    assert (when.day, when.at, when.recurrence) == (day, at, None)


@pytest.mark.parametrize(
    ("written", "first", "rule"),
    [
        ("every day", date(2026, 11, 26), "FREQ=DAILY"),
        ("daily", date(2026, 11, 26), "FREQ=DAILY"),
        ("every 3 days", date(2026, 11, 26), "FREQ=DAILY;INTERVAL=3"),
        ("every other day", date(2026, 11, 26), "FREQ=DAILY;INTERVAL=2"),
        ("every weekday", date(2026, 11, 26), "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("every weekend", date(2026, 11, 28), "FREQ=WEEKLY;BYDAY=SA,SU"),
        ("every week", date(2026, 11, 26), "FREQ=WEEKLY"),
        ("every Monday", date(2026, 11, 30), "FREQ=WEEKLY;BYDAY=MO"),
        ("every mon, fri", date(2026, 11, 27), "FREQ=WEEKLY;BYDAY=MO,FR"),
        ("every tues and thurs", date(2026, 11, 26), "FREQ=WEEKLY;BYDAY=TU,TH"),
        ("every other fri", date(2026, 11, 27), "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
        ("every 2 weeks on tue, thu", date(2026, 11, 26), "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH"),
        ("every month", date(2026, 11, 26), "FREQ=MONTHLY"),
        ("every quarter", date(2026, 11, 26), "FREQ=MONTHLY;INTERVAL=3"),
        ("every 15th", date(2026, 12, 15), "FREQ=MONTHLY;BYMONTHDAY=15"),
        ("every 1, 15", date(2026, 12, 1), "FREQ=MONTHLY;BYMONTHDAY=1,15"),
        ("every last day", date(2026, 11, 30), "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("every 2nd monday", date(2026, 12, 14), "FREQ=MONTHLY;BYDAY=2MO"),
        ("every last friday", date(2026, 11, 27), "FREQ=MONTHLY;BYDAY=-1FR"),
        ("every year", date(2026, 11, 26), "FREQ=YEARLY"),
        ("every 27 jan", date(2027, 1, 27), "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=27"),
        ("every week starting 1 dec", date(2026, 12, 1), "FREQ=WEEKLY"),
        ("every day until 3 dec", date(2026, 11, 26), "FREQ=DAILY;UNTIL=20261203T235959Z"),
    ],
)
def test_what_comes_back_is_a_rule_with_its_first_day(written: str, first: date, rule: str) -> None:
    when = read_english(written, THURSDAY)
    assert when is not None
    assert (when.day, when.recurrence, when.is_after_completion) == (first, rule, False)
    assert check_recurrence(rule) == rule
    begin = datetime(first.year, first.month, first.day, tzinfo=UTC)
    assert rrulestr(rule, dtstart=begin).after(begin, inc=True) == begin


def test_an_exclamation_mark_counts_from_completion() -> None:
    when = read_english("every! 3 days at 8am", THURSDAY)
    assert when is not None
    assert (when.recurrence, when.at, when.is_after_completion) == (
        "FREQ=DAILY;INTERVAL=3",
        time(8),
        True,
    )


@pytest.mark.parametrize(
    "written",
    [
        "",
        "soon",
        "every blue moon",
        "every hour",
        "every 0 days",
        "every 32nd",
        "31 Feb",
        "30 Feb 2027",
        "2026-13-01",
        "at 25:00",
        "every day until soon",
        "every day starting when I like",
        "jeden Tag",
        "x" * (LENGTH_MAX + 1),
    ],
)
def test_what_is_not_understood_is_never_guessed(written: str) -> None:
    assert read_english(written, THURSDAY) is None


_WORDS = st.sampled_from(
    [
        "every",
        "every!",
        "other",
        "2",
        "3rd",
        "31",
        "day",
        "week",
        "months",
        "mon",
        "tuesday",
        "jan",
        "29",
        "feb",
        "last",
        "at",
        "9am",
        "25:61",
        "in",
        "starting",
        "until",
        "today",
        "next",
        ",",
        "and",
        "2027",
        "0",
        "999",
    ]
)


@given(st.lists(_WORDS, max_size=8).map(" ".join), st.dates())
def test_any_words_are_a_day_or_nothing(written: str, today: date) -> None:
    when = read_english(written, today)
    if when is not None and when.recurrence is not None:
        assert when.day - today < timedelta(days=366 * 1100)
        check_recurrence(when.recurrence)
