"""What a seed decides before anything happens: who is there, what goes wrong, how tight bounds are.

Each seed gets a few kinds of faults, not all: what one kind would hide, another seed shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final

from taskwire.realtime.limits import Limits


class Fault(StrEnum):
    """Everything that goes wrong here, by the name under which it is counted."""

    HINT_LOST = "hint lost"
    HINT_DOUBLED = "hint doubled"
    HINT_LATE = "hint late"
    NUMBER_ONLY = "number only"
    FORGED = "forged number"
    GARBAGE = "garbage on the bus"
    BUS_DOWN = "bus down"
    BUS_DEAF = "bus deaf"
    BUS_RESUMED = "bus resumed for nothing"
    LOG_AWAY = "log away"
    LOG_CUT_OFF = "log cut off from one process"
    LOG_SLOW = "log slow"
    LOG_FLAKY = "log flaky"
    ROLLED_BACK = "commit rolled back"
    COMMIT_LATE = "commit late"
    NEVER_ANNOUNCED = "commit never announced"
    CRASH = "process crashed"
    DRAIN = "process drained"
    LINE_CUT = "line cut"
    LINE_SILENT = "line silent"
    LINE_SLOW = "line slow"
    PRUNE = "prune"
    RESTORE = "restore"
    REWIND = "restore under the same epoch"
    REVOKE = "session revoked"
    ODD_CURSOR = "odd cursor"
    FLOOD = "flood of messages"
    QUICK_LEAVE = "left at once"


OF_HINTS: Final = (
    Fault.HINT_LOST,
    Fault.HINT_DOUBLED,
    Fault.HINT_LATE,
    Fault.NUMBER_ONLY,
    Fault.FORGED,
    Fault.GARBAGE,
)
OF_COMMITS: Final = (Fault.ROLLED_BACK, Fault.COMMIT_LATE, Fault.NEVER_ANNOUNCED)
OF_CLIENTS: Final = (Fault.ODD_CURSOR, Fault.FLOOD, Fault.QUICK_LEAVE)
BY_ODDS: Final = frozenset((*OF_HINTS, *OF_COMMITS, *OF_CLIENTS))
OF_THE_LOG: Final = frozenset(
    (
        Fault.LOG_AWAY,
        Fault.LOG_CUT_OFF,
        Fault.LOG_SLOW,
        Fault.LOG_FLAKY,
        Fault.RESTORE,
        Fault.REWIND,
    )
)
IS_THERE: Final = 0.3


@dataclass(frozen=True, slots=True)
class Plan:
    """One run."""

    seed: int
    channels: tuple[str, ...]
    processes: int
    pages: int
    listeners: int
    pollers: int
    guests: int
    trouble_s: float
    pause_s: float
    """Between two writes of a person, at most."""
    faults: tuple[Fault, ...]
    odds: Mapping[Fault, float]
    limits: Limits
    page_max: int
    held_max: int
    recent_max: int
    ends_cut_off: bool
    """The last change of all is made while no process can read the log."""
    line_bytes_max: int
    """What a line takes before its socket says stop."""
    rests_from: int
    """Listeners from which on a channel rests after a broadcast."""
    broadcast_s: float
    """How long a broadcast seems to take, at most."""
    put_off_max: int


def make_plan(seed: int) -> Plan:
    """Everything that follows from the seed alone."""
    chance = Random(f"plan {seed}")
    faults = tuple(fault for fault in Fault if chance.random() < IS_THERE)
    if not OF_THE_LOG.isdisjoint(faults):
        # How soon a revoked session ends is promised for a log that answers.
        faults = tuple(fault for fault in faults if fault is not Fault.REVOKE)
    odds = {fault: chance.choice((0.03, 0.1, 0.3)) for fault in faults if fault in BY_ODDS}
    if Fault.HINT_LOST in odds and chance.random() < 0.3:
        odds[Fault.HINT_LOST] = 1.0
    return Plan(
        seed=seed,
        channels=tuple(f"user:{n + 1}:tasks" for n in range(chance.choice((1, 1, 2)))),
        processes=chance.choice((1, 2, 2)),
        pages=chance.choice((2, 3, 4)),
        listeners=chance.choice((0, 1)),
        pollers=chance.choice((0, 0, 1)),
        guests=int(Fault.REVOKE in faults),
        trouble_s=chance.choice((4.0, 6.0, 9.0)),
        pause_s=chance.choice((0.1, 0.4, 1.5)),
        faults=faults,
        odds=odds,
        limits=_make_limits(chance),
        page_max=chance.choice((1, 2, 500)),
        held_max=chance.choice((1, 2, 256)),
        recent_max=chance.choice((1, 3, 256)),
        ends_cut_off=chance.random() < 0.3,
        line_bytes_max=chance.choice((300, 2000, 65536)),
        rests_from=chance.choice((1, 1, 2, 50)),
        broadcast_s=chance.choice((0.0, 0.004, 0.1)),
        put_off_max=chance.choice((1, 3, 256)),
    )


def _make_limits(chance: Random) -> Limits:
    return Limits(
        socket_lifetime_s=chance.choice((3.0, 900.0)),
        heartbeat_interval_s=chance.choice((1.0, 2.0, 2.0)),
        messages_burst=20,
        outbound_bytes_max=chance.choice((2000, 1024 * 1024)),
        outbound_frames_max=chance.choice((4, 30, 1000)),
        replay_stall_s=chance.choice((0.5, 2.0)),
        join_patience_s=chance.choice((0.5, 3.0)),
    )
