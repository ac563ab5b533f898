"""What the checker is given, and what it answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from tests.faults.history import Record


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the log, as the database holds it at the end."""

    channel: str
    seq: int
    type: str
    op: str | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stream:
    floor: int
    head: int
    events: Sequence[Event]


@dataclass(frozen=True, slots=True)
class Dump:
    """The database after the run: the log, and the living tasks of each person by channel."""

    epoch: str
    streams: Mapping[str, Stream]
    tasks: Mapping[str, Mapping[int, Mapping[str, Any]]]
    news: Mapping[str, Stream] = field(default_factory=dict)
    """The streams of notifications, and their rows by channel."""

    notifications: Mapping[str, Mapping[int, Mapping[str, Any]]] = field(default_factory=dict)
    jobs: Sequence[Mapping[str, Any]] = ()
    taken_at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Violation:
    """A law that does not hold, and the example that shows it."""

    law: str
    example: str


class Verdict(StrEnum):
    PASS = "PASS"
    FAIL = "FAIL"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Demands:
    """How much must have happened for a PASS to mean anything (H1)."""

    acknowledged_min: int = 1
    deliveries_min: int = 1
    faults: frozenset[str] = frozenset()
    each_fault_min: int = 1
    counts_min: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judgement:
    verdict: Verdict
    violations: Sequence[Violation]
    missing: Sequence[str]
    """Why it is UNKNOWN: what did not happen often enough."""
    figures: Mapping[str, Any]


Check = Iterable[Violation]
History = Sequence[Record]
