"""What becomes of something that is to be sent: when it goes, when again, when no more. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from taskwire.domain.notification import SIGN_IN
from taskwire.domain.preferences import Preferences
from taskwire.domain.quiet_hours import end_of_quiet

FIRST_PAUSE_S = 30.0
PAUSE_GROWTH = 4.0
GROWTHS_MAX = 8
PAUSE_MAX_S = 3600.0
"""Also the longest that a service may put us off: what comes hours late helps nobody."""

PRESSING = frozenset({SIGN_IN})
"""Kinds that do not wait for the morning."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side has taken it."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """It need not go out any more: it was read, or is no longer wanted."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Trying again would not help."""

    reason: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The subscription is no more; it is removed, and what waits for it with it."""


@dataclass(frozen=True, slots=True)
class Failed:
    """It may work later; `retry_after_s` is what the other side asked for."""

    reason: str
    retry_after_s: float | None = None


Outcome: TypeAlias = Sent | Dropped | Refused | Gone | Failed


@dataclass(frozen=True, slots=True)
class Over:
    """`outcome` is one word for counting; `reason` is for whoever asks why."""

    outcome: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Again:
    at: datetime
    reason: str


def send_at(kind: str, preferences: Preferences, now: datetime) -> datetime:
    """When something of this kind may go out to this person."""
    if kind in PRESSING:
        return now
    return end_of_quiet(preferences.quiet_hours, preferences.zone, now)


def after(
    outcome: Outcome, attempts: int, attempts_max: int, now: datetime, chance: float
) -> Over | Again:
    """What follows an attempt, the `attempts`-th; `chance` is from 0 to 1."""
    match outcome:
        case Sent():
            return Over("sent")
        case Dropped(reason):
            return Over("dropped", reason)
        case Gone():
            return Over("gone")
        case Refused(reason):
            return Over("given_up", reason)
        case Failed(reason) if attempts >= attempts_max:
            return Over("given_up", reason)
        case Failed(reason, retry_after_s):
            pause_s = pause_before_retry_s(attempts, retry_after_s, chance)
            return Again(now + timedelta(seconds=pause_s), reason)


def pause_before_retry_s(attempts: int, retry_after_s: float | None, chance: float) -> float:
    """Longer each time, and never all at the same moment."""
    grown_s = FIRST_PAUSE_S * PAUSE_GROWTH ** min(attempts - 1, GROWTHS_MAX)
    pause_s = max(grown_s * (0.5 + chance / 2), retry_after_s or 0.0)
    return min(pause_s, PAUSE_MAX_S)
