"""C12: what people are told. Each reminder once and not too early; each job's end once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.faults.checker.log_laws import CREATED, DELETED, gapless_streams
from tests.faults.checker.model import Dump, Event, Stream, Violation

TOLD_WITHIN = timedelta(seconds=5)
"""A reminder that was due for so long before the end must have come; the run ends in calm."""

END_KINDS = {"done": "import_finished", "failed": "import_failed"}
NOTIFICATIONS_LISTED, JOBS_LISTED = 500, 20
"""A person is shown so many; of those nothing may be gone, however little is kept."""

Notifications = Mapping[int, Mapping[str, Any]]


def numbered(dump: Dump) -> Iterator[Violation]:
    """The streams of notifications have no gap, and their rows are the fold of their events."""
    yield from gapless_streams("C12", dump.news)
    for channel, stream in dump.news.items():
        folded, rows = _folded(stream), dump.notifications.get(channel, {})
        if stream.floor > 0:
            continue
        odd = [number for number, row in rows.items() if folded.get(number) != row]
        odd += _missing(folded, rows)
        if odd:
            yield Violation("C12", f"{channel}: rows and events differ in notifications {odd[:5]}")


def _folded(stream: Stream) -> Notifications:
    return {event.data["id"]: event.data for event in stream.events}


def _missing(folded: Notifications, rows: Notifications) -> list[int]:
    """Those that are gone and may not be: only what was read goes, from beneath what is listed."""
    oldest = min(rows, default=0) if len(rows) >= NOTIFICATIONS_LISTED else 0
    gone = folded.keys() - rows.keys()
    return sorted(one for one in gone if one >= oldest or folded[one]["read_at"] is None)


def reminded(dump: Dump) -> Iterator[Violation]:
    """Each task of these runs has one reminder at the most, at an instant, and is not completed."""
    everything = _told(dump)
    for channel, told in everything.items():
        for task_id, moments in told.items():
            if len(moments) > 1:
                yield Violation("C12", f"{channel}: task {task_id} was told {len(moments)} times")
    for channel, stream in dump.streams.items():
        told = everything.get(channel, {})
        was_away = {event.data["task_id"] for event in stream.events if event.type == DELETED}
        for event in stream.events:
            yield from _one_reminder(dump, event, told, was_away)


def _one_reminder(
    dump: Dump, event: Event, told: Mapping[int, list[datetime]], was_away: set[int]
) -> Iterator[Violation]:
    reminders = event.data.get("reminders") or []
    if event.type != CREATED or not reminders or event.data["id"] in was_away:
        return
    task_id, at = event.data["id"], datetime.fromisoformat(reminders[0]["at"])
    moments = told.get(task_id, [])
    if any(moment < at for moment in moments):
        yield Violation("C12", f"{event.channel}: task {task_id} was told before {at}")
    is_ahead = at > datetime.fromisoformat(event.data["created_at"])
    if is_ahead and at < dump.taken_at - TOLD_WITHIN and not moments:
        yield Violation("C12", f"{event.channel}: task {task_id} was never told, due {at}")


def jobs_ended(dump: Dump) -> Iterator[Violation]:
    """A job that ended is told once; one that is done has done all of it."""
    ended: Counter[tuple[int, str]] = Counter()
    for job in dump.jobs:
        if job["status"] in END_KINDS:
            ended[job["person_id"], END_KINDS[job["status"]]] += 1
        if job["status"] == "done" and job["done"] != job["total"]:
            yield Violation("C12", f"job {job['id']} is done: {job['done']} of {job['total']}")
    told = Counter(
        (int(channel.split(":")[1]), row["kind"])
        for channel, rows in _ever_told(dump)
        for row in rows.values()
        if row["kind"] in END_KINDS.values()
    )
    held = Counter(job["person_id"] for job in dump.jobs)
    for key in sorted(ended | told):
        are_some_forgotten = held[key[0]] >= JOBS_LISTED and told[key] > ended[key]
        if ended[key] != told[key] and not are_some_forgotten:
            yield Violation("C12", f"person {key[0]}: {told[key]} {key[1]} for {ended[key]} jobs")


def _ever_told(dump: Dump) -> Iterator[tuple[str, Notifications]]:
    """By channel; what was forgotten since is still in the log."""
    for channel, rows in dump.notifications.items():
        stream = dump.news.get(channel)
        yield channel, rows if stream is None or stream.floor > 0 else _folded(stream)


def _told(dump: Dump) -> dict[str, dict[int, list[datetime]]]:
    """When each task was told of, by the channel of the tasks."""
    found: dict[str, dict[int, list[datetime]]] = defaultdict(lambda: defaultdict(list))
    for channel, rows in _ever_told(dump):
        for row in rows.values():
            if row["kind"] == "reminder_due":
                moment = datetime.fromisoformat(row["created_at"])
                tasks = channel.replace(":notifications", ":tasks")
                found[tasks][row["task_id"]].append(moment)
    return found
