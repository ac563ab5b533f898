"""What a task has to say to its person, and when: its reminders, and that it is overdue. Pure.

`occasion` names the moment as the person meant it: an instant for what was set to an instant, the
clock on the wall for what was set to a day. So who flies to another zone is not told twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from taskwire.domain.notification import REMINDER_DUE, TASK_OVERDUE, News
from taskwire.domain.reminder import Reminder, ReminderAt, ReminderBefore
from taskwire.domain.task import Task
from taskwire.domain.time_zone import instant_of, wall_clock

MORNING = time(9)
"""From when a reminder "so long before" counts, where the task is due on a day."""


@dataclass(frozen=True, slots=True)
class Notice:
    """`at` is when it is to be said."""

    kind: str
    at: datetime
    occasion: str


@dataclass(frozen=True, slots=True)
class NoticeRules:
    """`overdue_after`: at its very time a task is due; a while later it is overdue."""

    overdue_after: timedelta


def notices_of(task: Task, zone: tzinfo, rules: NoticeRules) -> list[Notice]:
    """All that the task has to say, past and future, in order. A completed one is silent."""
    if task.is_completed:
        return []
    found = [*_reminders(task, zone), *_overdue(task, zone, rules)]
    return sorted(found, key=lambda notice: notice.at)


def news_of(notice: Notice, task: Task, zone: tzinfo) -> News:
    return News(notice.kind, task.title, _sentence(task, notice, zone), task.id, notice.occasion)


def _reminders(task: Task, zone: tzinfo) -> Iterator[Notice]:
    for reminder in task.reminders:
        try:
            notice = _reminder(task, reminder, zone)
        except OverflowError:  # before the first day of the calendar
            continue
        if notice is not None:
            yield notice


def _reminder(task: Task, reminder: Reminder, zone: tzinfo) -> Notice | None:
    match reminder:
        case ReminderAt(at):
            return Notice(REMINDER_DUE, at, at.isoformat())
        case ReminderBefore(minutes) if task.due_at is not None:
            at = task.due_at - timedelta(minutes=minutes)
            return Notice(REMINDER_DUE, at, at.isoformat())
        case ReminderBefore(minutes) if task.due_on is not None:
            wall = datetime.combine(task.due_on, MORNING) - timedelta(minutes=minutes)
            return Notice(REMINDER_DUE, instant_of(wall, zone), wall.isoformat())
        case _:
            return None


def _overdue(task: Task, zone: tzinfo, rules: NoticeRules) -> Iterator[Notice]:
    try:
        if task.due_at is not None:
            at = task.due_at + rules.overdue_after
            yield Notice(TASK_OVERDUE, at, task.due_at.isoformat())
        elif task.due_on is not None:
            midnight = datetime.combine(task.due_on, time()) + timedelta(days=1)
            yield Notice(TASK_OVERDUE, instant_of(midnight, zone), task.due_on.isoformat())
    except OverflowError:  # the day after the last day of the calendar
        return


def _sentence(task: Task, notice: Notice, zone: tzinfo) -> str:
    was = "Was due" if notice.kind == TASK_OVERDUE else "Due"
    if task.due_at is not None:
        wall = wall_clock(task.due_at, zone)
        return f"{was} at {wall:%H:%M} on {wall:%A}, {wall.day} {wall:%B} {wall.year}."
    if task.due_on is not None:
        day = task.due_on
        return f"{was} on {day:%A}, {day.day} {day:%B} {day.year}."
    return "You asked to be reminded of this now."
