"""The engine between a real store and the fake: everything but HTTP's sockets and Celery."""

import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import orjson
from sqlalchemy import Column, select

from taskwire.adapters.database.calendar_store import DatabaseCalendarStore
from taskwire.adapters.database.calendar_tables import (
    calendar_accounts,
    calendar_links,
    calendar_old_events,
)
from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.task_store import DatabaseTaskStore
from taskwire.adapters.google_calendar.client import GoogleCalendars
from taskwire.adapters.google_calendar.http import open_http
from taskwire.adapters.google_calendar.mapping import event_of
from taskwire.adapters.google_calendar.oauth import GoogleConsents, OauthClient
from taskwire.adapters.security.sealing import KeySeal
from taskwire.application.calendar.accounts import CalendarAccounts, ConsentOutcome
from taskwire.application.calendar.ports import Account, LoggedNote
from taskwire.application.calendar.session import AccessCache
from taskwire.application.calendar.sync import CalendarSync, SyncBounds
from taskwire.application.ports import Answer, Claims, SessionStore
from taskwire.application.tasks import Tasks
from taskwire.domain.calendar.content import content_of
from taskwire.domain.calendar.link import Event
from taskwire.domain.task import FieldValue, Task, check_changes
from tests.calendar_world.line import Line
from tests.fake_google.events import StoredEvent, shown
from tests.fake_google.google import APP_CREATED, Google
from tests.fakes.memory_sessions import MemorySessions

API_URL = "https://www.googleapis.com/calendar/v3"
REDIRECT_URL = "http://localhost:8000/api/calendar/google/callback"
WRITES = ("POST", "PATCH", "DELETE")
KEY = "a key of at least thirty-two bytes!!"
SESSION = "a session that lives"
BOUNDS = SyncBounds(
    items_per_run_max=200,
    writes_per_s=1e9,
    poll_interval_s=60,
    watched_poll_interval_s=900,
    runs_at_once_max=10,
    webhook_url=None,
)


class Heard:
    """Keeps what was announced."""

    def __init__(self) -> None:
        self.frames: list[tuple[str, int | None, bytes]] = []

    def announce(self, channel: str, seq: int | None, payload: bytes) -> None:
        self.frames.append((channel, seq, payload))

    def numbered(self) -> list[bytes]:
        return [payload for _, seq, payload in self.frames if seq is not None]

    def news(self) -> list[dict[str, Any]]:
        """Notifications, as they come to every device."""
        told = [orjson.loads(payload) for payload in self.numbered()]
        return [one["data"] for one in told if one["type"] == "notification_created"]

    def states(self) -> list[dict[str, Any]]:
        """What the open pages were told of the calendar."""
        told = [orjson.loads(payload) for _, seq, payload in self.frames if seq is None]
        return [one["data"] for one in told if one["type"] == "calendar_update"]


@dataclass
class World:
    google: Google
    tasks: DatabaseTaskStore
    store: DatabaseCalendarStore
    consents: GoogleConsents
    sync: CalendarSync
    accounts: CalendarAccounts
    heard: Heard
    line: Line
    person_id: int = 1
    foreign: dict[str, str] = field(default_factory=dict)
    """Events that are not ours, and their etags after the person's last edit."""
    restored: set[str] = field(default_factory=set)
    """Events that the person took out of Google's trash."""

    # --- here ------------------------------------------------------------------------------------

    @property
    def who(self) -> Claims:
        return Claims(self.person_id, SESSION, datetime.max.replace(tzinfo=UTC))

    async def connect(self) -> None:
        """As somebody does it who says yes to everything."""
        assert await self.consent() is ConsentOutcome.CONNECTED

    async def consent(self, granted: str | None = APP_CREATED) -> ConsentOutcome:
        """To Google and back; None: they said no there."""
        begun = await self.accounts.begin(self.who)
        back = self.google.accounts.consent(consent_query(begun.url), granted)
        return await self.accounts.come_back(consent_query(back), begun.state)

    async def run(self, times: int = 1) -> None:
        for _ in range(times):
            await self.sync.run(self.person_id)

    async def add(self, title: str = "Water the plants", **fields: FieldValue) -> int:
        given = check_changes({"title": title, **fields}).as_new_task()
        answer = await self.tasks.create(self.person_id, given, None)
        assert isinstance(answer, Answer)
        return int(answer.body.partition(b'"id":')[2].partition(b",")[0])

    async def change(self, task_id: int, **fields: FieldValue) -> None:
        await self.tasks.change(self.person_id, task_id, check_changes(fields), None, None)

    async def delete(self, task_id: int) -> None:
        await self.tasks.delete(self.person_id, task_id, None, None)

    async def restore(self, task_id: int) -> None:
        await self.tasks.restore(self.person_id, task_id, None)

    async def task(self, task_id: int) -> Task:
        task = await self.tasks.find(self.person_id, task_id)
        assert task is not None, "the task is there"
        return task

    async def account(self) -> Account:
        account = await self.store.find(self.person_id)
        assert account is not None, "somebody is connected"
        return account

    async def wait_s(self) -> float:
        """How long Google is left alone from now on."""
        found = await self._column(calendar_accounts.c.backoff_until)
        return 0.0 if found is None else (found - datetime.now(UTC)).total_seconds()

    async def next_in_s(self) -> float:
        """When it is looked at again without anybody asking."""
        found = await self._column(calendar_accounts.c.next_at)
        assert found is not None, "an account is always due at some time"
        return (found - datetime.now(UTC)).total_seconds()

    async def notes(self) -> list[LoggedNote]:
        return list(await self.store.notes(self.person_id, 500))

    async def note_kinds(self) -> list[str]:
        return [note.kind.value for note in reversed(await self.notes())]

    # --- there -----------------------------------------------------------------------------------

    @property
    def calendar_id(self) -> str:
        return self.google.made_calendar.id

    def living(self) -> list[StoredEvent]:
        return self.google.living(self.calendar_id)

    def ours(self) -> list[StoredEvent]:
        return [event for event in self.living() if event.id not in self.foreign]

    def event(self) -> StoredEvent:
        """The one event of a test that has one."""
        (event,) = self.ours()
        return event

    def edit_there(self, event_id: str, **fields: object) -> None:
        self.google.events(self.calendar_id).patch(event_id, fields, None)

    def delete_there(self, event_id: str) -> None:
        self.google.events(self.calendar_id).delete(event_id, None)

    def restore_there(self, event_id: str) -> None:
        self.google.events(self.calendar_id).restore(event_id)
        self.restored.add(event_id)

    def add_foreign(self, summary: str = "Lunch", **fields: object) -> str:
        times = {
            "start": {"dateTime": "2026-12-01T12:00:00+01:00"},
            "end": {"dateTime": "2026-12-01T13:00:00+01:00"},
        }
        events = self.google.events(self.calendar_id)
        answer = events.insert({"summary": summary, **times, **fields})
        event_id = answer.body.decode().partition('"id": "')[2].partition('"')[0]
        # Also what nobody can write but Google itself: kinds of events, and parts of series.
        self.google.calendars[self.calendar_id].events[event_id].fields |= fields
        self.foreign[event_id] = self.etag(event_id)
        return event_id

    def etag(self, event_id: str) -> str:
        return self.google.calendars[self.calendar_id].events[event_id].etag

    def writes(self) -> list[str]:
        """What was written over the interface: by us, since a person's hand takes no request."""
        return [
            f"{request.method} {request.path}"
            for request in self.google.log
            if request.method in WRITES and "/events" in request.path
        ]

    def seen(self, event: StoredEvent) -> Event:
        return event_of(shown(event))

    # --- both ------------------------------------------------------------------------------------

    async def settle(self, rounds: int = 4) -> None:
        """Until a run finds nothing to do, and after so many in any case."""
        for _ in range(rounds):
            before = self._deeds()
            await self.run()
            if self._deeds() == before and (await self.account()).failures == 0:
                return

    def _deeds(self) -> tuple[int, int]:
        return len(self.writes()), len(self.heard.numbered())

    async def assert_alike(self) -> None:
        """What every scenario ends with: one event for a task, both alike, and then silence."""
        await self.settle()
        await self.check_alike()
        before, versions = len(self.writes()), await self._versions()
        await self.run(2)
        assert self.writes()[before:] == [], "nothing is written once all is said"
        assert await self._versions() == versions, "no task changes once all is said"

    async def check_alike(self) -> None:
        by_task: dict[int, list[Event]] = {}
        left_alone = self.restored & await self._events_from_before()
        taken = await self._tasks_of_taken_events()
        for event in (self.seen(stored) for stored in self.ours()):
            if event.id in left_alone or (event.mark and event.mark.event_id != event.id):
                continue  # what had a successor when it was restored, and copies, are theirs
            task_id = event.mark.task_id if event.mark else taken.get(event.id)
            assert task_id is not None, f"nobody took over {event}"
            by_task.setdefault(task_id, []).append(event)
        for task_id, events in by_task.items():
            assert len(events) == 1, f"task {task_id} has {len(events)} events"
            task = await self.tasks.find(self.person_id, task_id)
            assert task is not None, f"the event of task {task_id} outlived it"
            seen = events[0].content
            assert seen is not None, "our events are plain ones"
            assert content_of(task, seen.slot) == seen, f"task {task_id} and its event differ"
        for event_id, etag in self.foreign.items():
            assert self.etag(event_id) == etag, "a foreign event was written"

    async def _tasks_of_taken_events(self) -> dict[str, int]:
        """Such an event has no mark; the tie alone says which task came of it."""
        found = select(calendar_links.c.event_id, calendar_links.c.task_id).where(
            calendar_links.c.person_id == self.person_id, calendar_links.c.is_theirs
        )
        rows = await self.store.database.read(lambda c: c.execute(found).all())
        return {row.event_id: row.task_id for row in rows}

    async def _events_from_before(self) -> set[str]:
        mine = calendar_old_events.c.person_id == self.person_id
        found = select(calendar_old_events.c.event_id).where(mine)
        return set(await self.store.database.read(lambda c: c.execute(found).scalars().all()))

    async def _column(self, column: Column[datetime]) -> datetime | None:
        mine = select(column).where(calendar_accounts.c.person_id == self.person_id)
        found: datetime | None = await self.store.database.read(
            lambda c: c.execute(mine).scalar_one()
        )
        return found

    async def _versions(self) -> dict[bytes, int]:
        snapshot = await self.tasks.snapshot(self.person_id)
        return dict.fromkeys(snapshot.items, 0)


def consent_query(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@asynccontextmanager
async def open_world(
    database: Database,
    google: Google | None = None,
    *,
    person_id: int = 1,
    lease_s: float = 0.0,
    bounds: SyncBounds = BOUNDS,
    transport: Line | None = None,
    engine_database: Database | None = None,
    seed: int = 0,
) -> AsyncIterator[World]:
    """`engine_database` is what the engine writes through, when it is to be disturbed."""
    google = google or Google()
    heard = Heard()
    line = transport or Line(google)
    async with open_http(line) as http:
        client = OauthClient(
            client_id=google.client_id,
            client_secret=google.client_secret,
            auth_url="https://accounts.google.com/o/oauth2/v2/auth",
            token_url="https://oauth2.googleapis.com/token",
            revoke_url="https://oauth2.googleapis.com/revoke",
            redirect_url=REDIRECT_URL,
        )
        consents = GoogleConsents(http, client)
        store = DatabaseCalendarStore(database, KeySeal((KEY,)), lease_s, 20_000)
        calendars = GoogleCalendars(http, API_URL)
        sync = CalendarSync(
            store=replace(store, database=engine_database or database),
            consents=consents,
            calendars=calendars,
            hints=heard,
            cache=AccessCache(time.monotonic),
            bounds=bounds,
            chance=random.Random(seed).random,
        )
        tasks = DatabaseTaskStore(database, 20_000, 30 * 86400)
        accounts = CalendarAccounts(
            store=store,
            consents=consents,
            calendars=calendars,
            sessions=cast("SessionStore", MemorySessions(SESSION)),
            tasks=Tasks(tasks, heard),
            hints=heard,
        )
        yield World(google, tasks, store, consents, sync, accounts, heard, line, person_id)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
