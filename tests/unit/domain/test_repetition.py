"""The chain of tasks that a repeating one becomes, as the clocks on walls see it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from taskwire.domain.errors import InvalidError
from taskwire.domain.recurrence import check_recurrence
from taskwire.domain.reminder import ReminderAt, ReminderBefore
from taskwire.domain.repetition import successor_of
from taskwire.domain.task import Task
from tests.unit.domain.rules import rules

# Gaps and folds of an hour and of half of one, at midnight, on Fridays, on the southern half of
# the world, during Ramadan; a day that never was; zones that gave up on it.
ZONES = [
    "UTC",
    "Asia/Jerusalem",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Dublin",
    "America/New_York",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "America/Havana",
    "America/St_Johns",
    "America/Santiago",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Asia/Beirut",
    "Asia/Tokyo",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Auckland",
]
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
TASK = Task(7, "t", "", False, None, None, 0, (), "FREQ=DAILY", "due", 1, NOW, NOW)  # noqa: FBT003
STEPS_MAX = 40


def chain(task: Task, zone: ZoneInfo, last: datetime) -> list[datetime]:
    """Each due instant, when every task is completed at the moment it is due."""
    wall: datetime | None = None
    found: list[datetime] = []
    while task.due_at is not None and len(found) < STEPS_MAX:
        successor = successor_of(task, wall, task.due_at, zone)
        due_at = None if successor is None else successor.fields["due_at"]
        if successor is None or not isinstance(due_at, datetime) or due_at > last:
            break
        found.append(due_at)
        task, wall = replace(task, due_at=due_at), successor.wall
    return found


@settings(max_examples=200)
@given(
    written=rules(),
    zone=st.sampled_from(ZONES),
    wall=st.datetimes(datetime(2016, 1, 1), datetime(2026, 12, 31)),  # noqa: DTZ001 - on the wall
)
@example(written="FREQ=DAILY", zone="Europe/Berlin", wall=datetime(2026, 3, 27, 2, 30))  # noqa: DTZ001
@example(written="FREQ=DAILY", zone="Australia/Lord_Howe", wall=datetime(2026, 4, 1, 1, 45))  # noqa: DTZ001
@example(written="FREQ=WEEKLY", zone="America/Havana", wall=datetime(2026, 3, 1, 0, 30))  # noqa: DTZ001
def test_ten_years_in_any_zone_are_dateutils_walls(written: str, zone: str, wall: datetime) -> None:
    """Dateutil lists the walls; a zone says once, at the end, which instants they are."""
    try:
        check_recurrence(written)
    except InvalidError:
        assume(False)  # noqa: FBT003 - hypothesis has it so
    wall, place = wall.replace(second=0, microsecond=0), ZoneInfo(zone)
    begin = wall.replace(tzinfo=place).astimezone(UTC)
    assume(begin.astimezone(place).replace(tzinfo=None) == wall)
    task = replace(TASK, due_at=begin, recurrence=written)
    mine = chain(task, place, begin + timedelta(days=3650))
    assume(mine)  # for a rule without a day dateutil would search until the year 9999
    # The first task may stand beside the rule; from its first own day on, the rule is alone.
    first = mine[0].astimezone(place).date()
    listed = rrulestr(written, dtstart=datetime.combine(first, wall.time()))
    walls = [found for found, _ in zip(listed, mine, strict=False)]
    assert mine == [one.replace(tzinfo=place, fold=0).astimezone(UTC) for one in walls]


def test_a_time_that_clocks_skip_comes_an_hour_later_for_once() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    task = replace(TASK, due_at=datetime(2026, 3, 28, 2, 30, tzinfo=berlin).astimezone(UTC))
    found = chain(task, berlin, datetime(2026, 3, 31, tzinfo=UTC))
    assert [f"{one.astimezone(berlin):%d %H:%M}" for one in found] == ["29 03:30", "30 02:30"]


def test_a_person_who_moved_a_task_meant_the_new_time() -> None:
    zone = ZoneInfo("Europe/Berlin")
    moved = replace(TASK, due_at=datetime(2026, 3, 29, 8, tzinfo=UTC))
    remembered = datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001 - on the wall
    successor = successor_of(moved, remembered, NOW, zone)
    assert successor is not None
    assert successor.fields["due_at"] == datetime(2026, 3, 30, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "due_on", "expected"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", date(2026, 11, 27), date(2026, 11, 30)),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", date(2026, 11, 24), date(2026, 11, 26)),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", date(2026, 11, 26), date(2026, 12, 8)),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", date(2027, 1, 31), date(2027, 2, 28)),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", date(2028, 1, 31), date(2028, 2, 29)),
        ("FREQ=MONTHLY", date(2027, 1, 31), date(2027, 3, 31)),
        ("FREQ=YEARLY", date(2024, 2, 29), date(2028, 2, 29)),
        ("FREQ=DAILY;UNTIL=20261127", date(2026, 11, 26), date(2026, 11, 27)),
        ("FREQ=DAILY;UNTIL=20261126", date(2026, 11, 26), None),
        ("FREQ=DAILY;UNTIL=20261127T120000Z", date(2026, 11, 26), date(2026, 11, 27)),
        ("FREQ=DAILY;COUNT=1", date(2026, 11, 26), None),
        ("FREQ=DAILY;BYMONTH=5;BYYEARDAY=1", date(2026, 11, 26), None),
    ],
)
def test_what_people_say(written: str, due_on: date, expected: date | None) -> None:
    successor = successor_of(replace(TASK, due_on=due_on, recurrence=written), None, NOW, UTC)
    assert (successor and successor.fields["due_on"]) == expected


@pytest.mark.parametrize(
    ("until", "is_over"),
    [("20261127", False), ("20261126T235959Z", True), ("20261127T083000Z", False)],
)
def test_until_is_kept_to_the_minute(until: str, is_over: bool) -> None:  # noqa: FBT001
    due_at = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)
    task = replace(TASK, due_at=due_at, recurrence=f"FREQ=DAILY;UNTIL={until}")
    assert (successor_of(task, None, NOW, UTC) is None) == is_over


def test_from_completion_counts_from_the_persons_day_and_keeps_the_time() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    completed_at = datetime(2026, 11, 26, 22, tzinfo=UTC)  # the 27th in Tokyo already
    every_third = replace(TASK, recurrence="FREQ=DAILY;INTERVAL=3", recurrence_from="completion")
    on_day = replace(every_third, due_on=date(2026, 11, 1))
    at_nine = replace(every_third, due_at=datetime(2026, 11, 1, tzinfo=UTC))
    by_day = successor_of(on_day, None, completed_at, tokyo)
    by_time = successor_of(at_nine, None, completed_at, tokyo)
    assert by_day is not None
    assert by_day.fields["due_on"] == date(2026, 11, 30)
    assert by_time is not None
    assert by_time.fields["due_at"] == datetime(2026, 11, 30, tzinfo=UTC)


def test_a_task_without_a_due_date_repeats_from_the_day_it_was_done() -> None:
    successor = successor_of(TASK, None, NOW, UTC)
    assert successor is not None
    assert successor.fields["due_on"] == date(2026, 11, 27)


def test_the_next_one_takes_over_all_but_what_belongs_to_this_one() -> None:
    task = replace(
        TASK,
        title="Rent",
        description="To the bank",
        is_completed=True,
        due_on=date(2026, 11, 26),
        priority=3,
        reminders=(ReminderAt(NOW), ReminderBefore(60)),
        recurrence="FREQ=DAILY;COUNT=3",
    )
    successor = successor_of(task, None, NOW, UTC)
    assert successor is not None
    assert successor.fields == {
        "title": "Rent",
        "description": "To the bank",
        "is_completed": False,
        "due_at": None,
        "due_on": date(2026, 11, 27),
        "priority": 3,
        "reminders": (ReminderBefore(60),),
        "recurrence": "FREQ=DAILY;COUNT=2",
        "recurrence_from": "due",
    }


def test_a_task_that_does_not_repeat_has_no_successor() -> None:
    assert successor_of(replace(TASK, recurrence=None), None, NOW, UTC) is None


def test_at_the_end_of_the_calendar_nothing_follows() -> None:
    last = replace(TASK, due_at=datetime(9999, 12, 31, 23, tzinfo=UTC))
    assert successor_of(last, None, NOW, ZoneInfo("Asia/Tokyo")) is None
