"""To-dos and events of a calendar as tasks. A rule that repeats for ever is kept as a rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo

from taskwire.domain.errors import InvalidError
from taskwire.domain.exchange.calendar_lines import Component, Property, read_components
from taskwire.domain.exchange.days import known_zone
from taskwire.domain.exchange.draft import Draft, Drafts, Loss, Reading
from taskwire.domain.reminder import REMINDERS_MAX, Reminder, ReminderAt, ReminderBefore
from taskwire.domain.task import FieldValue, check_changes

DAY_BEGINS = timedelta(hours=9)
"""A reminder of a task that is due on a day counts from this time of it; in calendars, from 0:00."""

RECURRENCE_FROM = "X-TASKWIRE-RECURRENCE-FROM"
UNTITLED = "Untitled"

_WANTED = frozenset({"VTODO", "VEVENT"})
_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z)?)?")
_DURATION = re.compile(
    r"([+-]?)P(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?"
)
_TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
_HIGH, _MEDIUM = range(1, 5), 5

_LOSSES: Mapping[str, Loss] = {
    "ATTACH": Loss.ATTACHMENTS,
    "ATTENDEE": Loss.GUESTS,
    "CATEGORIES": Loss.LABELS,
    "EXDATE": Loss.EXCEPTIONS,
    "EXRULE": Loss.EXCEPTIONS,
    "RDATE": Loss.EXCEPTIONS,
    "DURATION": Loss.DURATIONS,
    "DTEND": Loss.DURATIONS,
    "LOCATION": Loss.PLACES,
    "RELATED-TO": Loss.SUBTASKS,
}

Due = datetime | date | None


def read_calendar(text: str, reading: Reading) -> Drafts:
    for component in read_components(text, _WANTED):
        status = component.find("STATUS")
        if status is not None and status.value.upper() == "CANCELLED":
            reading.losses.add(Loss.CANCELLED)
        elif component.has("RECURRENCE-ID"):
            reading.losses.add(Loss.EXCEPTIONS)  # one time of a series that differs from its rule
        else:
            reading.losses.update(loss for name, loss in _LOSSES.items() if component.has(name))
            yield Draft(f"Line {component.line}", _fields(component, reading))


def _fields(component: Component, reading: Reading) -> Mapping[str, FieldValue]:
    due = _due(component, reading)
    fields: dict[str, FieldValue] = {
        "title": _title(component),
        "description": _text(component, "DESCRIPTION"),
        "is_completed": _is_completed(component),
        "priority": _priority(component),
    }
    if isinstance(due, datetime):
        fields["due_at"] = due
    elif due is not None:
        fields["due_on"] = due
    reminders = [_reminder(alarm, component, due, reading) for alarm in component.inner]
    kept = [reminder for reminder in reminders if reminder is not None]
    return {**fields, **_recurrence(component, due, reading), **_reminders(kept, reading)}


def _title(component: Component) -> str:
    return " ".join(_text(component, "SUMMARY").split()) or UNTITLED


def _text(component: Component, name: str) -> str:
    found = component.find(name)
    return "" if found is None else found.text


def _is_completed(component: Component) -> bool:
    status = component.find("STATUS")
    if status is not None and status.value.upper() == "COMPLETED":
        return True
    return component.name == "VTODO" and component.has("COMPLETED")


def _priority(component: Component) -> int:
    """1 to 4 is high, 5 medium, 6 to 9 low, 0 none (RFC 5545, 3.8.1.9)."""
    found = component.find("PRIORITY")
    if found is None or found.value.strip() == "0":
        return 0
    if not re.fullmatch(r"[1-9]", found.value.strip()):
        raise InvalidError(f"Line {found.line}: PRIORITY is a number from 0 to 9.")
    value = int(found.value)
    if value in _HIGH:
        return 3
    return 2 if value == _MEDIUM else 1


def _due(component: Component, reading: Reading) -> Due:
    found = component.find("DUE") or component.find("DTSTART")
    return None if found is None else _stamp(found, reading)


def _stamp(one: Property, reading: Reading) -> datetime | date:
    match = _STAMP.fullmatch(one.value.strip())
    if match is None:
        raise InvalidError(f"Line {one.line}: {one.name} is not understood: {one.value[:40]}")
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
        if match[4] is None:
            return day
        # A leap second is told as the second before it: no clock of ours has it.
        moment = datetime(
            day.year, day.month, day.day, int(match[4]), int(match[5]), min(int(match[6]), 59),
            tzinfo=UTC,
        )  # fmt: skip
    except ValueError as error:
        raise InvalidError(f"Line {one.line}: {one.name}: {error}.") from error
    return moment if match[7] else moment.replace(tzinfo=_zone(one, reading))


def _zone(one: Property, reading: Reading) -> tzinfo:
    """The zone a time is in: its own if we know it; a time without one is the person's."""
    name = one.parameters.get("TZID")
    if name is None:
        return reading.zone
    zone = known_zone(name)
    if zone is None:
        reading.losses.add(Loss.TIME_ZONES)
    return zone or reading.zone


def _recurrence(component: Component, due: Due, reading: Reading) -> Mapping[str, FieldValue]:
    """The rule, if it is one of ours. What fires all day long is no task: that is refused."""
    found = component.find("RRULE")
    if found is None:
        return {}
    rule = found.value.strip().upper()
    if any(f"FREQ={often}" in rule.split(";") for often in _TOO_OFTEN):
        raise InvalidError(f"Line {found.line}: a task repeats daily at most, not {rule[:60]}.")
    origin = component.find(RECURRENCE_FROM)
    is_from_completion = origin is not None and origin.value.strip().lower() == "completion"
    fields: dict[str, FieldValue] = {
        "recurrence": rule,
        "recurrence_from": "completion" if is_from_completion else "due",
    }
    return fields if due is not None and _holds(fields) else _lost(Loss.RECURRENCE, reading)


def _reminders(reminders: list[Reminder], reading: Reading) -> Mapping[str, FieldValue]:
    kept = tuple(reminder for reminder in reminders if _holds({"reminders": (reminder,)}))
    if kept != tuple(reminders) or len(kept) > REMINDERS_MAX:
        reading.losses.add(Loss.REMINDERS)
    return {"reminders": kept[:REMINDERS_MAX]} if kept else {}


def _holds(fields: Mapping[str, FieldValue]) -> bool:
    try:
        check_changes(fields)
    except InvalidError:
        return False
    return True


def _lost(loss: Loss, reading: Reading) -> Mapping[str, FieldValue]:
    reading.losses.add(loss)
    return {}


def _reminder(
    alarm: Component, component: Component, due: Due, reading: Reading
) -> Reminder | None:
    trigger = alarm.find("TRIGGER")
    if alarm.name != "VALARM" or trigger is None:
        return None
    if trigger.parameters.get("VALUE", "").upper() == "DATE-TIME":
        moment = _stamp(trigger, reading)
        return ReminderAt(moment) if isinstance(moment, datetime) else None
    minutes = _minutes_before(trigger, component, due, reading)
    if minutes is None:
        reading.losses.add(Loss.REMINDERS)
        return None
    return ReminderBefore(minutes)


def _minutes_before(
    trigger: Property, component: Component, due: Due, reading: Reading
) -> int | None:
    """How long before the due time; None for what comes after it, or has nothing to count from."""
    after = _duration(trigger)
    if due is None or after is None:
        return None
    if not isinstance(due, datetime):
        after -= DAY_BEGINS
    begin = component.find("DTSTART")
    if component.has("DUE") and begin and trigger.parameters.get("RELATED") != "END":
        between = _between(due, _stamp(begin, reading))
        if between is None:
            return None
        after += between
    seconds = -int(after.total_seconds())
    return None if seconds < 0 else seconds // 60


def _between(due: datetime | date, started: datetime | date) -> timedelta | None:
    if isinstance(due, datetime) and isinstance(started, datetime):
        return started - due
    if isinstance(due, datetime) or isinstance(started, datetime):
        return None  # a moment and a day
    return started - due


def _duration(one: Property) -> timedelta | None:
    match = _DURATION.fullmatch(one.value.strip().upper())
    if match is None or not any(match.groups()[1:]):
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -length if match[1] == "-" else length
