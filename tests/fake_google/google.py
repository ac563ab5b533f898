"""The fake as one object: a request comes in, an answer goes out. No sockets, no threads."""

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tests.fake_google import answers
from tests.fake_google.accounts import OWNER, Accounts
from tests.fake_google.answers import Answer, Json, Refusal, ok
from tests.fake_google.calendars import Calendar, Events, Switches
from tests.fake_google.channels import Channels
from tests.fake_google.clock import Clock
from tests.fake_google.events import StoredEvent, moved
from tests.fake_google.faults import AFTER, Dropped, Fault, Faults, refusal_of

API = "/calendar/v3"
APP_CREATED = "https://www.googleapis.com/auth/calendar.app.created"
EVENTS = "https://www.googleapis.com/auth/calendar.events"
CALENDAR = "https://www.googleapis.com/auth/calendar"
_MAY_WRITE_EVENTS = {APP_CREATED, EVENTS, CALENDAR}
_MAY_MAKE_CALENDARS = {APP_CREATED, CALENDAR}
_MAY_LIST_CALENDARS = {CALENDAR, "https://www.googleapis.com/auth/calendar.calendarlist.readonly"}

_CALENDAR = re.compile(r"/calendars/([^/]+)")
_EVENTS = re.compile(r"/calendars/([^/]+)/events")
_WATCH = re.compile(r"/calendars/([^/]+)/events/watch")
_EVENT = re.compile(r"/calendars/([^/]+)/events/([^/]+)")


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""
    came_at: datetime | None = None
    """By the fake's clock; known once it is in the log."""

    @property
    def json(self) -> Json:
        if not self.body:
            return {}
        try:
            parsed = json.loads(self.body)
        except ValueError:
            raise answers.invalid("Parse Error", "parseError") from None
        if not isinstance(parsed, dict):
            raise answers.invalid("Parse Error", "parseError")
        return parsed

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


def request_of(method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Request:
    parts = urlsplit(target)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    lowered = {name.lower(): value for name, value in headers.items()}
    return Request(method, parts.path, query, lowered, body)


@dataclass
class Google:
    """`log` holds every request that came, refused ones too."""

    clock: Clock = field(default_factory=Clock)
    client_id: str = "fake-client"
    client_secret: str = "fake-secret"
    zone: str = "Europe/Berlin"
    switches: Switches = field(default_factory=Switches)
    faults: Faults = field(default_factory=Faults)
    log: list[Request] = field(default_factory=list)
    keeps_log: bool = True

    def __post_init__(self) -> None:
        self.accounts = Accounts(self.clock, self.client_id, self.client_secret)
        self.channels = Channels(self.clock)
        self.calendars: dict[str, Calendar] = {}
        self.add_calendar({"summary": OWNER}, OWNER)

    def handle(self, request: Request) -> Answer:
        """Raises `Dropped` when the caller is to see a broken connection."""
        if self.keeps_log:
            self.log.append(replace(request, came_at=self.clock.now()))
        fault = self.faults.next_for(request.method)
        if fault is Fault.DROPPED_BEFORE:
            raise Dropped
        try:
            refusal = None if fault is None or fault in AFTER else refusal_of(fault)
            if refusal is not None:
                raise refusal
            answer = self._route(request)
        except Refusal as refused:
            answer = refused.answer
        if fault is Fault.DROPPED_AFTER:
            raise Dropped
        if fault is Fault.CUT:
            return Answer(answer.status, answer.body[: len(answer.body) // 2], answer.headers)
        return answer

    # --- what the person does there -------------------------------------------------------------

    def events(self, calendar_id: str) -> Events:
        calendar = self.calendars.get(OWNER if calendar_id == "primary" else calendar_id)
        if calendar is None:
            raise answers.not_found()
        return Events(calendar, self.clock, self.switches, self.channels.changed)

    def add_calendar(self, fields: Json, calendar_id: str | None = None) -> Calendar:
        name = calendar_id or f"{uuid.uuid4().hex}@group.calendar.google.com"
        calendar = Calendar(name, dict(fields), ZoneInfo(fields.get("timeZone", self.zone)))
        self.calendars[name] = calendar
        return calendar

    def living(self, calendar_id: str) -> list[StoredEvent]:
        events = self.calendars[calendar_id].events.values()
        return [event for event in events if not event.is_deleted]

    def drag(self, calendar_id: str, event_id: str, by: timedelta) -> None:
        event = self.calendars[calendar_id].events[event_id]
        self.events(calendar_id).patch(event_id, moved(event.fields, by), None)

    @property
    def made_calendar(self) -> Calendar:
        """The one that an application made here."""
        (made,) = [one for name, one in self.calendars.items() if name != OWNER]
        return made

    # --- the interface --------------------------------------------------------------------------

    def _route(self, request: Request) -> Answer:
        if request.path == "/token":
            return self.accounts.token(request.form, request.headers.get("authorization"))
        if request.path == "/revoke":
            return self.accounts.revoke(request.form.get("token") or request.query.get("token", ""))
        if not request.path.startswith(API):
            raise answers.not_found()
        granted = self.accounts.scopes_of(request.headers.get("authorization"))
        if granted is None:
            raise answers.invalid_credentials()
        return self._call(request, request.path.removeprefix(API), set(granted.split()))

    def _call(self, request: Request, path: str, scopes: set[str]) -> Answer:
        if path == "/users/me/calendarList":
            _need(scopes, _MAY_LIST_CALENDARS)
            return self._list_calendars()
        if path == "/channels/stop":
            _need(scopes, _MAY_WRITE_EVENTS)
            return self.channels.stop(request.json)
        if path == "/calendars" and request.method == "POST":
            _need(scopes, _MAY_MAKE_CALENDARS)
            return self._insert_calendar(request.json)
        if match := _CALENDAR.fullmatch(path):
            _need(scopes, _MAY_MAKE_CALENDARS)
            return self._calendar(request, unquote(match[1]))
        _need(scopes, _MAY_WRITE_EVENTS)
        return self._events(request, path)

    def _events(self, request: Request, path: str) -> Answer:
        if (match := _WATCH.fullmatch(path)) and request.method == "POST":
            self.events(unquote(match[1]))
            return self.channels.watch(unquote(match[1]), request.json)
        if match := _EVENTS.fullmatch(path):
            events = self.events(unquote(match[1]))
            return (
                events.insert(request.json)
                if request.method == "POST"
                else events.listed(request.query)
            )
        if not (match := _EVENT.fullmatch(path)):
            raise answers.not_found()
        events, event_id = self.events(unquote(match[1])), unquote(match[2])
        if_match = request.headers.get("if-match")
        match request.method:
            case "GET":
                return events.get(event_id, request.headers.get("if-none-match"))
            case "PATCH":
                return events.patch(event_id, request.json, if_match)
            case "DELETE":
                return events.delete(event_id, if_match)
            case _:
                raise answers.not_found()

    def _list_calendars(self) -> Answer:
        entries = [self._shown(calendar) for calendar in self.calendars.values()]
        return ok({"kind": "calendar#calendarList", "items": entries})

    def _insert_calendar(self, body: Json) -> Answer:
        if not body.get("summary"):
            raise answers.invalid("Missing title.", "required")
        try:
            ZoneInfo(body.get("timeZone", self.zone))
        except ZoneInfoNotFoundError:
            raise answers.invalid("Invalid time zone.") from None
        return ok(self._shown(self.add_calendar(body)))

    def _calendar(self, request: Request, name: str) -> Answer:
        calendar = self.calendars.get(OWNER if name == "primary" else name)
        if calendar is None:
            raise answers.not_found()
        if request.method == "DELETE":
            del self.calendars[calendar.id]
            return Answer(204)
        return ok(self._shown(calendar))

    def _shown(self, calendar: Calendar) -> Json:
        head: Json = {"kind": "calendar#calendar", "etag": f'"c{calendar.change_count}"'}
        fields = {"id": calendar.id, "timeZone": calendar.zone.key}
        return head | calendar.fields | fields


def _need(scopes: set[str], enough: set[str]) -> None:
    if scopes.isdisjoint(enough):
        raise answers.insufficient_scope()
