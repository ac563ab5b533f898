"""A checker that was never seen red proves nothing: here each law fails for its own reason."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.faults.checker.judge import judge
from tests.faults.checker.log_laws import fold
from tests.faults.checker.model import Demands, Dump, Event, Stream, Verdict
from tests.faults.history import frame_digest, state_digest

MINE, OTHERS = "user:1:tasks", "user:2:tasks"
Records = list[dict[str, Any]]


class Run:
    """A small run in which all is well: one writer, two readers, one of them late."""

    def __init__(self) -> None:
        self.records: Records = []
        self.events = [
            Event(MINE, 1, "task_created", "k1", {"id": 1, "title": "a", "version": 1}),
            Event(MINE, 2, "task_created", "k2", {"id": 2, "title": "b", "version": 1}),
            Event(MINE, 3, "task_update", "k3", {"id": 1, "title": "c", "version": 2}),
            Event(MINE, 4, "task_deleted", "k4", {"task_id": 2}),
            Event(MINE, 5, "task_created", "k5", {"id": 2, "title": "b", "version": 3}),
        ]
        self.say("r1", "snapshot", epoch="e", seq=0, digest=state_digest({}))
        self.say("r1", "open", socket=1, seq=0)
        for event in self.events:
            write = {"op": event.op, "channel": MINE}
            self.say("w", "write", kind="invoke", **write)
            self.say("w", "write", kind="ok", epoch="e", seq=event.seq, **write)
        for event in self.events:
            self.receive("r1", event)
        held = fold(self.events[:3])
        self.say("r2", "snapshot", epoch="e", seq=3, digest=state_digest(held))
        self.say("r2", "open", socket=1, seq=3)
        for event in self.events[3:]:
            self.receive("r2", event)
        for reader in ("r1", "r2"):
            digest = state_digest(fold(self.events))
            self.say(reader, "end", epoch="e", seq=5, digest=digest)

    def say(self, process: str, f: str, **said: object) -> None:
        at = float(len(self.records))
        self.records.append({"t": at, "proc": process, "f": f, "channel": MINE, **said})

    def receive(self, reader: str, event: Event) -> None:
        self.say(reader, "wire", socket=1, seq=event.seq, session=f"s-{reader}")
        self.say(
            reader,
            "apply",
            epoch="e",
            seq=event.seq,
            digest=frame_digest(event.type, event.data),
            task=event.data.get("id"),
            version=event.data.get("version"),
            canary="one",
            own_canary="one",
        )

    def find(self, process: str, f: str, seq: int | None = None) -> dict[str, Any]:
        return next(
            record
            for record in self.records
            if (record["proc"], record["f"]) == (process, f) and seq in (None, record.get("seq"))
        )

    @property
    def dump(self) -> Dump:
        stream = Stream(0, len(self.events), self.events)
        return Dump("e", {MINE: stream}, {MINE: fold(self.events)})


def laws(run: Run, dump: Dump | None = None) -> set[str]:
    return {
        violation.law for violation in judge(run.records, dump or run.dump, Demands()).violations
    }


def test_a_good_run_passes_and_says_what_happened() -> None:
    judgement = judge(Run().records, Run().dump, Demands())
    assert judgement.verdict is Verdict.PASS
    assert judgement.figures["acknowledged"] == 5
    assert judgement.figures["deliveries"] == 7
    assert judgement.figures["delays"]["none"]["n"] == 7


def test_a_run_in_which_too_little_happened_is_unknown() -> None:
    demands = Demands(acknowledged_min=6, faults=frozenset({"redis frozen"}))
    judgement = judge(Run().records, Run().dump, demands)
    assert judgement.verdict is Verdict.UNKNOWN
    assert judgement.missing == ["acknowledged writes: 5 of 6", "fault redis frozen: 0 of 1"]


def _skip_one(run: Run) -> None:
    run.records.remove(run.find("r1", "apply", 3))


def _apply_twice(run: Run) -> None:
    twice = run.find("r1", "apply", 3)
    run.records.insert(run.records.index(twice), dict(twice))


def _other_digest(run: Run) -> None:
    run.find("r2", "apply", 4)["digest"] = "other"


def _on_one_socket_back(run: Run) -> None:
    run.find("r1", "wire", 3)["seq"] = 1


def _replay_too_late(run: Run) -> None:
    run.find("r2", "open")["seq"] = 2


def _stop_early(run: Run) -> None:
    run.find("r2", "end")["seq"] = 4


def _unsound_snapshot(run: Run) -> None:
    run.find("r2", "snapshot")["digest"] = state_digest({})


def _other_state(run: Run) -> None:
    run.find("r1", "end")["digest"] = "other"


def _unearned_reset(run: Run) -> None:
    place = run.records.index(run.find("r1", "apply", 1))
    reset = {"t": 0.0, "proc": "r1", "f": "reset", "reason": "epoch", "epoch": "e", "seq": 0}
    run.records.insert(place - 1, reset)


def _see_others(run: Run) -> None:
    run.find("r1", "apply", 2)["canary"] = "two"


def _hear_after_the_end(run: Run) -> None:
    run.records.insert(0, {"t": -10.0, "proc": "h", "f": "revoke", "session": "s-r2"})


def _go_back(run: Run) -> None:
    run.find("r1", "apply", 3)["version"] = 1


def _never_end(run: Run) -> None:
    run.records.remove(run.find("r1", "end"))


def _refused_and_done(run: Run) -> None:
    run.records[7]["kind"] = "fail"


def _unordered(run: Run) -> None:
    first, second = run.find("w", "write", 1), run.find("w", "write", 2)
    first["seq"], second["seq"] = 2, 1


@pytest.mark.parametrize(
    ("spoil", "law"),
    [
        (_skip_one, "C1"),
        (_apply_twice, "C1"),
        (_on_one_socket_back, "C2"),
        (_replay_too_late, "C2"),
        (_other_digest, "C3"),
        (_stop_early, "C4"),
        (_unsound_snapshot, "C5"),
        (_other_state, "C6"),
        (_unearned_reset, "C7"),
        (_see_others, "C8"),
        (_hear_after_the_end, "C9"),
        (_go_back, "C11"),
        (_never_end, "H3"),
        (_refused_and_done, "L3"),
        (_unordered, "L5"),
    ],
)
def test_a_spoiled_history_fails_by_name(spoil: Callable[[Run], None], law: str) -> None:
    run = Run()
    spoil(run)
    assert law in laws(run)


IMPORTED = {"id": 3, "title": "one k9 0", "version": 1}


def _with_list(run: Run, *, kind: str = "ok", status: str = "done", times: int = 1) -> Dump:
    """A list of one line that a worker has taken in, so many times."""
    run.say("w", "import", kind="invoke", op="k9", tasks=1)
    run.say("w", "import", kind=kind, op="k9", tasks=1)
    run.say("w", "job", op="k9", status=status)
    made = [
        Event(MINE, 6 + number, "task_created", None, {**IMPORTED, "id": 3 + number})
        for number in range(times)
    ]
    return _with_events([*run.events, *made], 5 + times)


@pytest.mark.parametrize(
    ("told", "law"),
    [
        ({"times": 0}, "L2"),
        ({"status": "failed"}, "L2"),
        ({"kind": "fail"}, "L3"),
        ({"times": 2}, "L4"),
    ],
)
def test_a_list_that_was_not_taken_in_as_it_was_told_is_seen(
    told: dict[str, Any], law: str
) -> None:
    run = Run()
    assert law in laws(run, _with_list(run, **told))


def test_a_list_that_was_taken_in_once_breaks_nothing_of_the_log() -> None:
    run = Run()
    assert {law for law in laws(run, _with_list(run)) if law.startswith("L")} == set()


def _hold(run: Run, moment: str, rss_bytes: int, descriptors: int) -> None:
    held = {"rss_bytes": rss_bytes, "descriptors": descriptors}
    run.say("h", "holdings", moment=moment, name="serve-1", **held)


@pytest.mark.parametrize(("rss_mb", "descriptors"), [(400, 30), (90, 500)])
def test_what_a_process_keeps_for_itself_is_seen(rss_mb: int, descriptors: int) -> None:
    run = Run()
    _hold(run, "before", 90 << 20, 30)
    _hold(run, "after", rss_mb << 20, descriptors)
    assert laws(run) == {"H4"}


def test_what_a_warm_process_needs_is_no_leak() -> None:
    run = Run()
    _hold(run, "before", 90 << 20, 30)
    _hold(run, "after", 110 << 20, 45)
    assert laws(run) == set()


@pytest.mark.parametrize(
    ("f", "said"),
    [
        ("died", {"name": "serve-1"}),
        ("count", {"name": "failures nobody expected", "value": 1}),
        ("write", {"kind": "info", "op": "k1", "status": 500}),
    ],
)
def test_what_nobody_expected_is_seen(f: str, said: dict[str, Any]) -> None:
    run = Run()
    run.say("h", f, **said)
    assert laws(run) == {"H5"}


def _with_events(events: list[Event], head: int) -> Dump:
    return Dump("e", {MINE: Stream(0, head, events)}, {MINE: fold(events)})


def test_a_hole_in_the_log_is_seen() -> None:
    run = Run()
    assert "L1" in laws(run, _with_events(run.events[:2] + run.events[3:], 5))


def test_an_acknowledged_write_that_is_not_in_the_log_is_seen() -> None:
    run = Run()
    assert "L2" in laws(run, _with_events(run.events[:4], 4))


def test_a_write_that_happened_twice_is_seen() -> None:
    run = Run()
    again = replace(run.events[4], seq=6, data={"id": 2, "title": "b", "version": 4})
    assert "L4" in laws(run, _with_events([*run.events, again], 6))


def test_a_row_that_no_event_explains_is_seen() -> None:
    run = Run()
    dump = replace(run.dump, tasks={MINE: {1: {"id": 1, "title": "?", "version": 2}}})
    assert "L6" in laws(run, dump)


def test_a_version_that_was_skipped_is_seen() -> None:
    run = Run()
    run.events[2] = replace(run.events[2], data={"id": 1, "title": "c", "version": 3})
    assert "L6" in laws(run)
