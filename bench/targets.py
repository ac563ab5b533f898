"""What we want to be able to say, and whether a report lets us."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.report import Answered

OURS = "taskwire"


@dataclass(frozen=True)
class Target:
    """A bound on a figure of `who`, or on its ratio to that of `against`."""

    what: str
    question: str
    figure: str
    bound: float
    who: str = OURS
    against: str | None = None
    at_least: bool = False

    @property
    def told(self) -> str:
        sign = "≥" if self.at_least else "≤"
        return f"{sign} {self.bound:g}" + (f" of {self.against}" if self.against else "")


FAN_OUT, FAST_FAN_OUT = "fan-out 1,000 x 50/s", "fan-out 1,000 x 300/s"
PEOPLE, IDLE = "2,000 people, 8,000/s", "idle sockets of ours, more of them"
PUTS, SHOWN, WRITER = "PUT/s, PostgreSQL", "PUT to another screen", "taskwire, log included"
RESUME, PAGE, TUTORIAL = "10,000 sockets resume", "page with 10,000 tasks", "tutorial's ORM, no log"

TARGETS: Sequence[Target] = (
    Target("CPU per delivery, fan-out", FAN_OUT, "cpu_us", 1.25, against="limit"),
    Target("CPU per delivery, fan-out", FAN_OUT, "cpu_us", 0.9, against="nchan"),
    Target("CPU per delivery, frames joined", FAST_FAN_OUT, "cpu_us", 0.4, against="limit"),
    Target("CPU per delivery, streams of people", PEOPLE, "cpu_us", 0.5, against="node ws + redis"),
    Target("their p99 latency", PEOPLE, "p99_ms", 1.0, against="node ws + redis"),
    Target("bytes per idle socket", IDLE, "bytes_per_socket", 8192, "15,000 in one process"),
    Target("the same, over several", IDLE, "bytes_per_socket", 8192, "50,000 in four"),
    Target("PUT/s", PUTS, "puts_per_s", 4.0, WRITER, TUTORIAL, at_least=True),
    Target("PUT to another screen, p50 ms", SHOWN, "p50_ms", 5.0, WRITER),
    Target("PUT to another screen, p99 ms", SHOWN, "p99_ms", 25.0, WRITER),
    Target("the same, p99", SHOWN, "p99_ms", 1.0, WRITER, TUTORIAL),
    Target("seconds until all have resumed", RESUME, "seconds", 10.0),
    Target("queries per 1,000 of them", RESUME, "queries_per_1000", 50.0),
    Target(
        "CPU per delivery",
        "delivery, more sockets",
        "cpu_us",
        1.2,
        "15,000 sockets",
        "1,000 sockets",
    ),
    Target("CPU per PUT", "PUT, more tasks", "cpu_ms", 1.2, "1,000,000 tasks", "1,000 tasks"),
    Target("first paint of the list, ms", PAGE, "first_paint_ms", 1000.0),
    Target("a frame while scrolling, p95 ms", PAGE, "frame_p95_ms", 16.8),
    Target("one event applied, ms", PAGE, "event_ms", 2.0),
)


def as_table(answered: Sequence[Answered]) -> str:
    """Only what was asked in this run; nothing, when that was no full one."""
    by_question = {one.question: one for one in answered}
    rows = list(_rows(by_question))
    head = "### Targets\n\n| what | target | here | |\n|---|---|---|---|"
    return "\n".join([head, *rows]) + "\n\n" if rows else ""


def _rows(by_question: Mapping[str, Answered]) -> Iterator[str]:
    for target in TARGETS:
        if target.question in by_question:
            value = value_of(target, by_question[target.question])
            here = "no result" if value is None else f"{value:,.2f}"
            yield f"| {target.what} | {target.told} | {here} | {verdict(target, value)} |"


def value_of(target: Target, answered: Answered) -> float | None:
    """The median of the figure, or its ratio; None when somebody has no clean run."""
    medians = {answer.contestant: answer.of(target.figure) for answer in answered.answers}
    value, other = medians.get(target.who), medians.get(target.against or "")
    if value is None or target.against is None:
        return value
    return value / other if other else None


def verdict(target: Target, value: float | None) -> str:
    if value is None:
        return ""
    excess = target.bound / value if target.at_least else value / target.bound
    return "met" if excess <= 1 else f"missed by {excess - 1:.0%}"
