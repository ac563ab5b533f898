"""Who descends from whom, and what a process holds: read from /proc (Linux)."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_GONE = (FileNotFoundError, ProcessLookupError, PermissionError)


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a process holds of the machine at one moment."""

    rss_bytes: int
    descriptors: int


def children_of(process_id: int) -> list[int]:
    return _children()[process_id]


def family_of(process_id: int) -> list[int]:
    """All that descend from it, and itself, the eldest first."""
    children, found = _children(), [process_id]
    for member in found:
        found.extend(children[member])
    return found


def words_of(process_id: int) -> list[str]:
    """Its command line; a program's path counts as its name as well.

    Some write over theirs, and then all of it is one word: `valkey-server unixsocket:…`.
    """
    with suppress(*_GONE):
        words = (_PROC / str(process_id) / "cmdline").read_bytes().split(b"\0")
        told = [word.decode(errors="replace") for word in words if word]
        return [*told, *(Path(word.partition(" ")[0]).name for word in told[:1])]
    return []


def holdings_of(process_id: int) -> Holdings | None:
    with suppress(*_GONE):
        folder = _PROC / str(process_id)
        pages = int((folder / "statm").read_text(encoding="ascii").split()[1])
        descriptors = len(list((folder / "fd").iterdir()))
        return Holdings(pages * os.sysconf("SC_PAGE_SIZE"), descriptors)
    return None


def _children() -> defaultdict[int, list[int]]:
    children: defaultdict[int, list[int]] = defaultdict(list)
    for process_id, parent in _parents():
        children[parent].append(process_id)
    return children


def _parents() -> Iterator[tuple[int, int]]:
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            with suppress(*_GONE):
                # The name in brackets may hold anything; what follows the last one is numbers.
                after = (folder / "stat").read_text(encoding="utf-8", errors="replace")
                yield int(folder.name), int(after.rpartition(")")[2].split()[1])
