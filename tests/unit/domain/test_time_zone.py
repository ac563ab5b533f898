from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from taskwire.domain.errors import InvalidError
from taskwire.domain.time_zone import check_time_zone, instant_of, wall_clock, zone_named


@pytest.mark.parametrize("name", ["UTC", "Asia/Jerusalem", "America/Argentina/Buenos_Aires"])
def test_a_zone_of_the_worlds_list_is_kept(name: str) -> None:
    assert check_time_zone(name) == name
    assert zone_named(name) == ZoneInfo(name)


@pytest.mark.parametrize(
    "name",
    ["", "Mars/Olympus", "America", "../../etc/passwd", "/etc/localtime", "UTC\x00", "A" * 10_000],
)
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(InvalidError, match="time_zone"):
        check_time_zone(name)
    assert zone_named(name) is UTC, "and what is stored of old does not stop anybody"


def test_who_never_said_where_they_are_lives_by_utc() -> None:
    assert zone_named(None) is UTC


@pytest.mark.parametrize(
    ("wall", "instant"),
    [
        ("2026-03-29T01:59", "2026-03-29T00:59Z"),
        ("2026-03-29T02:30", "2026-03-29T01:30Z"),  # does not exist: an hour later
        ("2026-03-29T03:30", "2026-03-29T01:30Z"),
        ("2026-10-25T02:30", "2026-10-25T00:30Z"),  # exists twice: the first
        ("2026-10-25T03:00", "2026-10-25T02:00Z"),
    ],
)
def test_a_time_on_the_wall_is_one_instant(wall: str, instant: str) -> None:
    found = instant_of(datetime.fromisoformat(wall), ZoneInfo("Europe/Berlin"))
    assert found == datetime.fromisoformat(instant)


def test_the_ends_of_the_calendar_are_instants_too() -> None:
    zone = ZoneInfo("Pacific/Kiritimati")
    for wall in (datetime.min, datetime.max):  # noqa: DTZ901 - on the wall
        assert instant_of(wall, zone).tzinfo is UTC
        assert wall_clock(wall.replace(tzinfo=UTC), zone).tzinfo is None
