"""Events in Google's JSON, to and from what we know of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from taskwire.domain.calendar.content import (
    AllDay,
    Content,
    Slot,
    Timed,
    changed_fields,
    read_summary,
)
from taskwire.domain.calendar.link import Event, Mark
from taskwire.domain.calendar.steps import Create, Patch
from taskwire.domain.calendar.text import notes_from_html, notes_to_html

Json = dict[str, Any]

FIELDS_ASKED = (
    "nextPageToken,nextSyncToken,items(id,etag,status,summary,description,start,end,recurrence,"
    "recurringEventId,eventType,htmlLink,attendees/email,extendedProperties/private)"
)
_INSTANCE, _TASK, _EVENT, _GENERATION = "tw_instance", "tw_task", "tw_event", "tw_generation"


def body_of(step: Create) -> Json:
    content, mark = step.content, step.mark
    start, end = _times(content.slot)
    private = {
        _INSTANCE: mark.instance,
        _TASK: str(mark.task_id),
        _EVENT: mark.event_id,
        _GENERATION: str(mark.generation),
    }
    return {
        "id": step.event_id,
        "summary": content.summary,
        "description": notes_to_html(content.notes),
        "start": start,
        "end": end,
        "extendedProperties": {"private": private},
    }


def patch_of(step: Patch) -> Json:
    """Only the fields that differ. PATCH merges objects, so the other kind of time is nulled."""
    fields = set(changed_fields(step.before, step.after))
    after = step.after
    body: Json = {}
    if fields & {"title", "is_done"}:
        body["summary"] = after.summary
    if "notes" in fields:
        body["description"] = notes_to_html(after.notes)
    if "slot" in fields:
        start, end = _times(after.slot)
        is_other_kind = type(after.slot) is not type(step.before.slot)
        nulls = _nulls(after.slot) if is_other_kind else {}
        body |= {"start": start | nulls, "end": end | nulls}
    return body


def event_of(item: Json) -> Event:
    private = item.get("extendedProperties", {}).get("private", {})
    is_cancelled = item.get("status") == "cancelled"
    return Event(
        id=item["id"],
        etag=item.get("etag", ""),
        is_cancelled=is_cancelled,
        content=None if is_cancelled else _content(item),
        mark=_mark(private),
        has_guests=bool(item.get("attendees")),
        address=item.get("htmlLink"),
    )


def _times(slot: Slot) -> tuple[Json, Json]:
    """All-day ends are exclusive: a day ends on the next one."""
    match slot:
        case AllDay(day, days):
            end = day + timedelta(days=days)
            return {"date": day.isoformat()}, {"date": end.isoformat()}
        case Timed(start, minutes):
            end_at = start + timedelta(minutes=minutes)
            return {"dateTime": _instant(start)}, {"dateTime": _instant(end_at)}


def _nulls(slot: Slot) -> Json:
    if isinstance(slot, AllDay):
        return {"dateTime": None, "timeZone": None}
    return {"date": None}


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _content(item: Json) -> Content | None:
    """None for series and for what Google makes itself: those are not ours to follow."""
    if item.get("recurrence") or item.get("recurringEventId"):
        return None
    if item.get("eventType", "default") != "default":
        return None
    slot = _slot(item.get("start", {}), item.get("end", {}))
    if slot is None:
        return None
    title, is_done = read_summary(item.get("summary", ""))
    return Content(title, notes_from_html(item.get("description", "")), is_done, slot)


def _slot(start: Json, end: Json) -> Slot | None:
    try:
        if "date" in start:
            day = date.fromisoformat(start["date"])
            return AllDay(day, max((date.fromisoformat(end["date"]) - day).days, 1))
        begins = datetime.fromisoformat(start["dateTime"]).astimezone(UTC).replace(microsecond=0)
        ends = datetime.fromisoformat(end["dateTime"])
        return Timed(begins, max(int((ends - begins).total_seconds()) // 60, 1))
    except (KeyError, ValueError, TypeError, OverflowError):
        return None


def _mark(private: Json) -> Mark | None:
    """Whoever can edit the event can write here, so nothing is taken for granted."""
    task_id, generation = private.get(_TASK, ""), private.get(_GENERATION, "0")
    if not (task_id.isascii() and task_id.isdecimal() and len(task_id) < 19):  # noqa: PLR2004 - int64
        return None
    if not (generation.isascii() and generation.isdecimal() and len(generation) < 10):  # noqa: PLR2004
        return None
    instance, event_id = private.get(_INSTANCE, ""), private.get(_EVENT, "")
    return Mark(instance, int(task_id), event_id, int(generation))
