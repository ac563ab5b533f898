"""What came out: medians, spread and ratios, as JSON, as a table and as a picture."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Any
from xml.sax.saxutils import escape

Figures = Mapping[str, Any]

BAR_PX, LABEL_PX, WIDE_PX, HEAD_PX = 18, 190, 420, 30
OURS = ("taskwire",)
ABOUT_THE_RUN = frozenset(
    {"is_clean", "expected", "received", "sockets", "rate_per_s", "late_ms", "load_cpu_us"}
)


@dataclass(frozen=True)
class Answer:
    """All rounds of one contestant. A run that lost a message is no result."""

    contestant: str
    figure: str
    runs: Sequence[Figures]
    failures: Sequence[str]

    @property
    def clean(self) -> Sequence[Figures]:
        return [run for run in self.runs if run.get("is_clean", True)]

    @property
    def value(self) -> float | None:
        return median(run[self.figure] for run in self.clean) if self.clean else None

    def of(self, figure: str) -> float | None:
        values = [run[figure] for run in self.clean if figure in run]
        return median(values) if values else None

    @property
    def spread(self) -> float:
        """Largest minus smallest, as a share of the median."""
        values = [run[self.figure] for run in self.clean]
        return (max(values) - min(values)) / median(values) if values and median(values) else 0.0


@dataclass(frozen=True)
class Answered:
    question: str
    figure: str
    answers: Sequence[Answer]

    def ratio(self, answer: Answer) -> float | None:
        """To the first contestant: the limit where there is one."""
        first = self.answers[0].value
        return None if answer.value is None or not first else answer.value / first


def as_json(answered: Sequence[Answered]) -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ"),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Linux {platform.release()}",
        "python": platform.python_version(),
        "questions": [
            {
                "name": one.question,
                "figure": one.figure,
                "contestants": {
                    answer.contestant: {
                        "median": answer.value,
                        "ratio": one.ratio(answer),
                        "spread": answer.spread,
                        "runs": list(answer.runs),
                        "failures": list(answer.failures),
                    }
                    for answer in one.answers
                },
            }
            for one in answered
        ],
    }


def as_markdown(answered: Sequence[Answered]) -> str:
    return "\n\n".join(_table(one) for one in answered) + "\n"


def _table(one: Answered) -> str:
    head = f"### {one.question}\n\n| who | {one.figure} | ratio | spread | beside it | runs |"
    return "\n".join([head, "|---|---|---|---|---|---|", *(_row(one, a) for a in one.answers)])


def _row(one: Answered, answer: Answer) -> str:
    if answer.value is None:
        why = answer.failures[0] if answer.failures else "messages were lost"
        return f"| {answer.contestant} | no result: {why} | | | | 0 of {len(answer.runs)} |"
    beside = ", ".join(f"{name} {answer.of(name):,.1f}" for name in _beside(answer))
    runs = f"{len(answer.clean)} of {len(answer.runs) + len(answer.failures)}"
    return (
        f"| {answer.contestant} | {answer.value:,.2f} | {one.ratio(answer):.2f} "
        f"| {answer.spread:.0%} | {beside} | {runs} |"
    )


def _beside(answer: Answer) -> list[str]:
    """The other figures of a run that say something of the contestant."""
    silent = {answer.figure, *ABOUT_THE_RUN}
    return [name for name, value in answer.clean[0].items() if name not in silent]


def as_picture(answered: Sequence[Answered]) -> str:
    """Bars, one group a question; each bar is relative to the longest of its group."""
    parts, y_px = [], 10
    for one in answered:
        group, y_px = _group(one, y_px)
        parts.append(group)
    width = LABEL_PX + WIDE_PX + 90
    style = "text{font:12px system-ui,sans-serif;fill:#777}.q{font-weight:600}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y_px}" width="{width}">'
        f"<style>{style}</style>{''.join(parts)}</svg>\n"
    )


def _group(one: Answered, y_px: int) -> tuple[str, int]:
    longest = max((answer.value or 0 for answer in one.answers), default=0) or 1
    lines = [f'<text class="q" x="4" y="{y_px + 14}">{escape(one.question)}, {one.figure}</text>']
    y_px += HEAD_PX - 8
    for answer in one.answers:
        if answer.value is not None:
            lines.append(_bar(answer.contestant, answer.value, longest, y_px))
            y_px += BAR_PX
    return "".join(lines), y_px + 10


def _bar(name: str, value: float, longest: float, y_px: int) -> str:
    length = max(1.0, value / longest * WIDE_PX)
    colour = "#3b5bdb" if name.startswith(OURS) else "#adb5bd"
    return (
        f'<text x="{LABEL_PX - 6}" y="{y_px + 12}" text-anchor="end">{escape(name)}</text>'
        f'<rect x="{LABEL_PX}" y="{y_px + 3}" width="{length:.0f}" height="{BAR_PX - 6}" '
        f'rx="2" fill="{colour}"/>'
        f'<text x="{LABEL_PX + length + 6:.0f}" y="{y_px + 12}">{value:,.1f}</text>'
    )
