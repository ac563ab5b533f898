"""Run a server that cannot outlive the tests: `python follow_parent.py <parent> <user> <command> …`.

The kernel interrupts the server when the parent is gone, also after a `kill -9` (Linux). A
program of its own, because code between fork and exec is not safe beside pytest's threads.
"""

import ctypes
import os
import pwd
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    parent_id, user, *command = sys.argv[1:]
    if user:
        _become(user)
    # After the change of user: the kernel forgets the wish when a process changes hands.
    _follow(int(parent_id))
    os.execv(command[0], command)  # noqa: S606 - no shell is what we want


def _become(user: str) -> None:
    entry = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def _follow(parent_id: int) -> None:
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
    if os.getppid() != parent_id:
        sys.exit("the tests have gone before their server was there")


if __name__ == "__main__":
    main()
