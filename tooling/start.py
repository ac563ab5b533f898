"""`make run`: install what is missing, then become `taskwire up`.

This process is replaced (exec), so Ctrl-C and `kill` reach Taskwire itself and nothing stands
in between. Above it is only make: it waits, and passes a SIGTERM on; see `relay` for SIGINT.
make can go before its child only by a `kill -9`; then the kernel kills Taskwire as well
(Linux), and Taskwire's own children die with it, so nothing is left behind.
"""

import ctypes
import os
import signal
import sys
from typing import NoReturn

from tooling import fake_google, install, relay
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
    if sys.platform.startswith("linux"):
        _die_with(parent)
        _relay_interrupts(parent)
        if fake_google.is_wanted():
            fake_google.start(_die_with)
    program = str(venv_binary("taskwire"))
    os.chdir(ROOT)
    os.execv(program, [program, "up"])  # noqa: S606 - no shell is what we want


def _die_with(parent: int) -> None:
    """Ask the kernel to end this process with its parent; the request outlives an exec."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("the process that started this one has gone")


def _relay_interrupts(make: int) -> None:
    taskwire = os.getpid()
    if not relay.is_make(make) or os.fork() != 0:
        return
    _die_with(taskwire)
    relay.relay_interrupt(make, taskwire)
    sys.exit()


if __name__ == "__main__":
    main()
