"""Events in Google's JSON: all-day, timed, zones, and what is not ours to follow."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from taskwire.adapters.google_calendar.mapping import body_of, event_of, patch_of
from taskwire.domain.calendar.content import AllDay, Content, Slot, Timed
from taskwire.domain.calendar.link import Mark
from taskwire.domain.calendar.steps import Create, Patch

NINE = datetime(2026, 12, 7, 9, tzinfo=UTC)
TIMED = Timed(NINE, 30)
DAY = AllDay(date(2026, 12, 7), 1)
MARK = Mark("instance", 7, "t123", 2)


def _content(slot: Slot = TIMED, **changes: Any) -> Content:  # noqa: ANN401 - any field
    fields: dict[str, Any] = {"title": "Dentist", "notes": "", "is_done": False} | changes
    return Content(slot=slot, **fields)


def _item(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    plain = {
        "id": "t123",
        "etag": '"1"',
        "status": "confirmed",
        "summary": "Dentist",
        "start": {"dateTime": "2026-12-07T10:00:00+01:00", "timeZone": "Europe/Berlin"},
        "end": {"dateTime": "2026-12-07T10:30:00+01:00", "timeZone": "Europe/Berlin"},
    }
    return plain | fields


@pytest.mark.parametrize("slot", [TIMED, Timed(NINE, 90), DAY, AllDay(date(2026, 12, 31), 3)])
def test_what_goes_out_comes_back(slot: Slot) -> None:
    said = _content(slot, notes="x-rays & <card>", is_done=True)
    event = event_of(body_of(Create("t123", said, MARK)) | {"etag": '"1"'})
    assert (event.content, event.mark) == (said, MARK)


def test_the_end_of_a_day_is_the_next_one() -> None:
    body = body_of(Create("t123", _content(AllDay(date(2026, 12, 31), 1)), MARK))
    assert (body["start"], body["end"]) == ({"date": "2026-12-31"}, {"date": "2027-01-01"})


@pytest.mark.parametrize(
    ("start", "end", "slot"),
    [
        ("2026-12-07T10:00:00+01:00", "2026-12-07T10:30:00+01:00", TIMED),
        ("2026-12-07T09:00:00Z", "2026-12-07T09:30:00Z", TIMED),
        ("2026-12-06T22:00:00-11:00", "2026-12-06T22:30:00-11:00", TIMED),
        # The hour is there twice: from half past two, for the first time, to the second.
        (
            "2026-10-25T02:30:00+02:00",
            "2026-10-25T02:30:00+01:00",
            Timed(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 60),
        ),
        ("2026-12-07T09:00:00Z", "2026-12-07T09:00:00Z", Timed(NINE, 1)),
    ],
)
def test_instants_are_read_and_not_their_spelling(start: str, end: str, slot: Slot) -> None:
    event = event_of(_item(start={"dateTime": start}, end={"dateTime": end}))
    assert event.content is not None
    assert event.content.slot == slot


@pytest.mark.parametrize(
    "fields",
    [
        {"recurrence": ["RRULE:FREQ=DAILY"]},
        {"recurringEventId": "series"},
        {"eventType": "birthday"},
        {"start": {}},
        {"start": {"dateTime": "tomorrow"}},
        {"start": {"date": "2026-12-07"}, "end": {"dateTime": "2026-12-07T09:00:00Z"}},
        {"start": {"date": 7}},
    ],
)
def test_what_is_no_plain_event_has_no_content(fields: dict[str, Any]) -> None:
    assert event_of(_item(**fields)).content is None


def test_a_tombstone_is_a_name_and_nothing_else() -> None:
    event = event_of({"id": "t123", "etag": '"2"', "status": "cancelled"})
    assert (event.is_cancelled, event.content, event.mark) == (True, None, None)


def test_only_what_differs_is_sent() -> None:
    before = _content(notes="formatted there")
    assert patch_of(Patch("t123", '"1"', before, _content(notes="formatted there"))) == {}
    renamed = _content(title="Doctor", notes="formatted there")
    assert patch_of(Patch("t123", '"1"', before, renamed)) == {"summary": "Doctor"}
    done = _content(notes="formatted there", is_done=True)
    assert patch_of(Patch("t123", '"1"', before, done)) == {"summary": "✓ Dentist"}


@pytest.mark.parametrize(
    ("before", "after", "start"),
    [
        (TIMED, DAY, {"date": "2026-12-07", "dateTime": None, "timeZone": None}),
        (DAY, TIMED, {"dateTime": "2026-12-07T09:00:00Z", "date": None}),
        (
            TIMED,
            Timed(datetime(2026, 12, 8, 9, tzinfo=UTC), 30),
            {"dateTime": "2026-12-08T09:00:00Z"},
        ),
    ],
)
def test_the_other_kind_of_time_is_taken_away_by_name(
    before: Slot, after: Slot, start: dict[str, Any]
) -> None:
    body = patch_of(Patch("t123", '"1"', _content(before), _content(after)))
    assert body["start"] == start
    assert set(body) == {"start", "end"}


@pytest.mark.parametrize(
    "private",
    [
        {},
        {"tw_task": "seven"},
        {"tw_task": "-7"},
        {"tw_task": "9" * 30},
        {"tw_task": "\u0667"},
        {"tw_task": "7", "tw_generation": "x"},
    ],
)
def test_a_mark_that_somebody_wrote_by_hand_is_none(private: dict[str, str]) -> None:
    assert event_of(_item(extendedProperties={"private": private})).mark is None
