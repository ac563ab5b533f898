"""What a torture run found: JSON for machines, a page for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.faults.checker.model import Judgement

Report = Mapping[str, Any]
FORMS = {
    "postgresql": "two `serve` behind nginx, a worker, PostgreSQL, Redis",
    "sqlite": "`taskwire up`: `serve`, worker and Redis as its children, SQLite",
}
_LOST = {"L2", "C4", "C6"}
_TWICE = {"L4", "C1", "C11"}
_ORDER = {"L1", "L5", "L6", "C2"}


def describe(judgement: Judgement, kind: str, seed: int) -> Report:
    return {
        "verdict": judgement.verdict.value,
        "database": kind,
        "form": FORMS[kind],
        "seed": seed,
        "violations": [asdict(violation) for violation in judgement.violations],
        "missing": list(judgement.missing),
        **judgement.figures,
    }


def write_report(report: Report, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(report, indent=2, ensure_ascii=False, sort_keys=True)
    name = report["database"]
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    (folder / f"{name}.md").write_text(as_markdown(report), encoding="utf-8")


def as_markdown(report: Report) -> str:
    return "\n".join((*_summary(report), *_faults(report), *_counts(report), *_held(report), ""))


def _summary(report: Report) -> Iterator[str]:
    laws = {violation["law"] for violation in report["violations"]}
    yield f"# Torture on {report['database']}: {report['verdict']}"
    yield ""
    yield f"{report['form']}. Seed {report['seed']}, {report['seconds']:.0f} s of faults."
    yield ""
    yield (
        f"{report['deliveries']:,} deliveries to {report['readers']} clients, "
        f"{sum(report['faults'].values())} faults of {len(report['faults'])} kinds, "
        f"{report['acknowledged']:,} acknowledged writes, {report['imports']} imported lists: "
        f"{_told(laws, _LOST)} lost, {_told(laws, _TWICE)} applied twice, "
        f"{_told(laws, _ORDER)} out of order."
    )
    if report["deliveries"] and not laws:
        bound = 3 / report["deliveries"]
        yield f"With 95 % confidence fewer than {bound:.1e} of all deliveries go wrong."
    for violation in report["violations"]:
        yield f"* {violation['law']}: {violation['example']}"
    for what in report["missing"]:
        yield f"* too seldom: {what}"


def _told(broken: Iterable[str], laws: Iterable[str]) -> str:
    return "SOME" if set(broken) & set(laws) else "0"


def _faults(report: Report) -> Iterator[str]:
    """Delays are of changes that were written while the fault was on, or another beside it."""
    yield from (
        "",
        "| Fault | times | changes | p50 ms | p99 ms | max ms |",
        "|---|--:|--:|--:|--:|--:|",
    )
    for name, times in {"none": "", **dict(sorted(report["faults"].items()))}.items():
        seen = report["delays"].get(name)
        told = [seen[key] for key in ("n", "p50", "p99", "max")] if seen else ["", "", "", ""]
        yield f"| {name} | {times} | " + " | ".join(str(cell) for cell in told) + " |"


def _counts(report: Report) -> Iterator[str]:
    yield from ("", "| Seen | times |", "|---|--:|")
    for name, value in sorted(report["counts"].items()):
        yield f"| {name} | {value:,} |"
    for status, times in sorted(report["statuses"].items()):
        what = "requests whose line broke" if status == "none" else f"answers {status}"
        yield f"| {what}, asked again until known | {times:,} |"


def _held(report: Report) -> Iterator[str]:
    keys = ("rss_mb_before", "rss_mb_after", "descriptors_before", "descriptors_after")
    yield from ("", "| Process | MB before | MB after | files before | files after |")
    yield "|---|--:|--:|--:|--:|"
    for name, held in sorted(report["holdings"].items()):
        yield f"| {name} | " + " | ".join(str(held.get(key, "")) for key in keys) + " |"
