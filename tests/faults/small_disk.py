"""A disk of our own, small enough to be filled: a tmpfs, which only root may mount.

Elsewhere there is none, and the fault "disk full" is not among the possible ones.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_PIECE_BYTES = 4096


@dataclass(frozen=True)
class SmallDisk:
    folder: Path

    def fill(self) -> None:
        """Not one more byte; what is written over in place still finds room."""
        with self._ballast.open("wb", buffering=0) as ballast:
            status = os.statvfs(self.folder)
            reserved = status.f_bavail * status.f_frsize
            try:
                if reserved:
                    os.posix_fallocate(ballast.fileno(), 0, reserved)
                ballast.seek(0, os.SEEK_END)
                while True:
                    ballast.write(bytes(_PIECE_BYTES))
            except OSError:
                return  # it is full

    def empty(self) -> None:
        self._ballast.unlink(missing_ok=True)

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk | None]:
    """Mount one as `folder`; None, and a plain folder, where that is not allowed."""
    folder.mkdir()
    if os.geteuid() != 0 or not _succeeds(
        "mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "taskwire", str(folder)
    ):
        yield None
        return
    try:
        yield SmallDisk(folder)
    finally:
        _succeeds("umount", "--lazy", str(folder))


def _succeeds(*command: str) -> bool:
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False
