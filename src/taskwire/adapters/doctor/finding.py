"""One thing that was looked at, and one line about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How it is; the value is the sign in front of the line."""

    WELL = "✓"
    WORTH_A_LOOK = "!"
    ILL = "✗"


@dataclass(frozen=True, slots=True)
class Finding:
    health: Health
    subject: str
    line: str


def well(subject: str, line: str) -> Finding:
    return Finding(Health.WELL, subject, line)


def worth_a_look(subject: str, line: str) -> Finding:
    return Finding(Health.WORTH_A_LOOK, subject, line)


def ill(subject: str, line: str) -> Finding:
    return Finding(Health.ILL, subject, line)
