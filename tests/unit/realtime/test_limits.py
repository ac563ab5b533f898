"""Seats and messages are counted."""

import pytest

from taskwire.realtime.close_codes import LATER, TOO_MANY, CloseReason
from taskwire.realtime.limits import Limits, Seats, TokenBucket

LIMITS = Limits(sockets_max=4, sockets_per_user_max=2, sockets_per_address_max=3)


@pytest.mark.parametrize(
    ("taken", "asked", "answer"),
    [
        ([], ("ann", "a"), None),
        ([("ann", "a")], ("ann", "a"), None),
        ([("ann", "a"), ("ann", "b")], ("ann", "c"), TOO_MANY),
        ([("ann", "a"), ("ben", "a"), ("cas", "a")], ("dan", "a"), TOO_MANY),
        ([("a", "a"), ("b", "b"), ("c", "c"), ("d", "d")], ("e", "e"), LATER),
    ],
)
def test_the_newest_is_refused_beyond_a_bound(
    taken: list[tuple[str, str]], asked: tuple[str, str], answer: CloseReason | None
) -> None:
    seats = Seats(LIMITS)
    for seat in taken:
        assert seats.take(*seat) is None
    assert seats.take(*asked) == answer


def test_a_seat_given_back_is_free_for_the_same_person() -> None:
    seats = Seats(LIMITS)
    for _ in range(10):
        assert seats.take("ann", "a") is None
        assert seats.take("ann", "a") is None
        seats.give_back("ann", "a")
        seats.give_back("ann", "a")


def test_a_refused_socket_takes_no_seat() -> None:
    seats = Seats(LIMITS)
    for _ in range(2):
        seats.take("ann", "a")
    for _ in range(5):
        assert seats.take("ann", "a") is TOO_MANY
    assert seats.take("ben", "a") is None


def test_a_burst_passes_and_then_so_many_a_second() -> None:
    bucket = TokenBucket(per_s=20.0, burst=60, now_s=0.0)
    assert [bucket.take(0.0) for _ in range(61)] == [True] * 60 + [False]
    assert bucket.take(0.05)
    assert not bucket.take(0.05)


def test_a_long_silence_earns_no_more_than_a_burst() -> None:
    bucket = TokenBucket(per_s=20.0, burst=3, now_s=0.0)
    assert [bucket.take(1000.0) for _ in range(4)] == [True, True, True, False]
