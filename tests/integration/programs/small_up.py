"""`taskwire up` over `small_taskwire.py`: the real supervisor, the real Redis, small children."""

# ruff: noqa: T201 - its output is what a test reads

import sys
from pathlib import Path

from taskwire.adapters.processes.errors import CannotStart
from taskwire.adapters.processes.up import Wishes, run_up

CHILD = Path(__file__).with_name("small_taskwire.py")


def main() -> int:
    wishes = Wishes(
        folder=Path(sys.argv[1]),
        host="127.0.0.1",
        port=int(sys.argv[2]),
        public_url="",
        has_own_redis=True,
        serve_stop_s=0.0,
        worker_stop_s=0.0,
        taskwire=[sys.executable, str(CHILD)],
    )
    try:
        return run_up(wishes, lambda line: print(line, flush=True))
    except CannotStart as trouble:
        print(f"taskwire: {trouble}", file=sys.stderr)
        return trouble.exit_code


if __name__ == "__main__":
    sys.exit(main())
