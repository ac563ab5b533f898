"""Whether enough happened: a simulation in which nothing was at stake proves nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tests.faults.simulation.plan import Fault

DEMANDED: Final = (
    *Fault,
    "reset retention",
    "reset rewind",
    "reset epoch",
    "repair gap",
    "repair number_only",
    "repair sweep",
    "repair resumed",
    "close CLIENT",
    "close GOING_AWAY",
    "close RESTART",
    "close LATER",
    "close BAD_MESSAGE",
    "close UNAUTHORIZED",
    "close SLOW",
    "close TOO_MANY",
    "dead line noticed",
    "replayed frames",
    "put off",
    "commit watched",
)
SEEDS_PER_TIME: Final = 50


def missing(seen: Mapping[str, int], seeds: int) -> Sequence[str]:
    """What did not happen once in 50 seeds on average; little is asked of a few seeds."""
    least = seeds // SEEDS_PER_TIME
    return [
        f"{what}: {seen.get(what, 0)} of {least}" for what in DEMANDED if seen.get(what, 0) < least
    ]
