"""This machine: room on its disk, and how many files a process may open."""

from __future__ import annotations

import resource
import shutil
from pathlib import Path

from taskwire.adapters.doctor.finding import Finding, ill, well, worth_a_look

FREE_SHARE_MIN = 0.10
FREE_BYTES_MIN = 200_000_000
OPEN_FILES_BESIDE_SOCKETS = 200


def look_at_disk(folder: Path) -> Finding:
    total, _, free = shutil.disk_usage(folder)
    told = f"{free / 1e9:.1f} GB free at {folder}"
    if free < FREE_BYTES_MIN:
        return ill("disk", f"{told}: nothing can be saved soon")
    return worth_a_look("disk", told) if free < FREE_SHARE_MIN * total else well("disk", told)


def look_at_open_files(sockets_max: int) -> Finding:
    """A process raises its soft limit by itself, as far as the hard one."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard not in {resource.RLIM_INFINITY, -1} and hard < sockets_max + OPEN_FILES_BESIDE_SOCKETS:
        told = f"{hard} at most, so fewer sockets than SOCKETS_MAX ({sockets_max})"
        return worth_a_look("open files", told)
    return well("open files", f"enough for {sockets_max} sockets")
