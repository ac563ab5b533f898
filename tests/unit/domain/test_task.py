from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from taskwire.domain.errors import InvalidError
from taskwire.domain.task import DEFAULTS, FieldValue, check_changes

NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_a_new_task_has_defaults_for_what_was_not_given() -> None:
    assert check_changes({"title": "milk"}).as_new_task() == {**DEFAULTS, "title": "milk"}


def test_a_new_task_needs_a_title() -> None:
    with pytest.raises(InvalidError, match="title is missing"):
        check_changes({"priority": 1}).as_new_task()


@pytest.mark.parametrize(
    ("name", "cleared"),
    [("description", ""), ("is_completed", False), ("priority", 0), ("due_at", None)],
)
def test_null_clears_a_field(name: str, cleared: FieldValue) -> None:
    assert check_changes({name: None}).fields == {name: cleared}


def test_null_does_not_clear_the_title() -> None:
    with pytest.raises(InvalidError, match="title"):
        check_changes({"title": None})


def test_a_missing_field_stays_as_it_is() -> None:
    assert check_changes({"priority": 2}).fields == {"priority": 2}


@pytest.mark.parametrize("priority", [-1, 4, 10**30])
def test_a_priority_is_one_of_four(priority: int) -> None:
    with pytest.raises(InvalidError, match="priority"):
        check_changes({"priority": priority})


@pytest.mark.parametrize("title", ["", "   ", "x" * 501, "a\x00"])
def test_a_bad_title_is_refused(title: str) -> None:
    with pytest.raises(InvalidError, match="title"):
        check_changes({"title": title})


def test_a_description_may_be_empty_but_not_endless() -> None:
    assert check_changes({"description": ""}).fields == {"description": ""}
    with pytest.raises(InvalidError, match="description"):
        check_changes({"description": "x" * 20_001})


def test_a_task_is_not_due_at_a_time_and_on_a_day() -> None:
    with pytest.raises(InvalidError, match="not both"):
        check_changes({"due_at": NINE, "due_on": date(2026, 11, 24)})


def test_naming_one_due_clears_the_other() -> None:
    assert check_changes({"due_at": NINE}).fields == {"due_at": NINE, "due_on": None}
    day = date(2026, 11, 24)
    assert check_changes({"due_on": day}).fields == {"due_on": day, "due_at": None}


def test_clearing_one_due_leaves_the_other() -> None:
    assert check_changes({"due_on": None}).fields == {"due_on": None}


def test_instants_are_kept_in_utc() -> None:
    jerusalem = timezone(timedelta(hours=2))
    given = datetime(2026, 11, 24, 11, tzinfo=jerusalem)
    stored = check_changes({"due_at": given}).fields["due_at"]
    assert isinstance(stored, datetime)
    assert (stored, stored.tzinfo) == (NINE, UTC)


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2026, 11, 24, 9),  # noqa: DTZ001 - the missing zone is the point
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12))),
    ],
)
def test_an_instant_needs_a_zone_and_a_place_in_the_calendar(instant: datetime) -> None:
    with pytest.raises(InvalidError, match="due_at"):
        check_changes({"due_at": instant})
