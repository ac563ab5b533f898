"""The torture run: writers, readers and a nemesis over a real installation, and a judgement.

    python -m tests.faults.torture --database postgresql --minutes 10 --seed 7 --report folder
    python -m tests.faults.torture --database sqlite --short

The schedule of faults follows from the seed. Real processes are not deterministic, so a seed
gives the same run only roughly; the simulator is the deterministic twin.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx2

from tests.fakes.waiting import wait_until, wait_until_answer
from tests.faults.checker.judge import judge
from tests.faults.checker.model import Demands, Judgement, Verdict
from tests.faults.crowd import plan, readers, register, sign_in_again, sign_out
from tests.faults.dump import dump_database
from tests.faults.history import Recorder, read_history
from tests.faults.installation import Installation, installation
from tests.faults.nemesis import LANES, Nemesis, possible
from tests.faults.person import Person, save_people
from tests.faults.report import as_markdown, describe, write_report
from tests.faults.vital_signs import VitalSigns, all_is_well, say_holdings
from tests.faults.writer import Writer

AFTER_SIGN_OUT_S = 6.0
"""Calm until a socket whose sign-in has ended must be silent: with the database away, it cannot."""

KNOWN_S = 120.0
"""Until the last write that was begun is known; a product that hangs for ever ends the run."""

COME_BACK_S = 8.0
"""Of a client whose socket was closed meanwhile: its longest back-off, and the replay."""

LONGER_S = 600.0
ALL_UP_S = 90.0
ALL_LEFT_S = 2.0
LANES_BY_DATABASE = {"postgresql": LANES, "sqlite": 1}
"""`taskwire up` has one `serve`: with more at once it would hardly ever be there to be hurt."""

FULL_MINUTES = 10.0
TURNS = 5
ACKNOWLEDGED_MIN = 5_000
DELIVERIES_MIN = 100_000
SPARE = 1.1
"""Some of what the product sends is not applied: it came twice, or too late for its socket."""

EXIT = {Verdict.PASS: 0, Verdict.FAIL: 1, Verdict.UNKNOWN: 2}


@dataclass(frozen=True)
class Size:
    """How much is at stake. `kinds` names the faults, all possible ones when empty."""

    seconds: float
    people: int = 12
    readers: int = 288
    writer_pause_s: float = 0.15
    readers_per_process: int = 48
    nap_max_s: float = 20.0
    lanes: int = LANES
    is_full: bool = False
    """On a slow machine a full run goes on until enough has happened, within a bound."""

    kinds: Sequence[str] = ()

    @property
    def quiesce_s(self) -> float:
        """Until everybody must hold everything: one that began to nap has to wake and come back."""
        return self.nap_max_s + COME_BACK_S


SHORT = Size(
    seconds=16,
    people=8,
    readers=32,
    writer_pause_s=0.2,
    readers_per_process=16,
    nap_max_s=2,
    lanes=1,
    kinds=(
        "serve-1 killed",
        "serve killed",
        "redis frozen",
        "redis killed",
        "subscriptions killed",
        "client-line cut",
        "database connections cut",
        "worker killed",
    ),
)
"""A few kinds of faults for a few seconds: whether the machinery holds, not how well."""


def demands_of(made: Installation, *, is_full: bool) -> Demands:
    """H1: how much must have happened. A short run proves little, and says so by asking little."""
    if not is_full:
        return Demands()
    return Demands(
        acknowledged_min=ACKNOWLEDGED_MIN,
        deliveries_min=DELIVERIES_MIN,
        faults=frozenset(fault.name for fault in possible(made)),
        each_fault_min=TURNS,
        counts_min={
            "sockets opened": 5_000,
            "gaps repaired from the log": 100,
            "frames replayed": 1_000,
            "resubscriptions": 5,
            "breaker openings": 5,
            "lives of serve": 10,
            "naps": 1,
            "readers that are the page's own code": 48,
        },
    )


async def torture(kind: str, size: Size, seed: int, *, source: Path | None = None) -> Judgement:
    with tempfile.TemporaryDirectory(prefix="taskwire-torture-", ignore_cleanup_errors=True) as at:
        folder = Path(at)
        async with installation(kind, folder, source=source) as made:
            await _run(made, size, seed)
            demands = demands_of(made, is_full=size.is_full)
            dump = await dump_database(made.database_url)
        return judge(read_history(folder / "history"), dump, demands)


async def _run(made: Installation, size: Size, seed: int) -> None:
    (made.folder / "history").mkdir()
    await wait_until_answer(lambda: all_is_well(made), ALL_UP_S)
    people = await register(made.urls[0], size.people)
    guest = await sign_in_again(made.urls[0], people[0])
    save_people(people, made.folder / "people.json")
    save_people([guest], made.folder / "guests.json")
    with Recorder(made.folder / "history" / "driver.jsonl", "driver") as record:
        say_holdings(made, record, "before")
        async with readers(made, _plans(made, size, seed)):
            await _trouble(made, people, guest, record, size, seed)
            await asyncio.sleep(size.quiesce_s)
        await asyncio.sleep(ALL_LEFT_S)
        say_holdings(made, record, "after")


def _plans(made: Installation, size: Size, seed: int) -> list[dict[str, object]]:
    plans = [
        plan(
            made,
            "people.json",
            f"readers-{number}",
            min(size.readers_per_process, size.readers - first),
            seed + number,
            size.nap_max_s,
        )
        for number, first in enumerate(range(0, size.readers, size.readers_per_process))
    ]
    return [*plans, plan(made, "guests.json", "guests", 2, seed, 0, {"guest": 1})]


async def _trouble(
    made: Installation,
    people: list[Person],
    guest: Person,
    record: Recorder,
    size: Size,
    seed: int,
) -> None:
    """Write and hurt for the time given; then heal, and let every write become known."""

    def is_enough() -> bool:
        acknowledged = sum(writer.acknowledged for writer, _ in writers)
        return not size.is_full or (
            nemesis.has_given(TURNS)
            and acknowledged >= ACKNOWLEDGED_MIN
            and vital_signs.delivered >= DELIVERIES_MIN * SPARE
        )

    nemesis = Nemesis(made, record, seed, lanes=size.lanes, kinds=size.kinds)
    vital_signs = VitalSigns(made, record, nemesis.has_hold_of)
    stop, healed = asyncio.Event(), asyncio.Event()
    async with contextlib.AsyncExitStack() as clients, asyncio.TaskGroup() as group:
        group.create_task(vital_signs.watch(healed))
        writers = [
            (writer, await clients.enter_async_context(_client(made, number)))
            for number, writer in enumerate(_writers(people, record, size, seed))
        ]
        writing = [group.create_task(writer.run(client, stop)) for writer, client in writers]
        await _strike(nemesis, size.seconds / 2, lambda: True)
        await sign_out(made.urls[0], guest, record)
        await asyncio.sleep(AFTER_SIGN_OUT_S)
        await _strike(nemesis, size.seconds / 2, is_enough)
        stop.set()
        await asyncio.wait_for(asyncio.gather(*writing), KNOWN_S)
        await asyncio.gather(*(writer.see_imports_end(client) for writer, client in writers))
        await asyncio.gather(*(writer.see_reminders_come(client) for writer, client in writers))
        healed.set()


async def _strike(nemesis: Nemesis, seconds: float, is_enough: Callable[[], bool]) -> None:
    """For a while, and until enough has happened; within a bound."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(nemesis.run(stop))
        await asyncio.sleep(seconds)
        with contextlib.suppress(AssertionError):  # then the report says what came too seldom
            await wait_until(is_enough, LONGER_S)
        stop.set()


def _writers(people: Sequence[Person], record: Recorder, size: Size, seed: int) -> list[Writer]:
    chance = random.Random(seed)
    return [
        Writer(person, record, random.Random(chance.random()), size.writer_pause_s)
        for person in people
    ]


def _client(made: Installation, number: int) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(base_url=made.urls[number % len(made.urls)])


def main() -> None:
    parser = argparse.ArgumentParser(description="Torture a real installation, and judge it.")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="postgresql")
    parser.add_argument("--minutes", type=float, default=FULL_MINUTES)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--short", action="store_true", help="seconds, and a few kinds of faults")
    parser.add_argument("--report", type=Path, help="a folder for <database>.json and .md")
    asked = parser.parse_args()
    sys.stdout.write(f"seed {asked.seed}\n")
    sys.stdout.flush()
    is_full = not asked.short and asked.minutes >= FULL_MINUTES
    lanes = LANES_BY_DATABASE[asked.database]
    long = Size(seconds=asked.minutes * 60, is_full=is_full, lanes=lanes)
    size = SHORT if asked.short else long
    judgement = asyncio.run(torture(asked.database, size, asked.seed))
    report = describe(judgement, asked.database, asked.seed)
    sys.stdout.write(as_markdown(report))
    if asked.report:
        write_report(report, asked.report)
    sys.exit(EXIT[judgement.verdict])


if __name__ == "__main__":
    os.umask(0o022)
    main()
