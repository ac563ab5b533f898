"""A process asks the kernel to be killed when its parent dies, so that no orphan is left.

The kernel binds the wish to the *thread* that forked: start children from the main thread, or they
die with a thread that merely ended. It is not inherited, so children of children ask for
themselves. Linux only; elsewhere the wish is not granted and nothing else changes.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None
"""Loaded before any fork: between fork and exec only what is already there may be used."""


def die_with_parent(parent_id: int) -> None:
    """Call it in the child. SIGKILL, because a worker may sit in code that ignores the rest."""
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if os.getppid() != parent_id:  # it died before the wish was made: nobody will send a signal
        os._exit(1)


def dies_with_me() -> Callable[[], None]:
    """What a child of this process runs between fork and exec."""
    parent_id = os.getpid()
    return lambda: die_with_parent(parent_id)
