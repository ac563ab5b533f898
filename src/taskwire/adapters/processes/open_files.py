"""Each socket is an open file, and a shell's usual limit of 1,024 is reached by 500 people."""

from __future__ import annotations

import resource


def raise_open_files_limit() -> None:
    """As far as this user may; harmless when it is there already."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == hard:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (OSError, ValueError):  # macOS says "infinity" and means 10,240
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 10_240), hard))
