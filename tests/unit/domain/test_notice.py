from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskwire.domain.notice import Notice, NoticeRules, news_of, notices_of
from taskwire.domain.reminder import ReminderAt, ReminderBefore
from taskwire.domain.task import Task

NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)
RULES = NoticeRules(overdue_after=timedelta(minutes=15))
TASK = Task(7, "Call Ben", "", False, None, None, 0, (), None, "due", 1, NINE, NINE)  # noqa: FBT003


def test_a_task_without_a_date_has_nothing_to_say() -> None:
    assert notices_of(replace(TASK, reminders=(ReminderBefore(5),)), UTC, RULES) == []


def test_a_timed_task_reminds_before_and_is_overdue_a_while_after() -> None:
    task = replace(TASK, due_at=NINE, reminders=(ReminderBefore(0), ReminderBefore(30)))
    assert notices_of(task, UTC, RULES) == [
        Notice("reminder_due", NINE - timedelta(minutes=30), "2026-11-24T08:30:00+00:00"),
        Notice("reminder_due", NINE, "2026-11-24T09:00:00+00:00"),
        Notice("task_overdue", NINE + timedelta(minutes=15), "2026-11-24T09:00:00+00:00"),
    ]


def test_a_task_of_a_day_counts_from_its_morning_where_the_person_lives() -> None:
    task = replace(TASK, due_on=date(2026, 11, 24), reminders=(ReminderBefore(60),))
    assert notices_of(task, ZoneInfo("Asia/Jerusalem"), RULES) == [
        Notice("reminder_due", datetime(2026, 11, 24, 6, tzinfo=UTC), "2026-11-24T08:00:00"),
        Notice("task_overdue", datetime(2026, 11, 24, 22, tzinfo=UTC), "2026-11-24"),
    ]


def test_elsewhere_it_is_another_instant_and_the_same_occasion() -> None:
    task = replace(TASK, due_on=date(2026, 11, 24), reminders=(ReminderBefore(60),))
    here, there = (notices_of(task, ZoneInfo(z), RULES) for z in ("Asia/Tokyo", "America/Lima"))
    assert [one.occasion for one in here] == [one.occasion for one in there]
    assert [b.at - a.at for a, b in zip(here, there, strict=True)] == [timedelta(hours=14)] * 2


def test_a_completed_task_is_silent() -> None:
    task = replace(TASK, due_at=NINE, reminders=(ReminderAt(NINE),), is_completed=True)
    assert notices_of(task, UTC, RULES) == []


@pytest.mark.parametrize(
    ("task", "sentence"),
    [
        (replace(TASK, due_at=NINE), "Was due at 11:00 on Tuesday, 24 November 2026."),
        (replace(TASK, due_on=date(2026, 11, 4)), "Was due on Wednesday, 4 November 2026."),
        (replace(TASK, reminders=(ReminderAt(NINE),)), "You asked to be reminded of this now."),
    ],
)
def test_the_sentence_says_when_by_the_persons_clock(task: Task, sentence: str) -> None:
    zone = ZoneInfo("Asia/Jerusalem")
    (notice,) = notices_of(task, zone, RULES)
    news = news_of(notice, task, zone)
    assert (news.title, news.body, news.task_id) == ("Call Ben", sentence, 7)
    assert (news.kind, news.occasion) == (notice.kind, notice.occasion)


instants = st.datetimes(timezones=st.just(UTC))
reminders = st.builds(ReminderAt, instants) | st.builds(ReminderBefore, st.integers(0, 40_320))
zones = st.sampled_from([UTC, ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Etc/GMT+12")])


@given(due=instants, said=st.lists(reminders, max_size=5), zone=zones, on_day=st.booleans())
def test_no_task_of_any_year_stops_the_worker(
    due: datetime,
    said: list[ReminderAt | ReminderBefore],
    zone: tzinfo,
    on_day: bool,  # noqa: FBT001
) -> None:
    """One task that cannot be looked at would silence everybody's reminders."""
    when = {"due_on": due.date()} if on_day else {"due_at": due}
    task = replace(TASK, reminders=tuple(said), **when)
    for notice in notices_of(task, zone, RULES):
        assert news_of(notice, task, zone).body
