"""A report says of each target whether it is met, and by how much it is missed."""

from __future__ import annotations

import pytest

from bench.plan import complete
from bench.report import Answer, Answered
from bench.targets import TARGETS, as_table

NAME = "fan-out 1,000 x 50/s"


def answered(**cpu_us: float) -> Answered:
    runs = {name: [{"is_clean": True, "cpu_us": value}] for name, value in cpu_us.items()}
    return Answered(NAME, "cpu_us", [Answer(name, "cpu_us", runs[name], []) for name in runs])


@pytest.mark.parametrize(
    ("cpu_us", "told"),
    [
        ({"limit": 4.0, "taskwire": 4.8}, "| ≤ 1.25 of limit | 1.20 | met |"),
        ({"limit": 4.0, "taskwire": 6.0}, "| ≤ 1.25 of limit | 1.50 | missed by 20% |"),
        ({"limit": 4.0}, "| ≤ 1.25 of limit | no result |  |"),
    ],
)
def test_a_target_is_met_or_missed_by_a_number(cpu_us: dict[str, float], told: str) -> None:
    assert told in as_table([answered(**cpu_us)])


def test_a_quick_run_has_no_targets() -> None:
    assert as_table([Answered("fan-out 200 x 50/s", "cpu_us", [])]) == ""


def test_every_target_is_about_somebody_whom_the_full_plan_asks() -> None:
    asked = {question.name: set(question.contestants) for question in complete()}
    for target in TARGETS:
        assert {target.who, target.against or target.who} <= asked[target.question], target
