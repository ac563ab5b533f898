"""The report: what the last run of each scenario measured, for people and for programs."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from pathlib import Path

from tests.faults.scenarios.measured import Figure, Outcome
from tooling.places import ROOT

FOLDER = ROOT / "docs" / "faults"
SAVED = FOLDER / "scenarios.json"
PAPER = FOLDER / "scenarios.md"
HEAD = """\
# One fault at a time

What `python -m tests.faults.scenarios` measured, the last run of each. Each plays one fault at
full size on a real installation: `taskwire serve` behind nginx, PostgreSQL with its fsync, Redis,
and clients that resume as the page does. The clients, nginx, both databases and Taskwire share
the machine: {machine}.
"""


def save(outcomes: Iterable[Outcome], saved: Path = SAVED, paper: Path = PAPER) -> None:
    """Put the outcomes in the place of earlier ones of the same scenarios."""
    known = json.loads(saved.read_text(encoding="utf-8")) if saved.exists() else {}
    known |= {outcome.scenario: outcome.as_json() for outcome in outcomes}
    saved.parent.mkdir(parents=True, exist_ok=True)
    saved.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")
    parts = [HEAD.format(machine=_machine())]
    parts += [_section(Outcome.from_json(name, known[name])) for name in sorted(known)]
    paper.write_text("\n".join(parts), encoding="utf-8")


def _section(outcome: Outcome) -> str:
    lines = [f"## {outcome.scenario}: {outcome.verdict}", "", outcome.promise, ""]
    lines += ["| | Measured | Promised |", "|---|---:|---|"]
    lines += [_row(figure) for figure in outcome.figures]
    return "\n".join(lines) + "\n"


def _row(figure: Figure) -> str:
    value = str(Figure(figure.name, figure.value, figure.unit)).removeprefix(figure.name).strip()
    missed = "" if figure.is_kept else " (missed)"
    return f"| {figure.name} | {value} | {figure.promise}{missed} |"


def _machine() -> str:
    cores = os.cpu_count() or 1
    return f"{cores} cores, {platform.system()}, Python {platform.python_version()}"
