"""What the crowd is judged by: `python -m tests.calendar_world.crowd`."""

import pytest

from tests.calendar_world.minutes import busiest_minute


@pytest.mark.parametrize(
    ("moments_s", "most"),
    [
        ([], 0),
        ([5.0], 1),
        ([0.0, 60.0], 1),
        ([0.0, 59.9], 2),
        ([float(second) for second in range(600)], 60),
        # Across two minutes of the clock: a count per clock minute would see three.
        ([55.0, 56.0, 57.0, 61.0, 62.0, 63.0], 6),
        ([63.0, 55.0, 61.0], 3),
    ],
)
def test_the_busiest_minute_begins_anywhere(moments_s: list[float], most: int) -> None:
    assert busiest_minute(moments_s) == most
