"""Calendars: their events, the order of their changes, and lists with tokens."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from tests.fake_google import answers
from tests.fake_google.answers import Answer, Json, ok
from tests.fake_google.clock import Clock
from tests.fake_google.events import StoredEvent, check_id, patched, shown, writable

PAGE_DEFAULT = 250
PAGE_MAX = 2500
_NOT_WITH_TOKEN = (
    "iCalUID",
    "orderBy",
    "privateExtendedProperty",
    "q",
    "sharedExtendedProperty",
    "timeMin",
    "timeMax",
    "updatedMin",
)
Changed = Callable[[str], None]


@dataclass
class Switches:
    """What nobody knows for sure of the real one, or what a test wants to see."""

    page_size: int | None = None
    has_empty_pages: bool = False
    no_op_keeps_etag: bool = True
    patch_of_deleted_is_forbidden: bool = True
    role: str = "owner"


@dataclass
class Calendar:
    id: str
    fields: Json
    zone: ZoneInfo
    events: dict[str, StoredEvent] = field(default_factory=dict)
    purged_ids: set[str] = field(default_factory=set)
    change_count: int = 1
    oldest_token: int = 0
    """Tokens from before this change have expired."""


class Events:
    """The methods of one calendar. `changed` is told after each change, whoever made it."""

    def __init__(
        self, calendar: Calendar, clock: Clock, switches: Switches, changed: Changed
    ) -> None:
        self._calendar = calendar
        self._clock = clock
        self._switches = switches
        self._changed = changed

    def insert(self, body: Json) -> Answer:
        self._check_role()
        event_id = check_id(body.get("id"))
        if event_id in self._calendar.events or event_id in self._calendar.purged_ids:
            raise answers.duplicate()
        fields = writable(body, self._calendar.zone)
        now = self._clock.tick()
        event = StoredEvent(event_id, fields, now, now, 0, uid=str(body.get("iCalUID", "")))
        self._calendar.events[event_id] = event
        self._touch(event)
        return self._answer(event)

    def get(self, event_id: str, if_none_match: str | None = None) -> Answer:
        event = self._find(event_id)
        return Answer(304) if if_none_match == event.etag else self._answer(event)

    def patch(self, event_id: str, body: Json, if_match: str | None) -> Answer:
        self._check_role()
        event = self._find(event_id)
        self._check_match(event, if_match)
        revives = body.get("status") == "confirmed"
        if event.is_deleted and not revives and self._switches.patch_of_deleted_is_forbidden:
            raise answers.error(403, "forbidden", "Forbidden")
        fields = writable(patched(event.fields, body), self._calendar.zone)
        is_same = fields == event.fields and event.is_deleted == (event.is_deleted and not revives)
        if is_same and self._switches.no_op_keeps_etag:
            return self._answer(event)
        if any(fields[name] != event.fields[name] for name in ("start", "end")):
            event.sequence += 1
        event.fields, event.is_deleted = fields, event.is_deleted and not revives
        self._touch(event)
        return self._answer(event)

    def delete(self, event_id: str, if_match: str | None) -> Answer:
        self._check_role()
        event = self._find(event_id)
        if event.is_deleted:
            raise answers.deleted()
        self._check_match(event, if_match)
        event.is_deleted = True
        self._touch(event)
        return Answer(204)

    def listed(self, query: Mapping[str, str]) -> Answer:
        if "pageToken" in query:
            page = _read_token("page", query["pageToken"])
            self._check_age(page["since"])
        else:
            page = self._first_page(query)
        size = _page_size(query, self._switches)
        names: list[str] = page["ids"]
        if self._switches.has_empty_pages and not page.get("rested") and names:
            return self._page([], page | {"rested": True}, query)
        rest = page | {"ids": names[size:], "rested": False}
        return self._page(names[:size], rest, query)

    def touch_all_tokens(self, *, purges: bool) -> None:
        """Expire every sync token; with `purges` the deleted events are forgotten as well."""
        self._calendar.change_count += 1
        self._calendar.oldest_token = self._calendar.change_count
        if purges:
            gone = {name for name, event in self._calendar.events.items() if event.is_deleted}
            self._calendar.purged_ids |= gone
            for name in gone:
                del self._calendar.events[name]

    def restore(self, event_id: str) -> None:
        """From the trash, as a person does it."""
        self.patch(event_id, {"status": "confirmed"}, None)

    def _first_page(self, query: Mapping[str, str]) -> Json:
        """Which events the whole list will name: what changes meanwhile is for the next one."""
        since = 0
        if "syncToken" in query:
            since = self._read_sync_token(query)
        elif query.get("orderBy") == "startTime" and query.get("singleEvents") != "true":
            raise answers.invalid("The requested ordering is not available for the query.")
        shows_deleted = since > 0 or query.get("showDeleted") == "true"
        listed = [
            event
            for event in sorted(self._calendar.events.values(), key=lambda event: event.changed)
            if event.changed > since and (shows_deleted or not event.is_deleted)
        ]
        ids = [event.id for event in listed]
        head = self._calendar.change_count
        return {"ids": ids, "head": head, "since": since, "is_delta": since > 0}

    def _read_sync_token(self, query: Mapping[str, str]) -> int:
        if any(name in query for name in _NOT_WITH_TOKEN) or query.get("showDeleted") == "false":
            raise answers.invalid("Sync token cannot be used with other request restrictions.")
        token = _read_token("sync", query["syncToken"])
        if token["calendar"] != self._calendar.id:
            raise answers.invalid("Invalid sync token value.")
        since = int(token["since"])
        self._check_age(since)
        return since

    def _check_age(self, since: int) -> None:
        """Changes since a time that is too long ago; it may become so from one page to the next."""
        if 0 < since < self._calendar.oldest_token:
            raise answers.token_too_old()

    def _page(self, names: list[str], rest: Json, query: Mapping[str, str]) -> Answer:
        events = [self._calendar.events[name] for name in names if name in self._calendar.events]
        shows_deleted = query.get("showDeleted") == "true"
        items = [
            shown(event, is_whole=shows_deleted or not event.is_deleted)
            for event in events
            if rest["is_delta"] or shows_deleted or not event.is_deleted
        ]
        body: Json = {
            "kind": "calendar#events",
            "etag": f'"p{self._calendar.change_count}"',
            "summary": self._calendar.fields.get("summary", ""),
            "timeZone": self._calendar.zone.key,
            "accessRole": self._switches.role,
            "defaultReminders": [],
            "items": items,
        }
        if rest["ids"] or rest.get("rested", False):
            return ok(body | {"nextPageToken": _write_token("page", rest)})
        token = {"calendar": self._calendar.id, "since": rest["head"]}
        return ok(body | {"nextSyncToken": _write_token("sync", token)})

    def _find(self, event_id: str) -> StoredEvent:
        event = self._calendar.events.get(event_id)
        if event is None:
            raise answers.not_found()
        return event

    def _check_match(self, event: StoredEvent, if_match: str | None) -> None:
        if if_match not in (None, "*", event.etag):
            raise answers.precondition_failed()

    def _check_role(self) -> None:
        if self._switches.role not in ("owner", "writer"):
            message = "You need to have writer access to this calendar."
            raise answers.error(403, "requiredAccessLevel", message, domain="calendar")

    def _touch(self, event: StoredEvent) -> None:
        self._calendar.change_count += 1
        event.changed = self._calendar.change_count
        event.updated = self._clock.tick()
        self._changed(self._calendar.id)

    def _answer(self, event: StoredEvent) -> Answer:
        return ok(deepcopy(shown(event)), {"ETag": event.etag})


def _page_size(query: Mapping[str, str], switches: Switches) -> int:
    asked = query.get("maxResults", str(PAGE_DEFAULT))
    if not re.fullmatch(r"[1-9][0-9]{0,5}", asked):
        raise answers.invalid("Invalid value for maxResults.")
    forced = PAGE_MAX if switches.page_size is None else switches.page_size
    return min(int(asked), PAGE_MAX, forced)


def _write_token(kind: str, content: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps({"kind": kind, **content}).encode()).decode()


def _read_token(kind: str, token: str) -> Json:
    try:
        content: object = json.loads(base64.urlsafe_b64decode(token))
    except (binascii.Error, ValueError):
        content = {}
    if not isinstance(content, dict) or content.get("kind") != kind:
        raise answers.invalid(f"Invalid {kind} token value.")
    return content
