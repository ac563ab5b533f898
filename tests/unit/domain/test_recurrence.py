from datetime import UTC, date, datetime

import pytest

from taskwire.domain.errors import InvalidError
from taskwire.domain.recurrence import (
    RECURRENCE_LENGTH_MAX,
    Frequency,
    Recurrence,
    Weekday,
    check_recurrence,
    count_down,
    read_recurrence,
)


def test_a_rule_is_read_part_by_part() -> None:
    written = "FREQ=MONTHLY;INTERVAL=2;BYDAY=MO,-1FR;BYMONTHDAY=-1,3;BYMONTH=2;BYSETPOS=1;WKST=SU"
    assert read_recurrence(written) == Recurrence(
        Frequency.MONTHLY,
        interval=2,
        weekdays=(Weekday(0), Weekday(4, -1)),
        days_of_month=frozenset({-1, 3}),
        months=frozenset({2}),
        positions=frozenset({1}),
        week_start=6,
    )


@pytest.mark.parametrize(
    ("written", "until"),
    [
        ("20261231", date(2026, 12, 31)),
        ("20261231T220000Z", datetime(2026, 12, 31, 22, tzinfo=UTC)),
        ("20261231T220000", datetime(2026, 12, 31, 22)),  # noqa: DTZ001 - a time on the wall
    ],
)
def test_until_is_a_day_an_instant_or_a_time_on_the_wall(
    written: str, until: date | datetime
) -> None:
    assert read_recurrence(f"FREQ=DAILY;UNTIL={written}").until == until


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("FREQ=DAILY", "FREQ=DAILY"),
        (" rrule:freq=weekly;byday=tu,th ", "FREQ=WEEKLY;BYDAY=TU,TH"),
        ("INTERVAL=3;FREQ=DAILY;", "INTERVAL=3;FREQ=DAILY;"),
    ],
)
def test_a_rule_is_kept_as_it_was_written_in_capitals(given: str, kept: str) -> None:
    assert check_recurrence(given) == kept


@pytest.mark.parametrize(
    "written",
    [
        "",
        ";",
        "every day",
        "FREQ",
        "FREQ=",
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=1",
        "FREQ=HOURLY",
        "FREQ=FORTNIGHTLY",
        "INTERVAL=2",
        "FREQ=DAILY;BYSECOND=0",
        "FREQ=DAILY;BYHOUR=9,17",
        "FREQ=DAILY;BYMINUTE=1",
        "FREQ=YEARLY;BYEASTER=0",
        "DTSTART=20260101;FREQ=DAILY",
        "DTSTART:20260101T000000Z\nRRULE:FREQ=DAILY",
        "FREQ=DAILY\nRDATE:20260101",
        "FREQ=DAILY;EXDATE=20260101",
        "FREQ=DAILY;FREQ=WEEKLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;INTERVAL=1001",
        "FREQ=DAILY;INTERVAL=1e3",
        "FREQ=DAILY;INTERVAL=\u0661",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=99999999999999999999",
        "FREQ=DAILY;COUNT=2;UNTIL=20261231",
        "FREQ=DAILY;UNTIL=tomorrow",
        "FREQ=DAILY;UNTIL=20260230",
        "FREQ=DAILY;UNTIL=20261231T250000Z",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;BYDAY=MO,",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=MONTHLY;BYDAY=0MO",
        "FREQ=YEARLY;BYDAY=54MO",
        "FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=MONTHLY;BYMONTHDAY=-32",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=YEARLY;BYMONTH=-1",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30,31",
        "FREQ=YEARLY;BYYEARDAY=367",
        "FREQ=YEARLY;BYWEEKNO=54",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0",
        "FREQ=WEEKLY;WKST=1",
        "FREQ=DAILY;X-MINE=1",
        "FREQ=DAILY;" + "BYMONTH=1;" * 1000,
        "F" * 10_000,
    ],
)
def test_what_is_no_rule_for_days_is_refused_in_a_sentence(written: str) -> None:
    with pytest.raises(InvalidError, match=r"^recurrence.*\.$") as caught:
        check_recurrence(written)
    assert len(caught.value.message) < 120


def test_the_longest_rule_is_read() -> None:
    written = "FREQ=DAILY;BYMONTHDAY=" + "1," * 300
    longest = written[: RECURRENCE_LENGTH_MAX - 1].rstrip(",") + "1"
    assert read_recurrence(check_recurrence(longest)).days_of_month >= {1}


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("FREQ=DAILY", "FREQ=DAILY"),
        ("FREQ=DAILY;COUNT=3;BYMONTH=1", "FREQ=DAILY;COUNT=2;BYMONTH=1"),
        ("COUNT=10;FREQ=DAILY", "COUNT=9;FREQ=DAILY"),
        ("FREQ=DAILY;COUNT=1", None),
    ],
)
def test_count_goes_down_to_the_last_one(written: str, left: str | None) -> None:
    assert count_down(written) == left
