"""A copy of the package with a few lines changed, tortured as the sound one is."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import taskwire
from tests.faults.checker.model import Judgement
from tests.faults.sabotage.builds import Change, Sabotage
from tests.faults.torture import SHORT, torture

SEED = 11
SIZE = replace(SHORT, writer_pause_s=0.1, kinds=("client-line cut", "serve killed"))
"""The sound build is run under the faults that most of the broken ones meet."""


@contextmanager
def built(sabotage: Sabotage | None) -> Iterator[Path]:
    """A folder that holds a `taskwire` package with one thing broken."""
    with tempfile.TemporaryDirectory(prefix="taskwire-sabotage-") as name:
        package = Path(name) / "taskwire"
        shutil.copytree(
            Path(taskwire.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__")
        )
        for change in sabotage.changes if sabotage else ():
            apply(change, package)
        yield Path(name)


def apply(change: Change, package: Path) -> None:
    path = package / change.file
    text = path.read_text(encoding="utf-8")
    assert text.count(change.sound) == 1, f"{change.file} has changed: {change.sound!r}"
    path.write_text(text.replace(change.sound, change.broken), encoding="utf-8")


def try_build(sabotage: Sabotage | None) -> Judgement:
    size = replace(SIZE, kinds=sabotage.kinds) if sabotage else SIZE
    with built(sabotage) as source:
        return asyncio.run(torture("sqlite", size, SEED, source=source))


def is_caught(sabotage: Sabotage, judgement: Judgement) -> bool:
    return sabotage.law in {violation.law for violation in judgement.violations}
