from dataclasses import replace
from datetime import UTC, date, datetime

import orjson
from hypothesis import given
from hypothesis import strategies as st

from taskwire.application.representation import (
    numbered_frame,
    snapshot_json,
    task_json,
    unnumbered_frame,
)
from taskwire.domain.reminder import ReminderAt, ReminderBefore
from taskwire.domain.task import Task

TASK = Task(
    id=7,
    title="קפה",
    description="",
    is_completed=False,
    due_at=datetime(2026, 11, 24, 9, tzinfo=UTC),
    due_on=None,
    reminders=(ReminderAt(datetime(2026, 11, 24, 8, tzinfo=UTC)), ReminderBefore(30)),
    recurrence="FREQ=DAILY",
    recurrence_from="due",
    priority=1,
    version=3,
    created_at=datetime(2026, 11, 23, 9, 0, 0, 5, tzinfo=UTC),
    updated_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
)


def test_a_task_is_shown_as_the_contract_says() -> None:
    assert orjson.loads(task_json(TASK)) == {
        "id": 7,
        "title": "קפה",
        "description": "",
        "is_completed": False,
        "due_at": "2026-11-24T09:00:00Z",
        "due_on": None,
        "priority": 1,
        "reminders": [{"at": "2026-11-24T08:00:00Z"}, {"minutes_before": 30}],
        "recurrence": "FREQ=DAILY",
        "recurrence_from": "due",
        "version": 3,
        "created_at": "2026-11-23T09:00:00.000005Z",
        "updated_at": "2026-11-23T09:00:00Z",
    }


def test_a_day_is_shown_without_a_time() -> None:
    task = replace(TASK, due_at=None, due_on=date(2026, 2, 3))
    assert orjson.loads(task_json(task))["due_on"] == "2026-02-03"


@given(st.none() | st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1))
def test_a_frame_carries_the_key_of_its_write_as_it_was_given(key: str | None) -> None:
    frame = orjson.loads(numbered_frame("task_update", 128, key, b'{"id":7}'))
    assert list(frame) == ["type", "seq", *(["op"] if key else []), "data"]
    assert frame.get("op") == key


def test_an_unnumbered_frame_has_no_number() -> None:
    assert unnumbered_frame("job_update", b"{}") == b'{"type":"job_update","data":{}}'


def test_a_snapshot_says_its_place() -> None:
    snapshot = orjson.loads(snapshot_json([b'{"id":1}', b'{"id":2}'], "ab", 5, unread=2))
    assert snapshot == {"items": [{"id": 1}, {"id": 2}], "epoch": "ab", "seq": 5, "unread": 2}
