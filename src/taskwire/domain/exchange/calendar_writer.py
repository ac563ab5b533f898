"""Tasks as iCalendar (RFC 5545): the whole list as to-dos, or what is due as events for a feed.

Nothing here depends on when it is written: the same task is the same bytes, so that a reader that
comes back is told that nothing changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from taskwire.domain.exchange.calendar_tasks import DAY_BEGINS, RECURRENCE_FROM
from taskwire.domain.recurrence import RecurrenceFrom
from taskwire.domain.reminder import Reminder, ReminderAt
from taskwire.domain.task import Task

LINE_OCTETS_MAX = 75
EVENT_LASTS = timedelta(minutes=30)
"""A task has no length, and many calendars do not show an event that has none."""

_INSIDE_OF_CHARACTERS = range(0x80, 0xC0)
_PRIORITIES = (0, 9, 5, 1)
_SPECIAL = re.compile(r"[\\;,]")
_NEWLINES = re.compile(r"\r\n|\r|\n")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

CALENDAR_BEGIN = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Taskwire//Taskwire//EN\r\nCALSCALE:GREGORIAN\r\n"
)
CALENDAR_END = b"END:VCALENDAR\r\n"


def todo(task: Task) -> bytes:
    """The task with all it has, as our own import reads it back."""
    return _written(_todo_lines(task))


def event(task: Task) -> bytes:
    """What is due and open, where calendars show it; nothing for all else."""
    due = _due(task)
    if due is None or task.is_completed:
        return b""
    return _written(_event_lines(task, due))


def _todo_lines(task: Task) -> Iterator[str]:
    yield "BEGIN:VTODO"
    yield from _head(task)
    due = _due(task)
    if due is not None:
        # A rule counts from DTSTART, and DUE may not be the same: for a task they are one.
        yield _stamp("DUE" if task.recurrence is None else "DTSTART", due)
    if task.recurrence is not None and due is not None:
        yield f"RRULE:{task.recurrence}"
        if task.recurrence_from == RecurrenceFrom.COMPLETION.value:
            yield f"{RECURRENCE_FROM}:{task.recurrence_from}"
    if task.is_completed:
        yield "STATUS:COMPLETED"
        yield "PERCENT-COMPLETE:100"
        yield _stamp("COMPLETED", task.updated_at)
    else:
        yield "STATUS:NEEDS-ACTION"
    for reminder in task.reminders:
        yield from _alarm(task, reminder)
    yield "END:VTODO"


def _event_lines(task: Task, due: datetime | date) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield from _head(task)
    yield _stamp("DTSTART", due)
    is_moment = isinstance(due, datetime)
    yield _stamp("DTEND", due + (EVENT_LASTS if is_moment else timedelta(days=1)))
    # A rule of a moment follows the person's clock, which UTC does not: the next time alone is
    # shown then, and it is the only one that exists.
    if task.recurrence and not is_moment and task.recurrence_from == RecurrenceFrom.DUE.value:
        yield f"RRULE:{task.recurrence}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _head(task: Task) -> Iterator[str]:
    yield f"UID:task-{task.id}@taskwire"
    yield _stamp("DTSTAMP", task.updated_at)
    yield _stamp("CREATED", task.created_at)
    yield _stamp("LAST-MODIFIED", task.updated_at)
    yield f"SEQUENCE:{task.version - 1}"
    yield f"SUMMARY:{_text(task.title)}"
    if task.description:
        yield f"DESCRIPTION:{_text(task.description)}"
    if task.priority:
        yield f"PRIORITY:{_PRIORITIES[task.priority]}"


def _due(task: Task) -> datetime | date | None:
    return task.due_at or task.due_on


def _stamp(name: str, value: datetime | date) -> str:
    if isinstance(value, datetime):
        instant = value.astimezone(UTC)
        return f"{name}:{instant.year:04}{instant:%m%dT%H%M%S}Z"
    return f"{name};VALUE=DATE:{value.year:04}{value:%m%d}"


def _alarm(task: Task, reminder: Reminder) -> Iterator[str]:
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{_text(task.title)}"
    if isinstance(reminder, ReminderAt):
        yield _stamp("TRIGGER;VALUE=DATE-TIME", reminder.at)
    else:
        yield f"TRIGGER{_related(task)}:{_offset(task, reminder.minutes_before)}"
    yield "END:VALARM"


def _related(task: Task) -> str:
    """A to-do with DUE alone has no start to count from."""
    return ";RELATED=END" if task.recurrence is None else ""


def _offset(task: Task, minutes_before: int) -> str:
    after = -minutes_before
    if task.due_at is None:
        after += int(DAY_BEGINS.total_seconds()) // 60
    return f"{'-' if after < 0 else ''}PT{abs(after)}M"


def _text(value: str) -> str:
    """Escaped; characters that iCalendar cannot carry are left out."""
    clean = _UNPRINTABLE.sub("", _NEWLINES.sub("\n", value))
    return _SPECIAL.sub(lambda match: "\\" + match[0], clean).replace("\n", "\\n")


def _written(lines: Iterator[str]) -> bytes:
    return b"".join(_folded(line) for line in lines)


def _folded(line: str) -> bytes:
    """Lines of at most 75 octets; never in the middle of a character."""
    rest = line.encode()
    parts: list[bytes] = []
    room = LINE_OCTETS_MAX
    while len(rest) > room:
        cut = room
        while rest[cut] in _INSIDE_OF_CHARACTERS:
            cut -= 1
        parts.append(rest[:cut])
        rest = rest[cut:]
        room = LINE_OCTETS_MAX - 1  # the space before a continued line counts
    return b"\r\n ".join([*parts, rest]) + b"\r\n"
