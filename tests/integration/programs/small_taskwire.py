"""Stands in for the `taskwire` command: the same roles and none of the weight.

TRIAL_<ROLE>: "dies" at its start, "fix" leaves with the code that asks for a person, "deaf" ignores
the request to stop. Each role notes its end in the file TRIAL_ENDS, so that a test sees the order.
"""

# ruff: noqa: T201 - its output is what a test reads

import os
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType

EXIT_FIX_FIRST = 78


def main() -> None:
    role = sys.argv[1]
    behaviour = os.environ.get(f"TRIAL_{role.upper()}", "")
    if behaviour == "dies":
        sys.exit(1)
    if behaviour == "fix":
        print("taskwire: the database is newer than this program", file=sys.stderr)
        sys.exit(EXIT_FIX_FIRST)
    if role == "migrate":
        return
    signal.signal(signal.SIGTERM, signal.SIG_IGN if behaviour == "deaf" else end)
    print(f"{role} can be asked to end", flush=True)
    if role == "serve":
        answer_for_ever()
    while True:
        time.sleep(3600)


def end(_number: int, _frame: FrameType | None) -> None:
    with Path(os.environ["TRIAL_ENDS"]).open("a", encoding="utf-8") as ends:
        ends.write(f"{sys.argv[1]}\n")
    sys.exit(0)


def answer_for_ever() -> None:
    listener = socket.socket(fileno=int(os.environ["LISTEN_FD"]))
    while True:
        line, _ = listener.accept()
        line.recv(4096)
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        line.close()


if __name__ == "__main__":
    main()
