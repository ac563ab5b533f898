"""A duty spread over its period."""

from taskwire.realtime.wheel import SLICES_MAX, Wheel


def test_every_item_is_visited_once_a_period() -> None:
    wheel: Wheel[int] = Wheel(1.0)
    for item in range(25):
        wheel.add(item)
        wheel.turn()
    visits = [item for _ in range(10) for item in wheel.turn()]
    assert sorted(visits) == list(range(25))


def test_a_new_item_is_first_visited_a_whole_period_later() -> None:
    wheel: Wheel[str] = Wheel(0.3)
    wheel.add("new")
    assert [list(wheel.turn()) for _ in range(3)] == [[], [], ["new"]]


def test_a_removed_item_is_visited_no_more() -> None:
    wheel: Wheel[str] = Wheel(0.1)
    wheel.remove("gone", wheel.add("gone"))
    assert list(wheel.turn()) == []


def test_an_item_may_be_removed_while_its_slice_is_visited() -> None:
    wheel: Wheel[int] = Wheel(0.1)
    slots = {item: wheel.add(item) for item in range(3)}
    for item in wheel.turn():
        wheel.remove(item, slots[item])
    assert list(wheel.turn()) == []


def test_long_and_short_periods_have_a_bounded_number_of_slices() -> None:
    assert Wheel[int](0.001).tick_s == 0.001
    assert Wheel[int](3600.0).tick_s == 3600.0 / SLICES_MAX
