"""Which fault comes next: each in its turn, and never two on the same thing."""

import random
from collections import Counter

from tests.faults.nemesis import ALL, Bag

FAULTS = tuple(ALL.values())
NOTHING: frozenset[str] = frozenset()


def test_each_kind_comes_once_before_any_comes_again() -> None:
    bag = Bag(FAULTS, random.Random(7))
    for round_number in (1, 2):
        turns = Counter(fault.name for _ in FAULTS if (fault := bag.take(NOTHING)))
        assert set(turns) == set(ALL), round_number
        assert set(turns.values()) == {1}, round_number


def test_the_order_follows_from_the_seed() -> None:
    first, again, other = (Bag(FAULTS, random.Random(seed)) for seed in (7, 7, 8))
    orders = [[bag.take(NOTHING) for _ in FAULTS] for bag in (first, again, other)]
    assert orders[0] == orders[1] != orders[2]


def test_what_is_broken_already_is_left_alone_and_comes_later() -> None:
    kinds = [ALL["redis frozen"], ALL["redis killed"]]
    bag = Bag(kinds, random.Random(7))
    first = bag.take(NOTHING)
    assert first is not None
    assert bag.take(first.touches) is None
    assert {first, bag.take(NOTHING)} == set(kinds)


def test_a_fault_of_up_leaves_its_children_alone() -> None:
    assert ALL["up killed"].touches > ALL["serve killed"].touches
