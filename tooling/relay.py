"""Passes on the one signal that make keeps to itself.

Ctrl-C in a terminal reaches every process at once, and make passes a SIGTERM on. But a SIGINT
sent to make alone (`kill -INT`, or a program that started it) goes no further: make then waits
for a child that has heard nothing, for ever. The kernel shows that make is in that state: it
blocks SIGINT while it handles one. So a small process watches for it (Linux).
"""

import os
import signal
import time
from pathlib import Path

_INTERVAL_S = 0.25


def is_make(process_id: int) -> bool:
    """Whether this is a GNU make that we can look at."""
    try:
        return Path(f"/proc/{process_id}/comm").read_text().strip() in {"make", "gmake"}
    except OSError:
        return False


def relay_interrupt(make: int, target: int) -> None:
    """Watch until make handles a SIGINT, then send it to the target once."""
    # When everybody gets the Ctrl-C, so do we, and there is nothing to pass on.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    while not _is_handling_interrupt(make):
        time.sleep(_INTERVAL_S)
    os.kill(target, signal.SIGINT)
    signal.pause()


def _is_handling_interrupt(process_id: int) -> bool:
    status = Path(f"/proc/{process_id}/status").read_text()
    blocked = next(line for line in status.splitlines() if line.startswith("SigBlk:"))
    return bool(int(blocked.split()[1], 16) & (1 << (signal.SIGINT - 1)))
