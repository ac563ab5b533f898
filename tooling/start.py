"""`make run`: install what is missing, then become `taskwire up`.

This process is replaced (exec), so Ctrl-C and `kill` reach Taskwire itself and nothing stands
in between. Above it is only make: it waits, and passes a SIGTERM on. When make itself is
killed outright, the kernel sends Taskwire a SIGTERM (Linux), so nothing is left behind.
"""

import ctypes
import os
import signal
import sys
from typing import NoReturn

from tooling import install
from tooling.places import ROOT, venv_binary
from tooling.progress import InstallationError, fail

_PR_SET_PDEATHSIG = 1


def main() -> NoReturn:
    """End with a status only when nothing could be started."""
    parent = os.getppid()
    try:
        install.for_run()
    except InstallationError as error:
        sys.exit(fail(error))
    except KeyboardInterrupt:
        print("\nInterrupted. The next `make run` goes on from here.")
        sys.exit(130)
    _follow(parent)
    program = str(venv_binary("taskwire"))
    os.chdir(ROOT)
    os.execv(program, [program, "up"])  # noqa: S606 - no shell is what we want


def _follow(parent: int) -> None:
    """Ask the kernel to end us with our parent; the request outlives the exec."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit("make has gone while we were installing; nothing was started")


if __name__ == "__main__":
    main()
