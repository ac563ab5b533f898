"""Stops asking somebody who does not answer."""

from taskwire.adapters.redis.breaker import Breaker


def opened() -> Breaker:
    breaker = Breaker()
    assert [breaker.failed(0.0) for _ in range(3)] == [False, False, True]
    return breaker


def test_it_opens_after_three_failures_in_a_row_and_then_lets_nothing_pass() -> None:
    breaker = opened()
    assert breaker.is_open
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
    assert not breaker.is_open


def test_failures_that_come_in_late_do_not_open_it_twice() -> None:
    breaker = opened()
    assert not breaker.failed(0.5)
    assert breaker.lets_pass(1.0)
