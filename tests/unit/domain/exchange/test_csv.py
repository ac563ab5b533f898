from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskwire.domain.errors import InvalidError
from taskwire.domain.exchange.csv_table import CELL_CHARACTERS_MAX, COLUMNS_MAX, harmless, original
from taskwire.domain.exchange.csv_writer import csv_header, csv_task
from taskwire.domain.imports import ImportFormat
from taskwire.domain.reminder import ReminderAt, ReminderBefore
from tests.unit.domain.exchange.files import fields, read_file
from tests.unit.domain.exchange.tasks import a_task

CSV = ImportFormat.CSV


@pytest.mark.parametrize(
    ("header", "mapping"),
    [
        ("Task Name,Notes,Due Date,Done", {"title": "Task Name", "description": "Notes", "due": "Due Date", "is_completed": "Done"}),
        ("משימה;תאריך יעד;עדיפות;הושלם", {"title": "משימה", "due": "תאריך יעד", "priority": "עדיפות", "is_completed": "הושלם"}),
        ("Subject\tImportance", {"title": "Subject", "priority": "Importance"}),
    ],
)  # fmt: skip
def test_columns_are_guessed_by_their_names(header: str, mapping: dict[str, str]) -> None:
    (delimiter,) = {one for one in ",;\t" if one in header}
    columns = header.split(delimiter)
    row = delimiter.join("milk" if name == mapping["title"] else "" for name in columns)
    found = read_file(f"{header}\n{row}\n", CSV)
    assert (found.mapping, list(found.columns)) == (mapping, columns)
    assert found.tasks[0].fields["title"] == "milk"


def test_a_mapping_that_is_given_is_used_and_what_is_left_is_said() -> None:
    content = "a,b,c,Tags\nx,2026-12-24,milk,shop\n"
    found = read_file(content, CSV, {"title": "c", "due": "b"})
    assert dict(found.tasks[0].fields) == {
        "title": "milk",
        "due_on": date(2026, 12, 24),
        "due_at": None,
    }
    assert found.not_carried == ("columns", "labels")


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({"due": "b"}, "mapping: say which column has the titles"),
        ({"title": "z"}, "mapping: the file has no column z"),
        ({"title": "a", "colour": "b"}, "mapping: colour is no field"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(mapping: dict[str, str], sentence: str) -> None:
    with pytest.raises(InvalidError) as caught:
        read_file("a,b\n1,2\n", CSV, mapping)
    assert caught.value.message.startswith(sentence)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-12-24", {"due_on": date(2026, 12, 24)}),
        ("24/12/2026", {"due_on": date(2026, 12, 24)}),
        ("12/24/2026", {"due_on": date(2026, 12, 24)}),
        ("3.4.2026", {"due_on": date(2026, 4, 3)}),
        ("2026-12-24T09:00:00Z", {"due_at": datetime(2026, 12, 24, 9, tzinfo=UTC)}),
        ("24.12.2026 09:00", {"due_at": datetime(2026, 12, 24, 7, tzinfo=UTC)}),
    ],
)
def test_a_date_may_be_written_in_the_ways_people_do(
    cell: str, expected: dict[str, object]
) -> None:
    (task,) = fields(f"title,due\nmilk,{cell}\n", CSV)
    assert {name: task[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("title," * COLUMNS_MAX + "x\n", f"Line 1: more than {COLUMNS_MAX} columns"),
        (f"title\n{'x' * (CELL_CHARACTERS_MAX + 1)}\n", "Line 2: a cell has more than"),
        (f"title\n{'x' * 200_000}\n", "Line 2: this is not CSV"),
        ("title,due\nmilk,30.2.2026\n", "Line 2: due is not understood"),
        (f"title,due\nmilk,{'T' * 90_000}\n", "Line 2: due is not understood"),
        ("title,priority\nmilk,very\n", "Line 2: priority is not understood"),
        ("title,recurrence\nmilk,FREQ=SECONDLY\n", "Line 2: recurrence"),
        ("title,reminders\nmilk,soon\n", "Line 2: reminders is not understood"),
    ],
)
def test_a_mistake_is_named_by_its_line(content: str, sentence: str) -> None:
    with pytest.raises(InvalidError) as caught:
        read_file(content, CSV)
    assert caught.value.message.startswith(sentence)


def test_a_formula_stays_the_text_it_was() -> None:
    (task,) = fields('title\n"=HYPERLINK(""http://x"",""y"")"\n', CSV)
    assert task["title"] == '=HYPERLINK("http://x","y")'


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_of_an_export_is_run_by_a_spreadsheet(cell: str) -> None:
    assert harmless(cell) == "'" + cell


@given(st.text(alphabet="'=+-@\t\ra ", max_size=6) | st.text(max_size=20))
def test_every_cell_comes_back_as_it_was(cell: str) -> None:
    assert original(harmless(cell)) == cell


def test_our_own_csv_gives_back_the_same_tasks() -> None:
    reminders = (ReminderBefore(15), ReminderAt(datetime(2026, 12, 1, 7, tzinfo=UTC)))
    tasks = [
        a_task(title="=cmd|' /C calc'!A1", description="'=a\r\nline \"two\", לשבת"),
        a_task(is_completed=True, priority=3, due_on=date(2026, 12, 24), reminders=reminders),
        a_task(due_at=datetime(2026, 12, 1, 9, 0, 0, 1, tzinfo=UTC), recurrence="FREQ=DAILY", recurrence_from="completion"),
    ]  # fmt: skip
    found = read_file(csv_header() + b"".join(csv_task(task) for task in tasks), CSV)
    assert found.not_carried == ("timestamps",)
    for task, back in zip(tasks, found.tasks, strict=True):
        given = back.as_new_task()
        assert {name: given[name] for name in given} == {
            name: getattr(task, name) for name in given
        }


def test_a_table_of_unknown_names_still_says_its_columns() -> None:
    found = read_file("What,When\nmilk,2026-12-01\n", CSV)
    assert (found.columns, found.mapping) == (("What", "When"), {})
    assert [task.fields["title"] for task in found.tasks] == ["What", "milk"]
