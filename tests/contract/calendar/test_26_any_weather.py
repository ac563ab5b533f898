"""Edits on both sides, a worker that dies at any step, a Google that fails: at the end both agree.

`python -m tests.calendar_world --seeds 2000` is the long form.
"""

import pytest

from tests.calendar_world.inline import InlineDatabase
from tests.calendar_world.trial import try_seed

SEEDS = 12


@pytest.mark.parametrize("is_disjoint", [False, True], ids=["free", "disjoint"])
async def test_26_in_any_weather_nothing_is_lost_doubled_or_echoed(*, is_disjoint: bool) -> None:
    database = InlineDatabase()
    crash_count = 0
    for seed in range(SEEDS):
        weather = await try_seed(database, seed, is_disjoint=is_disjoint)
        crash_count += weather.crash_count
    await database.close()
    assert crash_count > SEEDS, "the weather was worth its name"
