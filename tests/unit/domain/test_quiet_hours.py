from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskwire.domain.errors import InvalidError
from taskwire.domain.quiet_hours import (
    QuietHours,
    check_quiet_hours,
    check_time_of_day,
    end_of_quiet,
    next_time,
)

NIGHT = QuietHours(time(22), time(7))
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "America/New_York", "Asia/Jerusalem", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia")]  # fmt: skip

walls = st.times(min_value=time(0), max_value=time(23, 59)).map(
    lambda wall: wall.replace(second=0, microsecond=0)
)
instants = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001 - hypothesis wants them bare, and adds the zone
    max_value=datetime(2027, 12, 31),  # noqa: DTZ001 - the same
    timezones=st.just(UTC),
)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-06-01T21:59", "2026-06-01T21:59"),
        ("2026-06-01T22:00", "2026-06-02T07:00"),
        ("2026-06-02T00:30", "2026-06-02T07:00"),
        ("2026-06-02T06:59", "2026-06-02T07:00"),
        ("2026-06-02T07:00", "2026-06-02T07:00"),
        ("2026-03-28T23:00", "2026-03-29T07:00"),  # an hour is left out that night
        ("2026-10-24T23:00", "2026-10-25T07:00"),  # and one is lived twice
    ],
)
def test_a_call_in_the_night_waits_for_the_morning_on_the_wall(now: str, end: str) -> None:
    assert end_of_quiet(NIGHT, BERLIN, berlin(now)) == berlin(end)


def test_without_quiet_hours_nothing_waits() -> None:
    now = berlin("2026-06-02T03:00")
    assert end_of_quiet(None, BERLIN, now) == now


def test_quiet_hours_within_a_day_leave_the_night_alone() -> None:
    siesta = QuietHours(time(13), time(15))
    assert end_of_quiet(siesta, BERLIN, berlin("2026-06-02T13:00")) == berlin("2026-06-02T15:00")
    assert end_of_quiet(siesta, BERLIN, berlin("2026-06-02T23:00")) == berlin("2026-06-02T23:00")


def test_quiet_hours_that_end_in_the_hour_left_out_end_after_it() -> None:
    """02:30 is not on any clock that night: it counts as if the clock had not been put forward."""
    early = QuietHours(time(22), time(2, 30))
    assert end_of_quiet(early, BERLIN, berlin("2026-03-29T01:30")) == berlin("2026-03-29T03:30")


def test_quiet_hours_that_end_in_the_hour_lived_twice_end_at_each_of_both() -> None:
    early = QuietHours(time(22), time(2, 30))
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert end_of_quiet(early, BERLIN, berlin("2026-10-25T01:00")) == first
    again = datetime(2026, 10, 25, 1, 5, tzinfo=UTC)  # 02:05 for the second time
    assert end_of_quiet(early, BERLIN, again) == first + timedelta(hours=1)


@given(walls, walls, st.sampled_from(ZONES), instants)
def test_the_end_is_never_past_never_quiet_and_within_a_day(
    begin: time, end: time, zone: ZoneInfo, now: datetime
) -> None:
    hours = QuietHours(begin, end if end != begin else time(begin.hour, (begin.minute + 1) % 60))
    until = end_of_quiet(hours, zone, now)
    assert now <= until <= now + timedelta(hours=26)
    skipped = until.astimezone(zone).time() != hours.end
    assert skipped or not hours.holds_at(until.astimezone(zone).time())


@given(walls, st.sampled_from(ZONES), instants)
def test_the_next_time_lies_ahead_and_shows_on_the_wall(
    wall: time, zone: ZoneInfo, now: datetime
) -> None:
    at = next_time(wall, zone, now)
    assert now < at <= now + timedelta(hours=26)
    here = at.astimezone(zone)
    was_put_forward = here.utcoffset() != (here - timedelta(hours=3)).utcoffset()
    assert here.time() == wall or was_put_forward


@pytest.mark.parametrize(
    "text",
    [
        "24:00",
        "7:00",
        "07:60",
        "0700",
        "07:00:00",
        "",
        "-1:00",
        "07:00 ",
        "\u0660\u0667:\u0660\u0660",
    ],
)
def test_a_time_of_day_has_one_form(text: str) -> None:
    with pytest.raises(InvalidError, match="digest_at"):
        check_time_of_day(text, name="digest_at")


def test_quiet_hours_of_no_length_are_refused() -> None:
    """They could mean never or always, and whoever guesses wrong is silent or wakes somebody."""
    assert check_quiet_hours("22:00", "07:00") == NIGHT
    with pytest.raises(InvalidError, match="same time"):
        check_quiet_hours("07:00", "07:00")
