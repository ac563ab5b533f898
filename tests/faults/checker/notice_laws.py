"""C12: what people are told. Each reminder once and not too early; each job's end once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from tests.faults.checker.log_laws import CREATED, DELETED, gapless_streams
from tests.faults.checker.model import Dump, Event, Violation

TOLD_WITHIN = timedelta(seconds=5)
"""A reminder that was due for so long before the end must have come; the run ends in calm."""

END_KINDS = {"done": "import_finished", "failed": "import_failed"}


def numbered(dump: Dump) -> Iterator[Violation]:
    """The streams of notifications have no gap, and their rows are the fold of their events."""
    yield from gapless_streams("C12", dump.news)
    for channel, stream in dump.news.items():
        folded = {event.data["id"]: event.data for event in stream.events}
        rows = dict(dump.notifications.get(channel, {}))
        if stream.floor == 0 and folded != rows:
            odd = [number for number in folded | rows if folded.get(number) != rows.get(number)]
            yield Violation("C12", f"{channel}: rows and events differ in notifications {odd[:5]}")


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
        for channel, rows in dump.notifications.items()
        for row in rows.values()
        if row["kind"] in END_KINDS.values()
    )
    for key in sorted(ended | told):
        if ended[key] != told[key]:
            yield Violation("C12", f"person {key[0]}: {told[key]} {key[1]} for {ended[key]} jobs")


def _told(dump: Dump) -> dict[str, dict[int, list[datetime]]]:
    """When each task was told of, by the channel of the tasks."""
    found: dict[str, dict[int, list[datetime]]] = defaultdict(lambda: defaultdict(list))
    for channel, rows in dump.notifications.items():
        for row in rows.values():
            if row["kind"] == "reminder_due":
                moment = datetime.fromisoformat(row["created_at"])
                tasks = channel.replace(":notifications", ":tasks")
                found[tasks][row["task_id"]].append(moment)
    return found
