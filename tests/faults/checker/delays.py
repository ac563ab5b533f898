"""C10: how long a change was under way, from its acknowledgement to each screen, by fault."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from tests.faults.checker.model import History

QUIET = "none"
AFTERMATH_S = 2.0
"""A delivery this soon after a fault was healed is still counted to it."""


def delays(history: History) -> Mapping[str, Mapping[str, float]]:
    """p50, p99 and max in milliseconds per kind of fault that was on while the change was written.

    Figures, no law: how fast a machine is proves nothing, and a lost change is found by C4.
    """
    acknowledged = {
        (record["channel"], record["seq"]): record["t"]
        for record in history
        if record["f"] == "write" and record["kind"] == "ok"
    }
    spans = fault_spans(history)
    samples: dict[str, list[float]] = defaultdict(list)
    for record in history:
        if record["f"] == "apply" and not record.get("replayed"):
            at = acknowledged.get((record["channel"], record["seq"]))
            if at is not None:
                for name in _faults_at(spans, at):
                    samples[name].append(max(0.0, record["t"] - at) * 1000)
    return {name: _percentiles(sorted(values)) for name, values in sorted(samples.items())}


def fault_spans(history: History) -> Sequence[tuple[str, float, float]]:
    """Name, begin and end of each fault; one that was never healed lasts to the end."""
    begun: dict[str, float] = {}
    spans = []
    for record in history:
        if record["f"] == "fault":
            begun[record["name"]] = record["t"]
        elif record["f"] == "heal" and record["name"] in begun:
            name = record["name"]
            spans.append((name, begun.pop(name), record["t"] + AFTERMATH_S))
    return spans + [(name, at, float("inf")) for name, at in begun.items()]


def _faults_at(spans: Sequence[tuple[str, float, float]], at: float) -> set[str]:
    return {name for name, begin, end in spans if begin <= at <= end} or {QUIET}


def _percentiles(values: Sequence[float]) -> Mapping[str, float]:
    last = len(values) - 1
    return {
        "n": len(values),
        "p50": round(values[last // 2], 1),
        "p99": round(values[int(last * 0.99)], 1),
        "max": round(values[last], 1),
    }
