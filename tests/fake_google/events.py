"""One event: how it is made, changed and shown."""

import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tests.fake_google.accounts import OWNER
from tests.fake_google.answers import Json, error, invalid

_ID = re.compile(r"[0-9a-v]{5,1024}")
_READ_ONLY = {
    "kind",
    "etag",
    "id",
    "htmlLink",
    "created",
    "updated",
    "creator",
    "organizer",
    "iCalUID",
    "recurringEventId",
    "originalStartTime",
    "eventType",
}
_TIMES = ("start", "end")
PROPERTY_KEY_MAX, PROPERTY_VALUE_MAX = 44, 1024


@dataclass
class StoredEvent:
    """`fields` as the person sees them; `changed` is the number of the change in its calendar."""

    id: str
    fields: Json
    created: datetime
    updated: datetime
    changed: int
    is_deleted: bool = False
    sequence: int = 0
    uid: str = field(default="")

    @property
    def etag(self) -> str:
        """Looks like twice the microseconds of `updated`; is opaque, and never the same again."""
        return f'"{int(self.updated.timestamp() * 2_000_000) // 10 * 10 + 2 * (self.changed % 5)}"'


def check_id(given: object) -> str:
    if given is None:
        return uuid.uuid4().hex[:26].translate(str.maketrans("wxyz", "0123"))
    if not isinstance(given, str) or not _ID.fullmatch(given):
        raise invalid("Invalid resource id value.")
    return given


def writable(body: Json, zone: ZoneInfo) -> Json:
    """The fields of an insert or of a patched whole, checked and in Google's spelling."""
    fields = {key: value for key, value in body.items() if key not in _READ_ONLY}
    for name in _TIMES:
        if name not in fields:
            location = ("parameter", name)
            raise error(400, "required", f"Missing {name} time.", location=location)
        fields[name] = _time(fields[name], name, zone)
    _check_order(fields["start"], fields["end"])
    for shelf in fields.get("extendedProperties", {}).values():
        _check_properties(shelf)
    return fields


def _check_properties(shelf: Json) -> None:
    for key, value in shelf.items():
        if len(key) > PROPERTY_KEY_MAX or len(str(value)) > PROPERTY_VALUE_MAX:
            raise invalid("Invalid extended property.")


def patched(fields: Json, body: Json) -> Json:
    """Objects are merged, null removes; extended properties key by key."""
    merged = dict(fields)
    for key, value in body.items():
        if key in _READ_ONLY:
            continue
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = patched(merged[key], value)
        elif isinstance(value, dict):
            merged[key] = {name: one for name, one in value.items() if one is not None}
        else:
            merged[key] = value
    return merged


def shown(event: StoredEvent, *, is_whole: bool = True) -> Json:
    """As GET and list answer; a tombstone in a list without `showDeleted` is only its name."""
    head: Json = {"kind": "calendar#event", "etag": event.etag, "id": event.id}
    status = "cancelled" if event.is_deleted else event.fields.get("status", "confirmed")
    if not is_whole:
        return head | {"status": status}
    owner = {"email": OWNER, "self": True}
    return (
        head
        | {"reminders": {"useDefault": True}, "eventType": "default"}
        | event.fields
        | {
            "status": status,
            "htmlLink": f"https://www.google.com/calendar/event?eid={event.id}",
            "created": _instant(event.created),
            "updated": _instant(event.updated),
            "creator": owner,
            "organizer": owner,
            "iCalUID": event.uid or f"{event.id}@google.com",
            "sequence": event.sequence,
        }
    )


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


def _time(value: object, name: str, zone: ZoneInfo) -> Json:
    bad = invalid(f"Invalid {name} time.")
    if not isinstance(value, dict):
        raise bad
    given: dict[str, Any] = {key: one for key, one in value.items() if one is not None}
    if ("date" in given) == ("dateTime" in given):
        raise bad
    try:
        if "date" in given:
            return {"date": date.fromisoformat(given["date"]).isoformat()}
        at = datetime.fromisoformat(given["dateTime"])
        named = ZoneInfo(given["timeZone"]) if "timeZone" in given else None
    except (ValueError, TypeError, ZoneInfoNotFoundError):
        raise bad from None
    if at.tzinfo is None and named is None:
        raise invalid(f"Missing time zone definition for {name} time.", "required")
    at = at if at.tzinfo is not None else at.replace(tzinfo=named)
    there = at.astimezone(zone).replace(microsecond=0).isoformat().replace("+00:00", "Z")
    return {"dateTime": there, "timeZone": given.get("timeZone", zone.key)}


def _check_order(start: Json, end: Json) -> None:
    if ("date" in start) != ("date" in end):
        raise invalid("Invalid start time.")
    key = "date" if "date" in start else "dateTime"
    read = date.fromisoformat if key == "date" else datetime.fromisoformat
    if read(end[key]) <= read(start[key]):
        message = "The specified time range is empty."
        location = ("parameter", "timeMax")
        raise error(400, "timeRangeEmpty", message, domain="calendar", location=location)


def moved(fields: Json, by: timedelta) -> Json:
    """The same event earlier or later, as somebody drags it."""
    changes: Json = {}
    for name in _TIMES:
        if "date" in fields[name]:
            changes[name] = {"date": (date.fromisoformat(fields[name]["date"]) + by).isoformat()}
        else:
            at = datetime.fromisoformat(fields[name]["dateTime"]) + by
            changes[name] = {"dateTime": at.isoformat()}
    return changes
