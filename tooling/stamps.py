"""Decides what is up to date: a stamp is a file that holds the fingerprint of what went in.

A stamp is removed before its work begins and written after the work has ended. So an
interrupted installation leaves no stamp, and the next run does that piece again.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tooling.places import ROOT

# What tools write beside their sources; no input of any build.
_MADE_BY_TOOLS = {"node_modules", "dist", "coverage", "__pycache__", ".vite"}


@dataclass(frozen=True)
class Stamp:
    """One finished piece of work: where its stamp lies and which input it was made from."""

    path: Path
    fingerprint: str

    def is_current(self) -> bool:
        """Whether the work was finished, with this very input."""
        try:
            return self.path.read_text(encoding="utf-8") == self.fingerprint
        except FileNotFoundError:
            return False

    def clear(self) -> None:
        """Call before the work begins."""
        self.path.unlink(missing_ok=True)

    def write(self) -> None:
        """Call after all of the work has succeeded."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.fingerprint, encoding="utf-8")


def fingerprint(sources: Iterable[Path], *facts: str, root: Path = ROOT) -> str:
    """Hash the contents of files and folders, their names below the root, and any facts."""
    digest = hashlib.sha256()
    for fact in facts:
        digest.update(f"{fact}\0".encode())
    for file in _files(sources):
        digest.update(f"{file.relative_to(root)}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _files(sources: Iterable[Path]) -> Iterator[Path]:
    for source in sources:
        if source.is_file():
            yield source
        elif source.is_dir() and source.name not in _MADE_BY_TOOLS:
            yield from _files(sorted(source.iterdir()))
