"""When a person wants to be reminded of a task: at an instant, or so long before it is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from taskwire.domain.errors import InvalidError
from taskwire.domain.text import in_utc

REMINDERS_MAX = 10
MINUTES_BEFORE_MAX = 28 * 24 * 60


@dataclass(frozen=True, slots=True)
class ReminderAt:
    at: datetime


@dataclass(frozen=True, slots=True)
class ReminderBefore:
    """Counts from `due_at`, or from the morning of `due_on`."""

    minutes_before: int


Reminder: TypeAlias = ReminderAt | ReminderBefore
Reminders: TypeAlias = tuple[Reminder, ...]


def check_reminders(given: Sequence[Reminder]) -> Reminders:
    """The reminders in UTC, in the order given; raises InvalidError."""
    if len(given) > REMINDERS_MAX:
        raise InvalidError(f"A task may have at most {REMINDERS_MAX} reminders.")
    return tuple(_checked(reminder) for reminder in given)


def _checked(reminder: Reminder) -> Reminder:
    match reminder:
        case ReminderAt(at):
            return ReminderAt(in_utc(at, name="reminders.at"))
        case ReminderBefore(minutes) if not 0 <= minutes <= MINUTES_BEFORE_MAX:
            raise InvalidError(f"minutes_before is a number from 0 to {MINUTES_BEFORE_MAX}.")
        case _:
            return reminder
