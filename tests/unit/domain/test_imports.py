import contextlib
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskwire.domain.errors import InvalidError
from taskwire.domain.imports import ImportFormat, read_import
from tests.unit.domain.exchange.files import fields, read_file, reading

TEXT, CSV = ImportFormat.TEXT, ImportFormat.CSV


def read(content: str, import_format: ImportFormat = TEXT) -> list[dict[str, object]]:
    return fields(content, import_format)


def test_each_line_of_a_text_is_a_task() -> None:
    titles = [task["title"] for task in read("milk\r\n\n- bread\n  * שמן\n• eggs")]
    assert titles == ["milk", "bread", "שמן", "eggs"]


def test_check_marks_in_a_text_are_understood() -> None:
    tasks = read("- [x] paid\n- [ ] open\n[X] also\n-dash stays")
    assert [(task["title"], task["is_completed"]) for task in tasks] == [
        ("paid", True),
        ("open", False),
        ("also", True),
        ("-dash stays", False),
    ]


def test_a_byte_order_mark_is_no_part_of_the_title() -> None:
    assert read("\ufeffmilk")[0]["title"] == "milk"


def test_columns_of_a_csv_are_found_by_name() -> None:
    rows = (
        "Priority, Title ,is_completed,due_on,due_at,colour\r\n"
        '2,"Buy milk, fresh",yes,,2026-11-24T09:00:00+00:00,red\r\n'
        "\r\n"
        "0,Rent,no,2026-12-01,,\r\n"
    )
    assert read(rows, CSV) == [
        {
            "title": "Buy milk, fresh",
            "is_completed": True,
            "due_at": datetime(2026, 11, 24, 9, tzinfo=UTC),
            "due_on": None,
            "priority": 2,
        },
        {
            "title": "Rent",
            "is_completed": False,
            "due_on": date(2026, 12, 1),
            "due_at": None,
            "priority": 0,
        },
    ]


def test_a_csv_without_a_title_column_has_titles_first() -> None:
    assert [task["title"] for task in read("milk,2\nbread,1\n", CSV)] == ["milk", "bread"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("title\n" + "x" * 501, "Line 2: title"),
        ("title,priority\nmilk,burning", "Line 2: priority is not understood: burning"),
        ("title,priority\nmilk,9", "Line 2: priority is a number"),
        ("title,due_at\nmilk,2026-11-24T09:00", "Line 2: due_at needs a time zone"),
        ("title,due_on\nmilk,2026-02-30", "Line 2: due_on is not understood"),
        ("title,is_completed\nmilk,perhaps", "Line 2: is_completed is not understood"),
        ('title\n"milk"x', "Line 2: this is not CSV"),
        ("title\n", "The list is empty"),
        ("title,description\n,lost", "Line 2: title may not be empty"),
    ],
)
def test_a_mistake_in_a_csv_is_named_by_its_line(content: str, sentence: str) -> None:
    with pytest.raises(InvalidError) as caught:
        read(content, CSV)
    assert caught.value.message.startswith(sentence)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"milk\nbr\xe9ad", "Line 2: the file is not text in UTF-8"),
        (b"milk\nbread\n\x00", "Line 3: the file is not text, it contains NUL"),
        (b"\x89PNG\r\n", "Line 1: the file is not text in UTF-8"),
        (b"PK\x03\x04rest", "The file is not text. It is an archive"),
        (b"%PDF-1.7", "The file is not text. It is a PDF"),
        (b"\xff\xfem", "Line 1: the file is not text in UTF-16"),
        (b"\xff\xfe\x00\xd8m\x00", "Line 1: the file is not text in UTF-16"),
    ],
)
@pytest.mark.parametrize("import_format", ImportFormat)
def test_what_is_no_text_is_refused(
    content: bytes, sentence: str, import_format: ImportFormat
) -> None:
    with pytest.raises(InvalidError) as caught:
        read_file(content, import_format)
    assert caught.value.message.startswith(sentence)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_mark_says_which_encoding_it_is(encoding: str) -> None:
    assert fields("לקנות חלב\n".encode(encoding), TEXT)[0]["title"] == "לקנות חלב"


def test_a_list_is_bounded() -> None:
    with pytest.raises(InvalidError, match="more than 2 tasks"):
        read_import(b"a\nb\nc", TEXT, reading(), rows_max=2)


@given(st.binary(max_size=400), st.sampled_from(ImportFormat))
def test_any_bytes_are_a_list_or_a_sentence(content: bytes, import_format: ImportFormat) -> None:
    with contextlib.suppress(InvalidError):
        found = read_file(content, import_format)
        assert all(task.fields["title"] for task in found.tasks)
