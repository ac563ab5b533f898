from taskwire.adapters.processes.errors import EXIT_FIX_FIRST
from taskwire.adapters.processes.restart_policy import (
    DEATHS_AT_BIRTH_MAX,
    DELAY_FIRST_S,
    DELAY_MAX_S,
    LIVED_S,
    GiveUp,
    Restart,
    RestartPolicy,
)


def test_the_first_death_is_answered_almost_at_once() -> None:
    assert RestartPolicy().died(exit_code=-9, lived_s=LIVED_S) == Restart(DELAY_FIRST_S)


def test_a_child_that_has_lived_is_tried_for_ever_with_growing_bounded_pauses() -> None:
    policy = RestartPolicy()
    policy.died(exit_code=1, lived_s=LIVED_S)
    decisions = [policy.died(exit_code=1, lived_s=0.0) for _ in range(200)]
    delays_s = [decision.delay_s for decision in decisions if isinstance(decision, Restart)]
    assert len(delays_s) == 200
    assert delays_s == sorted(delays_s)
    assert delays_s[-1] == DELAY_MAX_S


def test_a_good_life_makes_the_next_pause_small_again() -> None:
    policy = RestartPolicy()
    for _ in range(4):
        policy.died(exit_code=1, lived_s=0.0)
    assert policy.died(exit_code=1, lived_s=LIVED_S) == Restart(DELAY_FIRST_S)


def test_a_child_that_never_lived_is_given_up() -> None:
    policy = RestartPolicy()
    decisions = [policy.died(exit_code=1, lived_s=0.1) for _ in range(DEATHS_AT_BIRTH_MAX)]
    assert all(isinstance(decision, Restart) for decision in decisions[:-1])
    assert isinstance(decisions[-1], GiveUp)


def test_a_child_that_asks_for_a_person_is_not_started_again() -> None:
    policy = RestartPolicy()
    policy.died(exit_code=1, lived_s=LIVED_S)
    assert isinstance(policy.died(EXIT_FIX_FIRST, lived_s=LIVED_S), GiveUp)
