"""Broken builds, each of which must be caught, and by the law that it breaks.

    python -m tests.faults.sabotage [name …]

A build is a copy of the package with one line changed: the product itself knows no switch. The
last build has nothing changed and must pass, or the others prove nothing.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import taskwire
from tests.faults.checker.model import Demands, Judgement, Verdict
from tests.faults.torture import Size, torture

SIZE = Size(seconds=14, people=8, readers=32, writer_pause_s=0.1, quiesce_s=7)
SEED = 11
EVERY = "__import__('random').random() < {share}"


@dataclass(frozen=True)
class Sabotage:
    """In `file`, `sound` becomes `broken`; then `law` must fail."""

    name: str
    law: str
    file: str
    sound: str
    broken: str
    database: str = "sqlite"


_WRITE = """            self._write(batch.wire)
            return True"""

SABOTAGES = (
    Sabotage(
        "a send is dropped now and then",
        "C2",
        "realtime/connection.py",
        _WRITE,
        f"            if not {EVERY.format(share=0.02)}:\n                self._write(batch.wire)\n"
        "            return True",
    ),
    Sabotage(
        "a send is doubled now and then",
        "C2",
        "realtime/connection.py",
        _WRITE,
        f"            self._write(batch.wire * (2 if {EVERY.format(share=0.02)} else 1))\n"
        "            return True",
    ),
    Sabotage(
        "two frames change places",
        "C2",
        "realtime/connection.py",
        _WRITE,
        "            held = Connection.__dict__.get('held')\n"
        f"            if held is None and {EVERY.format(share=0.02)}:\n"
        "                Connection.held = (self, batch.wire)\n                return True\n"
        "            self._write(batch.wire)\n"
        "            if held is not None and held[0] is self:\n"
        "                self._write(held[1])\n                Connection.held = None\n"
        "            return True",
    ),
    Sabotage(
        "hints get lost and nobody sweeps",
        "C4",
        "realtime/sweep.py",
        "        self._notice(moved)\n",
        "",
    ),
    Sabotage(
        "an answer comes before the commit, which fails",
        "L2",
        "adapters/database/connection.py",
        "        return work(connection)\n",
        f"        done = work(connection)\n        if {EVERY.format(share=0.02)}:\n"
        "            connection.rollback()\n        return done\n",
    ),
    Sabotage(
        "numbers come from a sequence",
        "L1",
        "adapters/database/row_and_event.py",
        '{"channel": origin.channel, "count": len(images)}',
        f'{{"channel": origin.channel, "count": len(images) + ({EVERY.format(share=0.02)})}}',
    ),
    Sabotage(
        "a replay begins at the head instead of the cursor",
        "C2",
        "realtime/recovery.py",
        "    return Start(since.seq)\n",
        "    return Start(extent.head)\n",
    ),
    Sabotage(
        "a snapshot names another place than its own",
        "C5",
        "adapters/database/task_store.py",
        "return TaskSnapshot(items, place.epoch, place.seq)",
        "return TaskSnapshot(items, place.epoch, max(0, place.seq - 1))",
    ),
    Sabotage(
        "a frame goes to the wrong person",
        "C8",
        "realtime/gateway.py",
        "            self._deliver(channel, payloads)\n",
        "            self._deliver(channel, payloads)\n"
        f"            if {EVERY.format(share=0.02)}:\n"
        "                for other in self.hub:\n                    if other is not channel:\n"
        "                        self._deliver(other, payloads)\n",
    ),
    Sabotage(
        "a sign-out does not reach the sockets",
        "C9",
        "realtime/gateway.py",
        "        for connection in [c for c in self._connections if c.session in sessions]:\n",
        "        for connection in []:\n",
    ),
    Sabotage(
        "numbers are given again after a restart",
        "L2",
        "adapters/database/schema.py",
        "    await until(lambda: schema_fits(database), wait_s)\n",
        "    await until(lambda: schema_fits(database), wait_s)\n"
        "    def forget(connection: Connection) -> None:\n"
        "        connection.execute(text('UPDATE streams SET head = head - 1 WHERE head > 1'))\n"
        "        connection.execute(text('DELETE FROM events WHERE seq > (SELECT head FROM streams s"
        " WHERE s.channel = events.channel)'))\n"
        "    await database.write(forget)\n",
    ),
    Sabotage(
        "an Idempotency-Key is forgotten",
        "L4",
        "adapters/database/row_and_event.py",
        "    if origin.write is None:\n        return None\n    row",
        "    if True:\n        return None\n    row",
    ),
)


@contextmanager
def broken_build(sabotage: Sabotage | None) -> Iterator[Path]:
    """A folder that holds a `taskwire` package with one thing broken."""
    with tempfile.TemporaryDirectory(prefix="taskwire-sabotage-") as name:
        package = Path(name) / "taskwire"
        shutil.copytree(
            Path(taskwire.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__")
        )
        if sabotage is not None:
            path = package / sabotage.file
            text = path.read_text(encoding="utf-8")
            assert text.count(sabotage.sound) == 1, f"{sabotage.name}: the code has changed"
            path.write_text(text.replace(sabotage.sound, sabotage.broken), encoding="utf-8")
        yield Path(name)


def try_build(sabotage: Sabotage | None, size: Size = SIZE) -> Judgement:
    with broken_build(sabotage) as source:
        database = sabotage.database if sabotage else "sqlite"
        return asyncio.run(torture(database, size, SEED, Demands(), source))


def is_caught(sabotage: Sabotage, judgement: Judgement) -> bool:
    return sabotage.law in {violation.law for violation in judgement.violations}


def main() -> None:
    asked = sys.argv[1:]
    failed = 0
    for sabotage in SABOTAGES:
        if asked and sabotage.name not in asked:
            continue
        judgement = try_build(sabotage)
        found = sorted({violation.law for violation in judgement.violations})
        caught = is_caught(sabotage, judgement)
        failed += not caught
        word = "caught" if caught else "MISSED"
        sys.stdout.write(f"{word}  {sabotage.law}  {sabotage.name}  (broken: {found})\n")
        sys.stdout.flush()
    if not asked:
        sound = try_build(None)
        failed += sound.verdict is not Verdict.PASS
        sys.stdout.write(f"{sound.verdict}  nothing changed  {list(sound.violations)}\n")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
