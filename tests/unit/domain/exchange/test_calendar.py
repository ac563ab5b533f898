import contextlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskwire.domain.errors import InvalidError
from taskwire.domain.exchange.calendar_lines import (
    COMPONENTS_MAX,
    LINE_CHARACTERS_MAX,
    PROPERTIES_MAX,
)
from taskwire.domain.exchange.calendar_writer import CALENDAR_BEGIN, CALENDAR_END, event, todo
from taskwire.domain.imports import ImportFormat
from taskwire.domain.reminder import ReminderAt, ReminderBefore
from tests.unit.domain.exchange.files import fields, read_file
from tests.unit.domain.exchange.tasks import UPDATED, a_task

ICS = ImportFormat.ICS


def calendar(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""])


def a_todo(*lines: str) -> str:
    return calendar("BEGIN:VTODO", "UID:1", "SUMMARY:x", *lines, "END:VTODO")


def parsed(written: bytes, name: str) -> list[Any]:
    """What the field's own library reads of it."""
    return list(icalendar.Calendar.from_ical(written).walk(name))


def test_a_todo_brings_what_it_has() -> None:
    content = calendar(
        "BEGIN:VTODO",
        "UID:1",
        "SUMMARY:Pay rent\\, now",
        "DESCRIPTION:To the\\nlandlord\\; he w",
        " aits",
        "DUE;TZID=Asia/Jerusalem:20261201T090000",
        "PRIORITY:1",
        "STATUS:COMPLETED",
        "RRULE:FREQ=MONTHLY;BYMONTHDAY=1",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER;RELATED=END:-PT15M",
        "END:VALARM",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER;VALUE=DATE-TIME:20261130T120000Z",
        "END:VALARM",
        "END:VTODO",
    )
    (task,) = fields(content, ICS)
    assert task == {
        "title": "Pay rent, now",
        "description": "To the\nlandlord; he waits",
        "is_completed": True,
        "due_at": datetime(2026, 12, 1, 7, tzinfo=UTC),
        "due_on": None,
        "priority": 3,
        "recurrence": "FREQ=MONTHLY;BYMONTHDAY=1",
        "recurrence_from": "due",
        "reminders": (ReminderBefore(15), ReminderAt(datetime(2026, 11, 30, 12, tzinfo=UTC))),
    }


def test_an_event_without_end_is_kept_as_a_rule_and_not_expanded() -> None:
    content = calendar(
        "BEGIN:VEVENT",
        "DTSTART;VALUE=DATE:19990101",
        "DTEND;VALUE=DATE:19990102",
        "SUMMARY:Water the plants",
        "RRULE:FREQ=DAILY",
        "END:VEVENT",
    )
    found = read_file(content, ICS)
    (task,) = found.tasks
    assert task.fields["due_on"] == date(1999, 1, 1)
    assert task.fields["recurrence"] == "FREQ=DAILY"
    assert found.not_carried == ("durations",)


def test_what_has_no_place_here_is_said() -> None:
    content = calendar(
        "BEGIN:VTIMEZONE",
        "TZID:Elsewhere",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "END:STANDARD",
        "END:VTIMEZONE",
        "BEGIN:VEVENT",
        "DTSTART;TZID=Elsewhere:20261201T090000",
        "SUMMARY:Meet",
        "LOCATION:Here",
        "ATTENDEE:mailto:ben@example.org",
        "CATEGORIES:work",
        "RRULE:FREQ=YEARLY;BYEASTER=1",
        "EXDATE:20261208T090000Z",
        "BEGIN:VALARM",
        "TRIGGER:PT15M",
        "END:VALARM",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "RECURRENCE-ID:20261215T090000Z",
        "SUMMARY:Meet, but later",
        "END:VEVENT",
        "BEGIN:VTODO",
        "STATUS:CANCELLED",
        "SUMMARY:Never mind",
        "END:VTODO",
    )
    found = read_file(content, ICS)
    (task,) = found.tasks
    assert task.fields["due_at"] == datetime(2026, 12, 1, 7, tzinfo=UTC), "the person's zone"
    assert found.not_carried == (
        "cancelled",
        "exceptions",
        "guests",
        "labels",
        "places",
        "recurrence",
        "reminders",
        "time_zones",
    )


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [("0", 0), ("1", 3), ("4", 3), ("5", 2), ("6", 1), ("9", 1)],
)
def test_priorities_are_those_of_the_rfc(given_value: str, expected: int) -> None:
    (task,) = fields(a_todo(f"PRIORITY:{given_value}"), ICS)
    assert task["priority"] == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("DUE;VALUE=DATE:20261201", "DTSTART;VALUE=DATE:20261130"), 540 + 1440 + 60),
        (("DUE:20261201T090000Z", "DTSTART:20261201T080000Z"), 120),
        (("DTSTART:20261201T080000Z",), 60),
        (("DTSTART;VALUE=DATE:20261201",), 540 + 60),
    ],
)
def test_an_alarm_counts_from_where_its_todo_begins(lines: tuple[str, ...], expected: int) -> None:
    alarm = ("BEGIN:VALARM", "TRIGGER:-PT1H", "END:VALARM")
    (task,) = fields(a_todo(*lines, *alarm), ICS)
    assert task["reminders"] == (ReminderBefore(expected),)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("milk\nbread\n", "Line 1: this is not iCalendar: milk"),
        ("SUMMARY:x\n", "Line 1: a calendar begins with BEGIN:VCALENDAR"),
        ("BEGIN:VTODO\nEND:VTODO\n", "Line 1: a calendar begins with BEGIN:VCALENDAR"),
        ("BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:x\n", "Line 2: VTODO does not end"),
        ("BEGIN:VCALENDAR\nBEGIN:VTODO\nEND:VEVENT\n", "Line 3: VTODO of line 2 does not end"),
        ("BEGIN:VCALENDAR\n" * 9, "Line 5: components more than 4 deep"),
        (a_todo("DUE:tomorrow"), "Line 6: DUE is not understood: tomorrow"),
        (a_todo("DUE:20260230"), "Line 6: DUE: day is out of range"),
        (a_todo("DUE:00010101T000000", "X:y"), "Line 3: due_at is outside the calendar"),
        (a_todo("PRIORITY:high"), "Line 6: PRIORITY is a number"),
        (a_todo("RRULE:FREQ=SECONDLY"), "Line 6: a task repeats daily at most"),
        (a_todo("RRULE:INTERVAL=1;FREQ=MINUTELY"), "Line 6: a task repeats daily at most"),
        (a_todo('SUMMARY;X="unclosed:y'), "Line 6: this is not iCalendar"),
        (a_todo(*["X-A:b"] * PROPERTIES_MAX), "Line 504: VTODO has more than 500 properties"),
        (a_todo("X-A:" + "b" * LINE_CHARACTERS_MAX), "Line 6: the line has more than"),
        (a_todo("X-A:b", *[" " + "c" * 999] * 101), "Line 6: the line has more than"),
        (
            calendar(*["BEGIN:VALARM", "END:VALARM"] * COMPONENTS_MAX),
            "Line 200001: more than 100000 components",
        ),
        (calendar("BEGIN:VTODO", f"SUMMARY:{'x' * 501}", "END:VTODO"), "Line 3: title may have"),
        (calendar(), "The list is empty"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_its_line(content: str, sentence: str) -> None:
    with pytest.raises(InvalidError) as caught:
        read_file(content, ICS)
    assert caught.value.message.startswith(sentence)


EVERY_FEATURE: list[dict[str, Any]] = [
    {"title": "plain"},
    {"title": "Shopping, for; the \\ weekend", "description": "milk\nbread; eggs, \\n\n" * 20},
    {"title": "לקנות חלב 🥛 " * 20, "priority": 1},
    {"is_completed": True, "due_on": date(2026, 12, 24), "priority": 3},
    {"due_at": datetime(2026, 12, 1, 9, tzinfo=UTC), "reminders": (ReminderBefore(0),)},
    {
        "due_on": date(2026, 12, 24),
        "reminders": (ReminderBefore(0), ReminderBefore(540), ReminderBefore(2000)),
    },
    {
        "due_at": datetime(2026, 12, 1, 9, tzinfo=UTC),
        "recurrence": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH",
        "recurrence_from": "completion",
        "reminders": (ReminderBefore(15), ReminderAt(datetime(2026, 11, 30, tzinfo=UTC))),
        "priority": 2,
    },
    {"due_on": date(2026, 12, 24), "recurrence": "FREQ=MONTHLY;BYMONTHDAY=-1"},
]


@pytest.mark.parametrize("given_fields", EVERY_FEATURE)
def test_our_own_calendar_gives_back_the_same_task(given_fields: dict[str, Any]) -> None:
    task = a_task(**given_fields)
    found = read_file(CALENDAR_BEGIN + todo(task) + CALENDAR_END, ICS)
    back = found.tasks[0].as_new_task()
    expected = {name: getattr(task, name) for name in back}
    expected["title"] = " ".join(task.title.split())
    assert back == expected
    assert found.not_carried == ()


@pytest.mark.parametrize("given_fields", EVERY_FEATURE)
def test_a_stranger_reads_the_same_in_our_calendar(given_fields: dict[str, Any]) -> None:
    task = a_task(**given_fields)
    written = CALENDAR_BEGIN + todo(task) + CALENDAR_END
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    assert b"\n" not in written.replace(b"\r\n", b"")
    (read,) = parsed(written, "VTODO")
    assert read.errors == []
    assert str(read["SUMMARY"]) == task.title
    assert str(read.get("DESCRIPTION", "")) == task.description
    assert read["DTSTAMP"].dt == UPDATED
    due = read.get("DUE") or read.get("DTSTART")
    assert (due and due.dt) == (task.due_at or task.due_on)
    assert len(read.walk("VALARM")) == len(task.reminders)


def test_a_feed_has_events_for_what_is_due_and_open() -> None:
    moment = datetime(2026, 12, 1, 9, tzinfo=UTC)
    tasks = [
        a_task(id=1, due_on=date(2026, 12, 24), recurrence="FREQ=YEARLY"),
        a_task(id=2, due_at=moment, recurrence="FREQ=DAILY"),
        a_task(id=3, due_at=moment, is_completed=True),
        a_task(id=4),
    ]
    written = CALENDAR_BEGIN + b"".join(event(task) for task in tasks) + CALENDAR_END
    day, time = parsed(written, "VEVENT")
    assert (day["UID"], day["DTSTART"].dt, day["DTEND"].dt) == (
        "task-1@taskwire",
        date(2026, 12, 24),
        date(2026, 12, 25),
    )
    assert (time["DTSTART"].dt, time["DTEND"].dt) == (moment, moment + timedelta(minutes=30))
    assert "RRULE" in day
    assert "RRULE" not in time, "UTC does not follow the person's clock"


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=300))
def test_any_title_fits_into_lines_and_comes_back(title: str) -> None:
    written = CALENDAR_BEGIN + todo(a_task(title=title)) + CALENDAR_END
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    (read,) = parsed(written, "VTODO")
    assert str(read["SUMMARY"]) == title


@given(st.lists(st.sampled_from(
    ["BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VTODO", "END:VTODO", "BEGIN:VALARM", "END:VALARM",
     "SUMMARY:x", "DUE:20261201T090000Z", "DTSTART;VALUE=DATE:20261201", "TRIGGER:-P1W",
     "RRULE:FREQ=DAILY", "RRULE:FREQ=SECONDLY", " folded", 'X;A="b":c', "nonsense", "DUE:99999999",
     "TRIGGER;VALUE=DATE-TIME:20261201", "DUE;TZID=../../etc/passwd:20261201T090000"]
), max_size=14))  # fmt: skip
def test_any_lines_are_tasks_or_a_sentence(lines: list[str]) -> None:
    content = "\n".join(["BEGIN:VCALENDAR", "BEGIN:VTODO", *lines, "END:VTODO", "END:VCALENDAR"])
    with contextlib.suppress(InvalidError):
        assert all(task.as_new_task()["title"] for task in read_file(content, ICS).tasks)
