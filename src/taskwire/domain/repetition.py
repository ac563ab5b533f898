"""The next task of one that repeats. Pure: the time of completion and the zone are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from taskwire.domain.occurrence import next_day
from taskwire.domain.recurrence import Recurrence, RecurrenceFrom, count_down, read_recurrence
from taskwire.domain.reminder import ReminderBefore
from taskwire.domain.task import DEFAULTS, FieldValue, Task
from taskwire.domain.time_zone import instant_of, wall_clock


@dataclass(frozen=True, slots=True)
class NextDue:
    """A day; or an instant, with the clock on the wall that it stands for.

    They differ where clocks are put forward: "every day at 02:30" is due at 03:30 for once. Only
    the wall remembers that the day after it is 02:30 again.
    """

    due_on: date | None = None
    due_at: datetime | None = None
    wall: datetime | None = None


@dataclass(frozen=True, slots=True)
class Successor:
    fields: Mapping[str, FieldValue]
    wall: datetime | None


def successor_of(
    task: Task, wall: datetime | None, completed_at: datetime, zone: tzinfo
) -> Successor | None:
    """The task that follows the one completed; None when it does not repeat, or was the last.

    `wall` is what `Successor.wall` was when the task itself was made.
    """
    recurrence = None if task.recurrence is None else count_down(task.recurrence)
    if task.recurrence is None or recurrence is None:
        return None
    rule = read_recurrence(task.recurrence)
    due = next_due(rule, task, wall, completed_at, zone)
    if due is None:
        return None
    reminders = tuple(one for one in task.reminders if isinstance(one, ReminderBefore))
    fields = {**DEFAULTS, "title": task.title, "description": task.description}
    fields |= {"priority": task.priority, "reminders": reminders, "recurrence": recurrence}
    fields |= {"recurrence_from": task.recurrence_from, "due_at": due.due_at, "due_on": due.due_on}
    return Successor(fields, due.wall)


def next_due(
    rule: Recurrence, task: Task, wall: datetime | None, completed_at: datetime, zone: tzinfo
) -> NextDue | None:
    """A task without a due date repeats from the day on which it was completed."""
    from_completion = task.recurrence_from == RecurrenceFrom.COMPLETION.value
    today = wall_clock(completed_at, zone).date()
    if task.due_at is None:
        start = today if from_completion or task.due_on is None else task.due_on
        day = next_day(rule, start)
        return NextDue(due_on=day) if day and not _is_over(rule, day, zone) else None
    meant = _meant(task.due_at, wall, zone)
    day = next_day(rule, today if from_completion else meant.date())
    if day is None:
        return None
    shown = datetime.combine(day, meant.time())
    due_at = instant_of(shown, zone)
    return None if _is_over(rule, shown, zone) else NextDue(due_at=due_at, wall=shown)


def _meant(due_at: datetime, wall: datetime | None, zone: tzinfo) -> datetime:
    """The remembered wall, as long as it still says the same: people move tasks, and themselves."""
    is_still_true = wall is not None and instant_of(wall, zone) == due_at
    return wall if wall is not None and is_still_true else wall_clock(due_at, zone)


def _is_over(rule: Recurrence, due: date | datetime, zone: tzinfo) -> bool:
    """Whether `due` (a day, or a time on the wall) is after UNTIL, however that was written."""
    until = rule.until
    if until is None:
        return False
    if isinstance(until, datetime) and until.tzinfo is not None:
        until = wall_clock(until, zone)
    if isinstance(due, datetime) and isinstance(until, datetime):
        return due > until
    return _day(due) > _day(until)


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
