"""What everybody in a torture run writes down, one JSON object a line.

Times are CLOCK_MONOTONIC in seconds: all processes run on one host, so they can be compared. A
process that is killed loses at most the line it was writing.

    who        f          says
    writer     write      kind invoke, then ok | fail | info (nobody knows); op, user, channel,
                          and for ok: epoch, seq
    writer     import     kind as above; op, tasks; and job: op, status, in the end
    reader     snapshot   user, epoch, seq, digest of the whole state
    reader     open       socket, seq: a socket was asked for, since this number
    reader     wire       socket, seq, session: a numbered frame as it came
    reader     apply      epoch, seq, digest of the frame's type and data; canary of the title
    reader     reset      reason, epoch, seq
    reader     end        epoch, seq, digest of the whole state: what the reader holds at the end
    nemesis    fault      name; and heal
    harness    holdings   moment before | after, name, rss_bytes, descriptors
    harness    died       name: a process that ended though nobody had hurt it
    harness    revoke     session; ok
    harness    count      name, value: sockets resumed, gaps repaired, and the like
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

Record = Mapping[str, Any]


class Recorder:
    """Appends one process' records to its own file, each line at once."""

    def __init__(self, path: Path, process: str) -> None:
        self._file: TextIO = path.open("a", encoding="utf-8", buffering=1)
        self._process = process

    def __call__(self, f: str, **said: object) -> None:
        record = {"t": time.monotonic(), "proc": self._process, "f": f, **said}
        self._file.write(json.dumps(record, separators=(",", ":")) + "\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()


def read_history(folder: Path) -> list[Record]:
    """All records of a run in the order of time. A torn last line was never said."""
    records: list[Record] = []
    for path in sorted(folder.glob("*.jsonl")):
        records.extend(_read_lines(path.read_text(encoding="utf-8").split("\n")[:-1]))
    return sorted(records, key=lambda record: float(record["t"]))


def _read_lines(lines: Iterable[str]) -> Iterator[Record]:
    for line in lines:
        if line:
            yield json.loads(line)


def canonical(value: object) -> bytes:
    """JSON in one form only, so that equal values have equal digests in every language."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def digest(value: object) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()[:16]


def state_digest(tasks: Mapping[int, Mapping[str, Any]]) -> str:
    """The digest of everything a client holds: its tasks by id, in the order of ids."""
    return digest([tasks[task_id] for task_id in sorted(tasks)])


def frame_digest(kind: str, data: object) -> str:
    return digest([kind, data])
