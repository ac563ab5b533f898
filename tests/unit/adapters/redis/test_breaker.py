"""Stops asking somebody who does not answer."""

from collections.abc import Callable
from typing import TypedDict

import pytest

from taskwire.adapters.redis.breaker import OPEN_S, Breaker, BreakerState
from tests.fakes.tables import cells


def opened() -> Breaker:
    breaker = Breaker()
    assert [breaker.failed(0.0) for _ in range(3)] == [False, False, True]
    return breaker


def test_it_opens_after_three_failures_in_a_row_and_then_lets_nothing_pass() -> None:
    breaker = opened()
    assert breaker.state is BreakerState.OPEN
    assert not breaker.lets_pass(0.9)


def test_a_success_in_between_starts_the_count_anew() -> None:
    breaker = Breaker()
    breaker.failed(0.0)
    breaker.failed(0.0)
    breaker.succeeded()
    assert not breaker.failed(0.0)
    assert breaker.lets_pass(0.0)


def test_after_a_second_one_try_decides_it_is_open_again() -> None:
    breaker = opened()
    assert breaker.lets_pass(1.0)
    assert breaker.failed(1.1)
    assert not breaker.lets_pass(2.0)


def test_after_a_second_one_try_decides_it_is_closed() -> None:
    breaker = opened()
    assert breaker.lets_pass(1.0)
    breaker.succeeded()
    assert not breaker.failed(1.1)
    assert breaker.state is BreakerState.CLOSED


def test_failures_that_come_in_late_do_not_open_it_twice() -> None:
    breaker = opened()
    assert not breaker.failed(0.5)
    assert breaker.lets_pass(1.0)


def half_open() -> Breaker:
    breaker = opened()
    breaker.lets_pass(OPEN_S)
    return breaker


class Row(TypedDict):
    """What each event answers, and the state after it."""

    asked_early: tuple[bool, BreakerState]
    asked_late: tuple[bool, BreakerState]
    succeeded: tuple[None, BreakerState]
    failed: tuple[bool, BreakerState]


class Table(TypedDict):
    CLOSED: Row
    OPEN: Row
    HALF_OPEN: Row


MADE: dict[str, Callable[[], Breaker]] = {"CLOSED": Breaker, "OPEN": opened, "HALF_OPEN": half_open}
EVENTS: dict[str, Callable[[Breaker], bool | None]] = {
    "asked_early": lambda breaker: breaker.lets_pass(OPEN_S - 0.1),
    "asked_late": lambda breaker: breaker.lets_pass(OPEN_S),
    "succeeded": Breaker.succeeded,
    "failed": lambda breaker: breaker.failed(OPEN_S),
}
# Every state against every event: mypy refuses this table as long as one of them is missing.
TABLE: Table = {
    "CLOSED": {
        "asked_early": (True, BreakerState.CLOSED),
        "asked_late": (True, BreakerState.CLOSED),
        "succeeded": (None, BreakerState.CLOSED),
        "failed": (False, BreakerState.CLOSED),
    },
    "OPEN": {
        "asked_early": (False, BreakerState.OPEN),
        "asked_late": (True, BreakerState.HALF_OPEN),
        "succeeded": (None, BreakerState.CLOSED),
        "failed": (False, BreakerState.OPEN),
    },
    "HALF_OPEN": {
        "asked_early": (True, BreakerState.HALF_OPEN),
        "asked_late": (True, BreakerState.HALF_OPEN),
        "succeeded": (None, BreakerState.CLOSED),
        "failed": (True, BreakerState.OPEN),
    },
}


def test_the_table_has_every_state() -> None:
    assert list(TABLE) == [state.name for state in BreakerState]


@pytest.mark.parametrize(("state", "event", "expected"), cells(TABLE))
def test_every_state_against_every_event(
    state: str, event: str, expected: tuple[bool | None, BreakerState]
) -> None:
    breaker = MADE[state]()
    assert (EVENTS[event](breaker), breaker.state) == expected
