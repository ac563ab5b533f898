"""Judges a run by the checker's laws, each of them over that part of the history it speaks of.

A restore takes acknowledged writes back and gives their numbers out again. So the laws of the log
are asked about what was not undone, and those that compare contents about one life of the log at
a time. The laws S1 to S8 are the simulator's own.

    S1  no heartbeat is ahead of what its socket brought     S5  after the trouble all is calm
    S2  no socket leaves a gap                               S6  nothing is served for nobody
    S3  a long poll's cursor is its last frame               S7  no task is left
    S4  a reset has a cause of its own kind                  S8  nothing failed unexpectedly
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from tests.faults.checker import client_laws, log_laws
from tests.faults.checker.model import Check, Dump, History, Stream, Violation
from tests.faults.history import Record, canonical
from tests.faults.simulation.log import SimulatedLog
from tests.faults.simulation.plan import Fault
from tests.faults.simulation.world import Run

EXAMPLES_MAX: Final = 3
CAUSES: Final = {
    "epoch": ("restore", Fault.RESTORE),
    "rewind": ("restore", Fault.REWIND),
    "retention": (Fault.PRUNE, ""),
}


def judge_run(run: Run) -> Sequence[Violation]:
    """Everything that is wrong with a run; nothing, if all laws hold."""
    broken = [v for check in _checks(run) for v in islice(check, EXAMPLES_MAX)]
    return [*broken, *run.blamed[:EXAMPLES_MAX]]


def digest_of(run: Run) -> str:
    """The whole history in a few letters: equal runs have equal ones."""
    told = canonical([run.history, [str(violation) for violation in run.blamed]])
    return hashlib.sha256(told).hexdigest()[:16]


def _checks(run: Run) -> Iterator[Check]:
    dump, history = run.log.dump(), run.history
    kept = [record for record in history if record.get("op") not in run.log.undone]
    readers = client_laws.by_reader(history)
    yield log_laws.gapless(dump)
    yield log_laws.durable(kept, dump)
    yield log_laws.no_phantoms(kept, dump)
    yield log_laws.idempotent(dump)
    yield log_laws.in_real_time(kept, dump)
    yield log_laws.each_task(dump)
    yield client_laws.contiguous(readers)
    yield client_laws.in_order_on_the_wire(readers)
    yield from _by_life(run)
    yield client_laws.complete(readers, dump)
    yield client_laws.converged(readers, dump)
    yield client_laws.earned_resets(readers, history)
    yield client_laws.isolated(readers)
    yield client_laws.revoked(history)
    yield client_laws.own_writes(readers)
    yield _caused_resets(history)


def _by_life(run: Run) -> Iterator[Check]:
    """C3 and C5, for each life of the log and what it held when it ended."""
    dumps = [*run.log.past, run.log.dump()]
    for life, dump in enumerate(dumps, start=1):
        own = [_under(life, record) for record in run.history if record.get("life") == life]
        readers = client_laws.by_reader(own)
        yield client_laws.agreed(readers, _written_in(run.log, life))
        yield client_laws.sound_snapshots(readers, replace(dump, epoch=f"life {life}"))


def _under(life: int, record: Record) -> Mapping[str, Any]:
    return {**record, "epoch": f"life {life}"}


def _written_in(log: SimulatedLog, life: int) -> Dump:
    events = [entry.event for entry in log.archive if entry.life == life]
    names = sorted({event.channel for event in events})
    streams = {n: Stream(0, 0, [event for event in events if event.channel == n]) for n in names}
    return Dump(f"life {life}", streams, {})


def _caused_resets(history: History) -> Iterator[Violation]:
    """S4: pruning explains no rewind, and a new epoch explains no lost range."""
    happened: dict[tuple[str, str], None] = {}
    for record in history:
        if record["f"] == "fault":
            happened[record["name"], record["target"]] = None
        elif record["f"] == "reset" and not record["expected"]:
            said = f"{record['proc']} was reset ({record['reason']}) at {record['t']:.3f}"
            if CAUSES[record["reason"]] not in happened:
                yield Violation("S4", f"{said} without such a fault")
