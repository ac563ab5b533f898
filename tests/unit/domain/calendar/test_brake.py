import pytest

from taskwire.domain.calendar.brake import is_mass_removal


@pytest.mark.parametrize(
    ("removed", "linked", "is_asked"),
    [
        (0, 0, False),
        (10, 10, False),  # ten may always go, be they all
        (11, 11, True),
        (11, 50, True),
        (20, 100, False),  # a fifth
        (21, 100, True),
        (200, 1000, False),
        (201, 1000, True),
    ],
)
def test_more_than_ten_and_more_than_a_fifth_are_asked_about(
    removed: int, linked: int, *, is_asked: bool
) -> None:
    assert is_mass_removal(removed, linked) == is_asked
