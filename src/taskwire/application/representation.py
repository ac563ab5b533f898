"""How things look in JSON, in one place.

GET, the answer to a write, the event in the log and the frame on a socket are equal byte for byte
because all of them come from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import orjson

from taskwire.domain.imports import ImportedList
from taskwire.domain.job import Job
from taskwire.domain.notification import Notification
from taskwire.domain.reminder import Reminder, ReminderAt, ReminderBefore, Reminders
from taskwire.domain.task import Task, TaskChanges

# RFC 3339 in UTC, with `Z`.
_OPTIONS = orjson.OPT_UTC_Z


def task_json(task: Task) -> bytes:
    return orjson.dumps(
        {
            "id": task.id,
            "title": task.title,
            "description": task.description,
            "is_completed": task.is_completed,
            "due_at": task.due_at,
            "due_on": task.due_on,
            "priority": task.priority,
            "reminders": reminders_shown(task.reminders),
            "recurrence": task.recurrence,
            "recurrence_from": task.recurrence_from,
            "version": task.version,
            "created_at": task.created_at,
            "updated_at": task.updated_at,
        },
        option=_OPTIONS,
    )


def reminders_shown(reminders: Reminders) -> list[dict[str, datetime | int]]:
    return [_reminder_shown(reminder) for reminder in reminders]


def _reminder_shown(reminder: Reminder) -> dict[str, datetime | int]:
    match reminder:
        case ReminderAt(at):
            return {"at": at}
        case ReminderBefore(minutes):
            return {"minutes_before": minutes}


def task_deleted_json(task_id: int) -> bytes:
    return b'{"task_id":%d}' % task_id


def notification_json(notification: Notification) -> bytes:
    return orjson.dumps(
        {
            "id": notification.id,
            "kind": notification.kind,
            "title": notification.title,
            "body": notification.body,
            "task_id": notification.task_id,
            "read_at": notification.read_at,
            "created_at": notification.created_at,
        },
        option=_OPTIONS,
    )


def job_json(job: Job) -> bytes:
    return orjson.dumps(
        {
            "id": job.id,
            "kind": job.kind,
            "status": job.status.value,
            "done": job.done,
            "total": job.total,
            "error": job.error,
            "name": job.name,
        }
    )


def jobs_json(jobs: Sequence[Job]) -> bytes:
    return b'{"items":[%b]}' % b",".join(job_json(job) for job in jobs)


def preview_json(found: ImportedList, shown_max: int) -> bytes:
    """What a file would become, said before anything is done."""
    return orjson.dumps(
        {
            "total": len(found.tasks),
            "columns": found.columns,
            "mapping": found.mapping,
            "tasks": [_new_task(task) for task in found.tasks[:shown_max]],
            "not_carried": found.not_carried,
        },
        option=_OPTIONS,
    )


def _new_task(changes: TaskChanges) -> dict[str, object]:
    fields = changes.as_new_task()
    return {"title": fields["title"], **fields}


def numbered_frame(kind: str, seq: int, op: str | None, data: bytes) -> bytes:
    """`{"type":…,"seq":…,"op":…,"data":…}`; `op` is the Idempotency-Key of the write, if any."""
    echo = b"" if op is None else b',"op":' + orjson.dumps(op)
    return b'{"type":"%b","seq":%d%b,"data":%b}' % (kind.encode(), seq, echo, data)


def unnumbered_frame(kind: str, data: bytes) -> bytes:
    return b'{"type":"%b","data":%b}' % (kind.encode(), data)


def snapshot_json(items: list[bytes], epoch: str, seq: int, **more: int) -> bytes:
    """A list with its place in the stream."""
    tail = orjson.dumps({"epoch": epoch, "seq": seq, **more})[1:]
    return b'{"items":[%b],%b' % (b",".join(items), tail)
