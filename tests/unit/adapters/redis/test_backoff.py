"""How long to wait before the next attempt."""

import pytest

from taskwire.adapters.redis.backoff import Backoff


@pytest.mark.parametrize(("chance", "waits"), [(0.0, [0.5, 1, 2, 2]), (1.0, [1, 2, 4, 4])])
def test_the_wait_grows_to_its_bound_and_half_of_it_is_chance(
    monkeypatch: pytest.MonkeyPatch, chance: float, waits: list[float]
) -> None:
    monkeypatch.setattr("random.random", lambda: chance)
    backoff = Backoff(first_s=1.0, last_s=4.0)
    assert [backoff.next_s() for _ in range(4)] == waits
    backoff.reset()
    assert backoff.next_s() == waits[0]
