from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskwire.domain.calendar.content import (
    AllDay,
    Content,
    Timed,
    content_of,
    from_record,
    holds_more,
    is_over,
    new_task_of,
    read_summary,
    shown,
    task_changes,
    to_record,
)
from taskwire.domain.calendar.text import NOTES_SENT_MAX, notes_from_html, notes_to_html
from taskwire.domain.task import TITLE_LENGTH_MAX
from tests.unit.domain.calendar.contents import BASE, FRIDAY, MONDAY, TUESDAY, content, task

LONG = timezone(timedelta(hours=-11))


def test_an_instant_is_the_same_in_every_zone() -> None:
    here = task(due_at=MONDAY.start.astimezone(LONG))
    assert content_of(here, None) == content_of(task(), None)


def test_a_day_stays_a_day() -> None:
    assert content_of(task(due_at=None, due_on=date(2026, 12, 11)), None) == Content(
        "Dentist", "", is_done=False, slot=FRIDAY
    )


def test_a_task_without_a_date_is_nothing_to_a_calendar() -> None:
    assert content_of(task(due_at=None), None) is None


@pytest.mark.parametrize("shape", [Timed(MONDAY.start, 90), AllDay(date(2026, 1, 1), 3)])
def test_how_long_an_event_is_belongs_to_whoever_made_it_longer(shape: Timed | AllDay) -> None:
    timed = content_of(task(), shape)
    day = content_of(task(due_at=None, due_on=date(2026, 12, 11)), shape)
    assert timed is not None
    assert day is not None
    is_timed = isinstance(shape, Timed)
    assert timed.slot == Timed(MONDAY.start, 90 if is_timed else 30)
    assert day.slot == AllDay(date(2026, 12, 11), 1 if is_timed else 3)


def test_only_what_differs_is_written_into_a_task() -> None:
    assert task_changes(BASE, BASE) == {}
    assert task_changes(BASE, content(title="Doctor")) == {"title": "Doctor"}
    assert task_changes(BASE, content(notes="", is_done=True)) == {
        "description": "",
        "is_completed": True,
    }
    longer = content(slot=Timed(MONDAY.start, 90))
    assert task_changes(BASE, longer) == {}, "a task has a beginning only"


def test_another_kind_of_time_takes_the_place_of_the_one_before() -> None:
    assert task_changes(BASE, content(slot=FRIDAY)) == {"due_at": None, "due_on": FRIDAY.day}
    back = task_changes(content(slot=FRIDAY), content(slot=TUESDAY))
    assert back == {"due_at": TUESDAY.start, "due_on": None}


def test_a_task_keeps_its_title_when_the_event_has_none() -> None:
    assert task_changes(BASE, content(title="")) == {}


@pytest.mark.parametrize(
    ("summary", "title", "is_done"),
    [
        ("Dentist", "Dentist", False),
        ("✓ Dentist", "Dentist", True),
        ("✓ ✓ Dentist", "Dentist", True),
        ("✓Dentist", "✓Dentist", False),
        ("  ✓  Dentist \n", "Dentist", True),
        ("", "", False),
    ],
)
def test_a_tick_before_the_title_is_done(summary: str, title: str, *, is_done: bool) -> None:
    assert read_summary(summary) == (title, is_done)


def test_values_are_shown_as_the_page_can_read_them() -> None:
    assert shown(BASE, "slot") == "2026-12-07T09:00:00Z"
    assert shown(content(slot=FRIDAY), "slot") == "2026-12-11"
    assert shown(content(is_done=True), "is_done") == "true"
    assert shown(BASE, "title") == "Dentist"


@pytest.mark.parametrize(
    ("slot", "at", "over"),
    [
        (MONDAY, datetime(2026, 12, 7, 9, 29, tzinfo=UTC), False),
        (MONDAY, datetime(2026, 12, 7, 9, 30, tzinfo=UTC), True),
        (FRIDAY, datetime(2026, 12, 12, 11, tzinfo=UTC), False),  # it is Friday still, in Samoa
        (FRIDAY, datetime(2026, 12, 13, 0, tzinfo=UTC), True),
        (AllDay(date(2026, 12, 11), 3), datetime(2026, 12, 14, 23, tzinfo=UTC), False),
    ],
)
def test_a_day_is_over_when_it_is_over_everywhere(
    slot: Timed | AllDay, at: datetime, *, over: bool
) -> None:
    assert is_over(slot, at) == over


@pytest.mark.parametrize("slot", [MONDAY, FRIDAY])
def test_a_task_that_comes_of_an_event_says_the_same(slot: Timed | AllDay) -> None:
    said = content(slot=slot)
    fields = {"due_at": None, "due_on": None} | new_task_of(said)
    assert content_of(task(**fields), None) == said


TEXT = st.text(max_size=200)
SLOTS = st.one_of(
    st.builds(
        Timed,
        st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1)).map(  # noqa: DTZ001 - made aware
            lambda at: at.replace(tzinfo=UTC, microsecond=0)
        ),
        st.integers(1, 10_000),
    ),
    st.builds(AllDay, st.dates(date(1970, 1, 2), date(2200, 1, 1)), st.integers(1, 60)),
)
CONTENTS = st.builds(Content, TEXT, TEXT, is_done=st.booleans(), slot=SLOTS)


@given(CONTENTS)
def test_what_is_kept_comes_back(kept: Content) -> None:
    assert from_record(to_record(kept)) == kept


@given(TEXT)
def test_a_title_goes_out_and_comes_back_as_it_was(title: str) -> None:
    said = content_of(task(title=title[:TITLE_LENGTH_MAX] or "x"), None)
    assert said is not None
    assert read_summary(said.summary) == (said.title, said.is_done)


@given(st.text(max_size=400), st.integers(1, 60))
def test_notes_go_out_and_come_back_as_they_were(text: str, times: int) -> None:
    said = content_of(task(description=text * times), None)
    assert said is not None
    sent = notes_to_html(said.notes)
    assert len(sent) <= NOTES_SENT_MAX
    assert notes_from_html(sent) == said.notes


def test_a_description_too_long_for_an_event_is_whole_here_alone() -> None:
    assert not holds_more(task(description="x" * 1000))
    assert holds_more(task(description="x" * (NOTES_SENT_MAX + 1)))
    assert holds_more(task(description="&" * (NOTES_SENT_MAX // 5 + 1))), "as it is written there"
