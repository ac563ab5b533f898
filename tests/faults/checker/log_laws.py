"""L1 to L6: what must be true of the log itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from tests.faults.checker.model import Dump, Event, History, Stream, Violation
from tests.faults.history import Record

CREATED, DELETED = "task_created", "task_deleted"


def gapless(dump: Dump) -> Iterator[Violation]:
    """L1: a stream holds floor + 1 … head, each once."""
    yield from gapless_streams("L1", dump.streams)


def gapless_streams(law: str, streams: Mapping[str, Stream]) -> Iterator[Violation]:
    for channel, stream in streams.items():
        numbers = [event.seq for event in stream.events]
        if numbers != list(range(stream.floor + 1, stream.head + 1)):
            odd = next(
                (pair for pair in pairwise(numbers) if pair[1] != pair[0] + 1),
                (numbers[:1], numbers[-1:]),
            )
            yield Violation(
                law, f"{channel}: floor {stream.floor}, head {stream.head}, odd at {odd}"
            )


def durable(history: History, dump: Dump) -> Iterator[Violation]:
    """L2: an acknowledged write is in the log once, under the number that was acknowledged."""
    by_op = _by_op(dump)
    for record in _writes(history, "ok"):
        found = by_op.get((record["channel"], record["op"]), [])
        if [event.seq for event in found] != [record["seq"]]:
            numbers = [event.seq for event in found]
            yield Violation("L2", f"{record['op']} was acknowledged as {record['seq']}: {numbers}")


def no_phantoms(history: History, dump: Dump) -> Iterator[Violation]:
    """L3: nothing is in the log that nobody wrote, or that was refused."""
    refused = {record["op"] for record in _writes(history, "fail")}
    asked = {record["op"] for record in _writes(history, "invoke")}
    for event in _events(dump):
        if event.op is not None and (event.op not in asked or event.op in refused):
            yield Violation("L3", f"{event.channel} {event.seq}: {event.op} was never accepted")


def idempotent(dump: Dump) -> Iterator[Violation]:
    """L4: one effect per key, however often it was sent."""
    for (channel, op), events in _by_op(dump).items():
        if len(events) > 1:
            yield Violation("L4", f"{channel}: {op} is {[event.seq for event in events]}")


def imported(history: History, dump: Dump) -> Iterator[Violation]:
    """L2 to L4 for lists that a worker takes in: each line of a list is one task, and only once."""
    asked = {record["op"]: record for record in history if record["f"] == "import"}
    ended = {record["op"]: record["status"] for record in history if record["f"] == "job"}
    made = _imported_lines(dump, asked.keys())
    for op, record in asked.items():
        counts = made.get(op, Counter())
        twice = [line for line, count in counts.items() if count > 1]
        if twice:
            yield Violation("L4", f"{record['channel']}: lines {twice[:5]} of {op} came twice")
        if record["kind"] == "fail" and counts:
            yield Violation("L3", f"{record['channel']}: the list {op} was refused, and is there")
        if record["kind"] == "ok" and not (
            ended.get(op) == "done" and len(counts) == record["tasks"]
        ):
            told = f"{len(counts)} of {record['tasks']}, job {ended.get(op)}"
            yield Violation("L2", f"{record['channel']}: the list {op} was taken: {told}")


def _imported_lines(dump: Dump, ops: Container[str]) -> Mapping[str, Counter[str]]:
    """How often each line of each list was made: its title is canary, key of the list, line."""
    lines: dict[str, Counter[str]] = defaultdict(Counter)
    for event in _events(dump):
        words = event.data.get("title", "").split(" ")
        if event.type == CREATED and event.op is None and len(words) == 3 and words[1] in ops:
            lines[words[1]][words[2]] += 1
    return lines


def in_real_time(history: History, dump: Dump) -> Iterator[Violation]:
    """L5: what was acknowledged before another write began has the lower number."""
    acknowledged: dict[str, int] = defaultdict(int)
    floor_at_invoke: dict[str, int] = {}
    for record in history:
        if record["f"] != "write":
            continue
        channel, op = record["channel"], record["op"]
        if record["kind"] == "invoke":
            floor_at_invoke.setdefault(op, acknowledged[channel])
        elif record["kind"] == "ok":
            if record["seq"] <= floor_at_invoke.get(op, 0):
                before = floor_at_invoke[op]
                yield Violation(
                    "L5", f"{channel}: {op} got {record['seq']} after {before} was told"
                )
            acknowledged[channel] = max(acknowledged[channel], record["seq"])


def each_task(dump: Dump) -> Iterator[Violation]:
    """L6: versions of a task go up by one, and its row is the fold of its events."""
    for channel, stream in dump.streams.items():
        versions: dict[int, int] = {}
        for event in stream.events:
            yield from _next_version(event, versions)
        if stream.floor == 0:
            state = fold(stream.events)
            rows = dump.tasks.get(channel, {})
            if state != rows:
                odd = sorted(
                    task_id
                    for task_id in state.keys() | rows.keys()
                    if state.get(task_id) != rows.get(task_id)
                )
                yield Violation("L6", f"{channel}: rows and events differ in tasks {odd[:5]}")


def fold(
    events: Iterable[Event], base: Mapping[int, Mapping[str, Any]] | None = None
) -> dict[int, Mapping[str, Any]]:
    """The tasks after applying events, in order, to `base`."""
    state = dict(base or {})
    for event in events:
        if event.type == DELETED:
            state.pop(event.data["task_id"], None)
        else:
            state[event.data["id"]] = event.data
    return state


def _next_version(event: Event, versions: dict[int, int]) -> Iterator[Violation]:
    if event.type == DELETED:
        task_id = event.data["task_id"]
        versions[task_id] = versions.get(task_id, 0) + 1
        return
    task_id, version = event.data["id"], event.data["version"]
    expected = versions.get(task_id, 0) + 1
    if version != expected:
        yield Violation(
            "L6",
            f"{event.channel} {event.seq}: task {task_id} is version {version}, not {expected}",
        )
    versions[task_id] = version


def _events(dump: Dump) -> Iterator[Event]:
    for stream in dump.streams.values():
        yield from stream.events


def _by_op(dump: Dump) -> dict[tuple[str, str], list[Event]]:
    grouped: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in _events(dump):
        if event.op is not None:
            grouped[event.channel, event.op].append(event)
    return grouped


def _writes(history: History, kind: str) -> Iterator[Record]:
    return (record for record in history if record["f"] == "write" and record["kind"] == kind)


def count_writes(history: History) -> Counter[str]:
    return Counter(record["kind"] for record in history if record["f"] == "write")
