"""Tries many seeds in this process: `python -m tests.calendar_world --seeds 2000`."""

import argparse
import asyncio
import sys
import time
import traceback

from tests.calendar_world.inline import InlineDatabase
from tests.calendar_world.trial import try_seed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0)
    given = parser.parse_args()
    return asyncio.run(_try_all(range(given.first, given.first + given.seeds)))


async def _try_all(seeds: range) -> int:
    database = InlineDatabase()
    started_s, broken, crashes = time.monotonic(), 0, 0
    for seed in seeds:
        for is_disjoint in (False, True):
            try:
                crashes += (await try_seed(database, seed, is_disjoint=is_disjoint)).crash_count
            except Exception:  # noqa: BLE001 - whatever it was, the seed finds it again
                broken += 1
                print(f"seed {seed}, disjoint {is_disjoint}:", file=sys.stderr)  # noqa: T201
                traceback.print_exc(limit=-2)
    await database.close()
    took_s = time.monotonic() - started_s
    print(f"{len(seeds) * 2} trials, {crashes} crashes, {broken} broken, {took_s:.0f} s")  # noqa: T201
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
