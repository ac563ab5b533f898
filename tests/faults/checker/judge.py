"""All laws together: PASS, FAIL with examples, or UNKNOWN when too little happened."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from tests.faults.checker import client_laws, harness_laws, log_laws, notice_laws
from tests.faults.checker.delays import delays
from tests.faults.checker.model import (
    Check,
    Demands,
    Dump,
    History,
    Judgement,
    Verdict,
)

EXAMPLES_MAX = 5
"""Per law; the first ones usually say it all."""


def judge(history: History, dump: Dump, demands: Demands) -> Judgement:
    """Answer for a run. A run in which nothing was at stake never passes."""
    violations = [
        violation for check in _checks(history, dump) for violation in islice(check, EXAMPLES_MAX)
    ]
    figures = _figures(history, dump)
    missing = list(_missing(figures, demands))
    if violations:
        return Judgement(Verdict.FAIL, violations, missing, figures)
    return Judgement(Verdict.UNKNOWN if missing else Verdict.PASS, (), missing, figures)


def _checks(history: History, dump: Dump) -> Iterator[Check]:
    readers = client_laws.by_reader(history)
    yield log_laws.gapless(dump)
    yield log_laws.durable(history, dump)
    yield log_laws.no_phantoms(history, dump)
    yield log_laws.idempotent(dump)
    yield log_laws.imported(history, dump)
    yield log_laws.in_real_time(history, dump)
    yield log_laws.each_task(dump)
    yield client_laws.contiguous(readers)
    yield client_laws.in_order_on_the_wire(readers)
    yield client_laws.agreed(readers, dump)
    yield client_laws.complete(readers, dump)
    yield client_laws.sound_snapshots(readers, dump)
    yield client_laws.converged(readers, dump)
    yield client_laws.earned_resets(readers, history)
    yield client_laws.isolated(readers)
    yield client_laws.revoked(history)
    yield client_laws.own_writes(readers)
    yield notice_laws.numbered(dump)
    yield notice_laws.reminded(dump)
    yield notice_laws.jobs_ended(dump)
    yield harness_laws.ended(readers)
    yield harness_laws.kept_nothing(history)
    yield harness_laws.without_surprise(history)


def _figures(history: History, dump: Dump) -> Mapping[str, Any]:
    writes = log_laws.count_writes(history)
    return {
        "acknowledged": writes["ok"],
        "refused": writes["fail"],
        "unclear": writes["info"],
        "events": sum(len(stream.events) for stream in dump.streams.values()),
        "deliveries": sum(record["f"] == "apply" for record in history),
        "wire_frames": sum(record["f"] == "wire" for record in history),
        "snapshots": sum(record["f"] == "snapshot" for record in history),
        "resets": sum(record["f"] == "reset" for record in history),
        "readers": sum(record["f"] == "end" for record in history),
        "faults": dict(Counter(r["name"] for r in history if r["f"] == "fault")),
        "seconds": _seconds_of_faults(history),
        "notifications": sum(len(rows) for rows in dump.notifications.values()),
        "imports": sum(r["f"] == "import" and r["kind"] == "ok" for r in history),
        "statuses": _statuses(history),
        "counts": dict(_counts(history)),
        "holdings": _holdings(history),
        "delays": delays(history),
    }


def _seconds_of_faults(history: History) -> float:
    """From the first fault until the last one was healed, however long the run was meant to be."""
    times = [float(record["t"]) for record in history if record["f"] in {"fault", "heal"}]
    return times[-1] - times[0] if times else 0.0


def _statuses(history: History) -> Mapping[str, int]:
    """Answers that left it open whether a write had happened; none is a line that broke."""
    unclear = (r.get("status") for r in history if r["f"] == "write" and r["kind"] == "info")
    return dict(Counter("none" if status is None else str(status) for status in unclear))


def _holdings(history: History) -> Mapping[str, Mapping[str, Any]]:
    held: dict[str, dict[str, Any]] = defaultdict(dict)
    for record in history:
        if record["f"] == "holdings":
            held[record["name"]][f"rss_mb_{record['moment']}"] = record["rss_bytes"] >> 20
            held[record["name"]][f"descriptors_{record['moment']}"] = record["descriptors"]
    return held


def _counts(history: History) -> Counter[str]:
    counts: Counter[str] = Counter()
    for record in history:
        if record["f"] == "count":
            counts[record["name"]] += record["value"]
    return counts


def _missing(figures: Mapping[str, Any], demands: Demands) -> Iterator[str]:
    """H1: what had to happen, and did not happen often enough."""
    yield from _too_few("acknowledged writes", figures["acknowledged"], demands.acknowledged_min)
    yield from _too_few("deliveries", figures["deliveries"], demands.deliveries_min)
    for fault in sorted(demands.faults):
        seen = figures["faults"].get(fault, 0)
        yield from _too_few(f"fault {fault}", seen, demands.each_fault_min)
    for name, least in demands.counts_min.items():
        yield from _too_few(name, figures["counts"].get(name, 0), least)


def _too_few(what: str, seen: int, least: int) -> Sequence[str]:
    return [] if seen >= least else [f"{what}: {seen} of {least}"]
