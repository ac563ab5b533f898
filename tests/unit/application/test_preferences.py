"""Preferences of an imported file: taken over where nobody has chosen, and nowhere else."""

from dataclasses import replace
from typing import Any

import pytest

from taskwire.application.preferences import adopted, preferences_data
from taskwire.domain.errors import InvalidError
from taskwire.domain.preferences import Preferences

IN_FILE: dict[str, Any] = {
    "time_zone": "Asia/Jerusalem",
    "language": "he",
    "quiet_hours": {"from": "22:00", "to": "07:00"},
    "digest_at": "08:00",
    "channels": {"reminder_due": {"email": True}},
}


def test_where_nobody_has_chosen_they_are_taken_over_whole() -> None:
    told = preferences_data(adopted(Preferences(), IN_FILE))
    assert told["channels"]["reminder_due"]["email"] is True
    assert {name: told[name] for name in IN_FILE if name != "channels"} == {
        name: value for name, value in IN_FILE.items() if name != "channels"
    }


def test_a_list_of_a_friend_changes_no_habits() -> None:
    chosen = Preferences(language="he")
    assert adopted(chosen, {**IN_FILE, "language": "en"}) == chosen


def test_the_zone_that_the_page_has_set_by_itself_stays() -> None:
    here = replace(Preferences(), time_zone="Europe/Vienna")
    assert adopted(here, IN_FILE).time_zone == "Europe/Vienna"
    assert adopted(here, IN_FILE).language == "he"


@pytest.mark.parametrize(
    "nonsense",
    [
        {"time_zone": 7},
        {"time_zone": "Mars/Olympus"},
        {"language": "xx"},
        {"quiet_hours": {}},
        {"quiet_hours": "at night"},
        {"digest_at": "noon"},
        {"digest_at": []},
        {"channels": {"reminder_due": 1}},
        {"channels": {"no_kind": {}}},
        {"channels": []},
    ],
)
def test_nonsense_is_refused_with_a_sentence(nonsense: dict[str, Any]) -> None:
    with pytest.raises(InvalidError):
        adopted(Preferences(), nonsense)
