"""C12 fails for each of its own reasons, and passes where all is well."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.faults.checker.model import Dump, Event, Stream
from tests.faults.checker.notice_laws import (
    JOBS_LISTED,
    NOTIFICATIONS_LISTED,
    jobs_ended,
    numbered,
    reminded,
)

TASKS, NEWS = "user:1:tasks", "user:1:notifications"
REMINDED = {
    "id": 7,
    "created_at": "2026-11-26T09:00:00Z",
    "reminders": [{"at": "2026-11-26T09:00:05Z"}],
}
TOLD = {"id": 1, "kind": "reminder_due", "task_id": 7, "created_at": "2026-11-26T09:00:05.4Z"}
ENDED = {"id": 2, "kind": "import_finished", "task_id": None, "created_at": "2026-11-26T09:01:00Z"}
JOB = {"id": 3, "person_id": 1, "status": "done", "done": 20, "total": 20}


def a_dump(*notifications: dict[str, Any]) -> Dump:
    events = [
        Event(NEWS, seq, "notification_created", None, row)
        for seq, row in enumerate(notifications, start=1)
    ]
    return Dump(
        epoch="e",
        streams={TASKS: Stream(0, 1, [Event(TASKS, 1, "task_created", "k", REMINDED)])},
        tasks={},
        news={NEWS: Stream(0, len(events), events)},
        notifications={NEWS: {row["id"]: row for row in notifications}},
        jobs=[JOB],
        taken_at=datetime(2026, 11, 26, 9, 5, tzinfo=UTC),
    )


def violations(dump: Dump) -> list[str]:
    checks = (numbered(dump), reminded(dump), jobs_ended(dump))
    found = [violation for check in checks for violation in check]
    assert {violation.law for violation in found} <= {"C12"}
    return [violation.example for violation in found]


def test_where_all_is_well_there_is_nothing_to_say() -> None:
    assert violations(a_dump(TOLD, ENDED)) == []


def test_what_was_deleted_meanwhile_or_set_into_the_past_need_not_be_told() -> None:
    well = a_dump(ENDED)
    deleted = Event(TASKS, 2, "task_deleted", "k2", {"task_id": 7})
    created = well.streams[TASKS].events[0]
    assert violations(replace(well, streams={TASKS: Stream(0, 2, [created, deleted])})) == []
    late = {**REMINDED, "created_at": "2026-11-26T09:00:06Z"}
    past = Event(TASKS, 1, "task_created", "k", late)
    assert violations(replace(well, streams={TASKS: Stream(0, 1, [past])})) == []


def pruned(*, kept: int = NOTIFICATIONS_LISTED, is_read: bool = True, gone: int = 1) -> Dump:
    """The upkeep has dropped the notification `gone`; `kept` others and some are left."""
    read_at = "2026-11-26T09:02:00Z" if is_read else None
    others = [{**ENDED, "id": 10 + number, "kind": "note"} for number in range(kept)]
    rows: list[dict[str, Any]] = [{**row, "read_at": read_at} for row in (TOLD, ENDED, *others)]
    whole = a_dump(*rows)
    left: dict[int, dict[str, Any]] = {row["id"]: row for row in rows if row["id"] != gone}
    return replace(whole, notifications={NEWS: left})


def test_what_was_read_may_be_forgotten_beneath_what_is_listed() -> None:
    assert violations(pruned()) == []


def test_jobs_may_be_forgotten_beneath_what_is_listed() -> None:
    ends = [{**ENDED, "id": 10 + number} for number in range(JOBS_LISTED)]
    left = [{**JOB, "id": 10 + number} for number in range(JOBS_LISTED)]
    assert violations(replace(a_dump(TOLD, ENDED, *ends), jobs=left)) == []


BROKEN: dict[str, tuple[Callable[[], Dump], str]] = {
    "lost": (lambda: a_dump(ENDED), "never told"),
    "twice": (lambda: a_dump(TOLD, ENDED, {**TOLD, "id": 3}), "told 2 times"),
    "early": (
        lambda: a_dump({**TOLD, "created_at": "2026-11-26T09:00:04Z"}, ENDED),
        "told before",
    ),
    "a row without its event": (
        lambda: replace(a_dump(TOLD, ENDED), news={NEWS: Stream(0, 0, [])}),
        "rows and events differ",
    ),
    "forgotten unread": (lambda: pruned(is_read=False), "rows and events differ"),
    "forgotten of the listed": (
        lambda: pruned(kept=NOTIFICATIONS_LISTED - 2),
        "rows and events differ",
    ),
    "forgotten from the middle": (lambda: pruned(gone=20), "rows and events differ"),
    "a gap": (
        lambda: replace(
            a_dump(TOLD, ENDED),
            news={NEWS: Stream(0, 2, [Event(NEWS, 2, "notification_created", None, TOLD)])},
        ),
        "odd at",
    ),
    "an end nobody was told of": (lambda: a_dump(TOLD), "0 import_finished for 1 jobs"),
    "an end told twice": (
        lambda: a_dump(TOLD, ENDED, {**ENDED, "id": 3}),
        "2 import_finished for 1 jobs",
    ),
    "half a job": (
        lambda: replace(a_dump(TOLD, ENDED), jobs=[{**JOB, "done": 19}]),
        "19 of 20",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_way_of_being_wrong_is_found(name: str) -> None:
    make, words = BROKEN[name]
    assert any(words in example for example in violations(make()))
