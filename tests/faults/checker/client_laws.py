"""C1 to C9: what must be true of everything that clients saw, applied and hold at the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tests.faults.checker.log_laws import fold
from tests.faults.checker.model import Dump, Event, History, Violation
from tests.faults.history import Record, frame_digest, state_digest

REVOKED_WITHIN_S = 5.0
RESETS_NEED = {
    "epoch": "restore",
    "rewind": "restore",
    "retention": "prune",
}
"""The fault that explains a reset of each reason; a client may also bring a stale cursor itself."""

Segments = Mapping[str, Sequence[Record]]


def by_reader(history: History) -> Segments:
    readers: dict[str, list[Record]] = defaultdict(list)
    for record in history:
        if record["f"] in ("snapshot", "apply", "reset", "end", "left", "open", "wire"):
            readers[record.get("reader", record["proc"])].append(record)
    return readers


def contiguous(readers: Segments) -> Iterator[Violation]:
    """C1: between two snapshots a client applies b + 1, b + 2, … and nothing else."""
    for reader, records in readers.items():
        place: tuple[str, int] | None = None
        for record in records:
            if record["f"] in ("snapshot", "reset"):
                place = (record["epoch"], record["seq"])
            elif record["f"] == "apply":
                told = (record["epoch"], record["seq"])
                if place is None or told != (place[0], place[1] + 1):
                    yield Violation("C1", f"{reader} applied {told} after {place}")
                place = told


def in_order_on_the_wire(readers: Segments) -> Iterator[Violation]:
    """C2: a socket that was opened since n gets n + 1, n + 2, … and nothing else."""
    for reader, records in readers.items():
        last: dict[object, int] = {}
        for record in records:
            if record["f"] == "open":
                last[record["socket"]] = record["seq"]
            elif record["f"] == "wire":
                before = last[record["socket"]]
                if record["seq"] != before + 1:
                    told = f"{record['seq']} after {before} on one socket"
                    yield Violation("C2", f"{reader} got {told}")
                last[record["socket"]] = record["seq"]


def agreed(readers: Segments, dump: Dump) -> Iterator[Violation]:
    """C3: one number is one change, for every client and for the log."""
    known: dict[tuple[str, str, int], str] = {
        (dump.epoch, channel, event.seq): frame_digest(event.type, event.data)
        for channel, stream in dump.streams.items()
        for event in stream.events
    }
    for reader, records in readers.items():
        for record in records:
            if record["f"] == "apply":
                key = (record["epoch"], record["channel"], record["seq"])
                if known.setdefault(key, record["digest"]) != record["digest"]:
                    yield Violation("C3", f"{reader} applied another change as {key}")


def complete(readers: Segments, dump: Dump) -> Iterator[Violation]:
    """C4: in the end every client stands at the head. What it lacks was lost."""
    for reader, records in readers.items():
        for record in records:
            stream = dump.streams.get(record.get("channel", ""))
            if record["f"] != "end":
                continue
            head = stream.head if stream else 0
            if (record["epoch"], record["seq"]) != (dump.epoch, head):
                how = "asleep " if record.get("is_asleep") else ""
                place = f"{record['epoch']}.{record['seq']}"
                told = f"{reader} ends {how}at {place}, the log at {dump.epoch}.{head}"
                yield Violation("C4", told)


def sound_snapshots(readers: Segments, dump: Dump) -> Iterator[Violation]:
    """C5: every snapshot is the fold of the log up to its place, under writes as well."""
    wanted: dict[str, list[Record]] = defaultdict(list)
    for records in readers.values():
        for record in records:
            if record["f"] == "snapshot" and record["epoch"] == dump.epoch:
                wanted[record["channel"]].append(record)
    for channel, snapshots in wanted.items():
        stream = dump.streams.get(channel)
        if stream is None or stream.floor == 0:
            yield from _compare_snapshots(channel, snapshots, stream.events if stream else ())


def _compare_snapshots(
    channel: str, snapshots: Iterable[Record], events: Sequence[Event]
) -> Iterator[Violation]:
    state: dict[int, Mapping[str, object]] = {}
    applied = 0
    for record in sorted(snapshots, key=lambda snapshot: int(snapshot["seq"])):
        state = fold(events[applied : record["seq"]], base=state)
        applied = max(applied, record["seq"])
        if record["digest"] != state_digest(state):
            yield Violation(
                "C5", f"{record['proc']}: the snapshot of {channel} at {record['seq']} is no fold"
            )


def converged(readers: Segments, dump: Dump) -> Iterator[Violation]:
    """C6: what a client holds in the end is what the database holds."""
    for reader, records in readers.items():
        for record in records:
            if record["f"] == "end":
                rows = dump.tasks.get(record["channel"], {})
                if record["digest"] != state_digest(rows):
                    yield Violation("C6", f"{reader} holds something else than the database")


def earned_resets(readers: Segments, history: History) -> Iterator[Violation]:
    """C7: a reset has a cause. Nobody passes by resetting everything."""
    faults = {record["name"] for record in history if record["f"] == "fault"}
    for reader, records in readers.items():
        for record in records:
            if record["f"] == "reset" and not record.get("expected"):
                cause = RESETS_NEED.get(record["reason"])
                if cause not in faults:
                    yield Violation("C7", f"{reader} was reset ({record['reason']}) without cause")


def isolated(readers: Segments) -> Iterator[Violation]:
    """C8: nobody sees another's data."""
    for reader, records in readers.items():
        for record in records:
            canary = record.get("canary")
            if record["f"] == "apply" and canary is not None and canary != record["own_canary"]:
                yield Violation("C8", f"{reader} saw the data of {canary}")


def revoked(history: History) -> Iterator[Violation]:
    """C9: a session that ended hears nothing after five seconds."""
    ended = {record["session"]: record["t"] for record in history if record["f"] == "revoke"}
    for record in history:
        at = ended.get(record.get("session"))
        if at is None or record["f"] not in ("wire", "apply"):
            continue
        if record["t"] > at + REVOKED_WITHIN_S:
            yield Violation("C9", f"{record['proc']} heard {record['t'] - at:.1f} s after its end")


def own_writes(readers: Segments) -> Iterator[Violation]:
    """C11: a shown task never goes back to an older version."""
    for reader, records in readers.items():
        versions: dict[int, int] = {}
        for record in records:
            if record["f"] in ("snapshot", "reset"):
                versions.clear()
            elif record["f"] == "apply" and record.get("version") is not None:
                task, version = record["task"], record["version"]
                if version <= versions.get(task, 0):
                    yield Violation("C11", f"{reader}: task {task} went back to {version}")
                versions[task] = version
