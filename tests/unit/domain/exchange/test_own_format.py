from datetime import UTC, date, datetime
from typing import Any

import orjson
import pytest

from taskwire.domain.errors import InvalidError
from taskwire.domain.exchange.own_format import BRACKETS_MAX, write_own_format
from taskwire.domain.imports import ImportFormat
from taskwire.domain.reminder import ReminderAt, ReminderBefore
from taskwire.domain.task import check_changes
from tests.unit.domain.exchange.files import read_file

OWN = ImportFormat.TASKWIRE
TASKS: list[dict[str, Any]] = [
    {"title": "plain"},
    {"title": "=1+1", "description": "two\r\nlines \u202e\t\x01", "is_completed": True, "priority": 3},
    {"title": "לקנות חלב", "due_on": date(2026, 12, 24), "reminders": (ReminderBefore(0),)},
    {
        "title": "often",
        "due_at": datetime(2026, 12, 1, 9, 0, 0, 1, tzinfo=UTC),
        "reminders": (ReminderBefore(15), ReminderAt(datetime(2026, 11, 30, tzinfo=UTC))),
        "recurrence": "FREQ=WEEKLY;BYDAY=TU",
        "recurrence_from": "completion",
    },
]  # fmt: skip


def document(*tasks: object, **more: object) -> bytes:
    return orjson.dumps({"format": "taskwire", "version": 1, "tasks": list(tasks), **more})


def test_what_waits_for_a_worker_is_what_was_read() -> None:
    tasks = [check_changes(fields) for fields in TASKS]
    found = read_file(write_own_format(tasks), OWN)
    assert [task.as_new_task() for task in found.tasks] == [task.as_new_task() for task in tasks]
    assert found.not_carried == ()


def test_what_the_server_owns_is_left_and_what_is_strange_is_said() -> None:
    found = read_file(document({"title": "x", "id": 7, "version": 3, "colour": "red"}), OWN)
    assert dict(found.tasks[0].fields) == {"title": "x"}
    assert found.not_carried == ("fields",)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'{"format":"taskwire",\n"version":1,\n', "Line 3: this is not JSON"),
        (b"[" * 5000, "Line 1: this is not JSON"),
        (b"[" * (BRACKETS_MAX + 1), "The file has more than 1000000 lists"),
        (b"[]", "The file is not from Taskwire"),
        (b'{"tasks":[]}', "The file is not from Taskwire"),
        (b'{"format":"taskwire","version":2,"tasks":[]}', "The file has version 2"),
        (b'{"format":"taskwire","version":1}', 'The file has no list of "tasks"'),
        (document(), "The list is empty"),
        (document("milk"), "Task 1: a task is an object"),
        (document({"title": "x"}, {"title": " "}), "Task 2: title may not be empty"),
        (document({"title": 7}), "Task 1: title is not understood: 7"),
        (document({"title": "x", "is_completed": 1}), "Task 1: is_completed is not understood"),
        (document({"title": "x", "priority": True}), "Task 1: priority is not understood"),
        (document({"title": "x", "due_at": "soon"}), "Task 1: due_at is not understood"),
        (document({"title": "x", "due_at": "2026-12-01T09:00:00"}), "Task 1: due_at needs a time"),
        (document({"title": "x", "reminders": [{}]}), "Task 1: reminders is not understood"),
        (document({"title": "x", "reminders": [7]}), "Task 1: reminders is not understood"),
        (document({"title": "x", "recurrence": "FREQ=SECONDLY"}), "Task 1: recurrence"),
    ],
)
def test_a_mistake_is_named_by_its_task(content: bytes, sentence: str) -> None:
    with pytest.raises(InvalidError) as caught:
        read_file(content, OWN)
    assert caught.value.message.startswith(sentence)
