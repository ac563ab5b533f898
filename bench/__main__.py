"""`python -m bench [--quick] [part of a question's name …]`: run, print, write the report."""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from itertools import count
from pathlib import Path

from bench import plan, report, targets
from bench.peers import Place
from bench.plan import MakeDatabase, Question
from bench.report import Answer, Answered, Figures
from tests.services.postgresql import postgresql_server
from tests.services.redis import RedisServer, redis_server
from tooling.places import CACHE, ROOT

FOLDER = ROOT / "docs" / "bench"


def main() -> int:
    asked = _arguments()
    _raise_open_files()
    questions = plan.quick() if asked.quick else plan.complete()
    chosen = [one for one in questions if _is_asked(one, asked.names)]
    with redis_server() as redis, postgresql_server() as postgresql:
        numbers = count()

        def make_database() -> str:
            return postgresql.create(f"bench{next(numbers)}")

        answered = [_ask(question, redis, make_database) for question in chosen]
    part = CACHE / "bench" / "report"
    _write(answered, asked.report or (part if asked.quick or asked.names else FOLDER))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, one round")
    parser.add_argument("--report", type=Path, help="a folder for it, instead of the usual one")
    parser.add_argument("names", nargs="*", help="only questions whose name has one of these")
    return parser.parse_args()


def _is_asked(question: Question, names: Sequence[str]) -> bool:
    return not names or any(name in question.name for name in names)


def _ask(question: Question, redis: RedisServer, make_database: MakeDatabase) -> Answered:
    """Round by round, each contestant in turn."""
    print(f"\n{question.name} ({question.figure})", flush=True)
    runs: dict[str, list[Figures]] = {name: [] for name in question.contestants}
    failures: dict[str, list[str]] = {name: [] for name in question.contestants}
    for _ in range(question.rounds):
        for name, run in question.contestants.items():
            began_s = time.monotonic()
            try:
                with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                    place = Place(Path(folder), redis.port or 0, redis.password or "")
                    figures = asdict(run(place, make_database))
            except Exception as error:  # noqa: BLE001 - one that fails must not end the others
                failures[name].append(f"{type(error).__name__}: {str(error)[:200]}")
                print(f"  {name:28} failed: {failures[name][-1]}", flush=True)
                continue
            runs[name].append(figures)
            print(f"  {name:28} {_line(figures)}  ({time.monotonic() - began_s:.0f} s)", flush=True)
    answers = [Answer(name, question.figure, runs[name], failures[name]) for name in runs]
    return Answered(question.name, question.figure, answers)


def _line(figures: Figures) -> str:
    return "  ".join(
        f"{name}={value:.2f}" if isinstance(value, float) else f"{name}={value}"
        for name, value in figures.items()
    )


def _write(answered: Sequence[Answered], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    table = targets.as_table(answered) + report.as_markdown(answered)
    (folder / "report.json").write_text(json.dumps(report.as_json(answered), indent=1) + "\n")
    (folder / "report.md").write_text(table)
    (folder / "report.svg").write_text(report.as_picture(answered))
    print(f"\n{table}\nwritten to {folder}")


def _raise_open_files() -> None:
    """Fifty thousand sockets need as many files, here and in whoever we start."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    sys.exit(main())
