from datetime import UTC, date, datetime

import pytest

from taskwire.domain.errors import InvalidError
from taskwire.domain.imports import ImportFormat
from tests.unit.domain.exchange.files import fields, read_file

TODOIST = ImportFormat.TODOIST
HEADER = (
    "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE,"
    "DURATION,DURATION_UNIT,DEADLINE,DEADLINE_LANG\r\n"
)
EXPORT = (
    "\ufeff" + HEADER + "meta,view_style=list,,,,,,,,,,,,\r\n"
    ",,,,,,,,,,,,,\r\n"
    'task,"Pay rent, now",To the landlord,1,1,Ann (1),,every 1st at 9am,en,Asia/Jerusalem,,,,\r\n'
    "note,Account 12-345,,,,Ann (1),,,,,,,,\r\n"
    'note,"[[file {""name"": ""bill.pdf""}]]",,,,Ann (1),,,,,,,,\r\n'
    "section,Home,,,,,,,,,,,,\r\n"
    "task,לקנות חלב @shop,,4,1,Ann (1),,tomorrow,en,,,,,\r\n"
    "task,Oat milk,,3,2,Ann (1),Ben (2),,en,,30,minute,2026-12-24,en\r\n"
    "task,Look at the moon,,2,1,Ann (1),,every full moon,en,,,,,\r\n"
)


def test_an_export_becomes_tasks_with_dates_priorities_notes_and_rules() -> None:
    rent, milk, oat, moon = fields(EXPORT, TODOIST)
    assert rent["title"] == "Pay rent, now"
    assert rent["description"] == "To the landlord\n\nAccount 12-345"
    assert (rent["priority"], rent["due_at"]) == (3, datetime(2026, 12, 1, 7, tzinfo=UTC))
    assert (rent["recurrence"], rent["recurrence_from"]) == ("FREQ=MONTHLY;BYMONTHDAY=1", "due")
    assert (milk["title"], milk["due_on"], milk["priority"]) == (
        "לקנות חלב @shop",
        date(2026, 11, 27),
        0,
    )
    assert (oat["priority"], oat.get("due_on")) == (1, None)
    assert (moon["priority"], "due_on" in moon) == (2, False)


def test_what_has_no_place_here_is_said() -> None:
    assert read_file(EXPORT, TODOIST).not_carried == (
        "assignees",
        "attachments",
        "dates",
        "deadlines",
        "durations",
        "labels",
        "sections",
        "subtasks",
    )


def test_nothing_is_said_of_a_file_that_is_carried_whole() -> None:
    assert read_file(HEADER + "task,Milk,,4,1,,,,,,,,,\r\n", TODOIST).not_carried == ()


def test_a_date_counts_in_its_own_time_zone() -> None:
    row = "task,Call,,4,1,,,today at 23:30,en,America/New_York,,,,\r\n"
    (call,) = fields(HEADER + row, TODOIST)
    assert call["due_at"] == datetime(2026, 11, 27, 4, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("title,done\nx,1\n", "Line 1: this is no list from Todoist"),
        (HEADER + "task,x,,9,1,,,,,,,,,\n", "Line 2: PRIORITY is a number"),
        (HEADER + "chore,x,,1,1,,,,,,,,,\n", "Line 2: TYPE is task, section or note"),
        (HEADER + "task,,,1,1,,,,,,,,,\n", "Line 2: title may not be empty"),
        (HEADER, "The list is empty"),
    ],
)
def test_a_mistake_is_named_by_its_line(content: str, sentence: str) -> None:
    with pytest.raises(InvalidError) as caught:
        read_file(content, TODOIST)
    assert caught.value.message.startswith(sentence)


def test_a_note_full_of_beginnings_is_read_once() -> None:
    """A pattern would look for the end of each of them: hours for one cell."""
    note = "[[file {" * 12_000
    (task,) = fields(f"{HEADER}task,x,,4\nnote,{note[:19_000]},\n", TODOIST)
    assert task["description"].startswith("[[file {")
