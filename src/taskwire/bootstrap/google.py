"""Google Calendar put together, on both sides; nothing of it without a client id."""

from __future__ import annotations

import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from taskwire.adapters.google_calendar.client import GoogleCalendars
from taskwire.adapters.google_calendar.http import open_http
from taskwire.adapters.google_calendar.oauth import GoogleConsents, OauthClient
from taskwire.application.calendar.accounts import CalendarAccounts
from taskwire.application.calendar.session import AccessCache
from taskwire.application.calendar.sync import CalendarSync, SyncBounds
from taskwire.application.ports import Hints
from taskwire.application.tasks import Tasks
from taskwire.bootstrap.stores import Stores
from taskwire.settings import Settings

_BASE = "/api/calendar/google"


@dataclass(frozen=True, slots=True)
class GoogleClients:
    consents: GoogleConsents
    calendars: GoogleCalendars

    def accounts(self, stores: Stores, tasks: Tasks, hints: Hints) -> CalendarAccounts:
        return CalendarAccounts(
            store=stores.calendars,
            consents=self.consents,
            calendars=self.calendars,
            sessions=stores.sessions,
            tasks=tasks,
            hints=hints,
        )

    def sync(self, settings: Settings, stores: Stores, hints: Hints) -> CalendarSync:
        return CalendarSync(
            store=stores.calendars,
            consents=self.consents,
            calendars=self.calendars,
            hints=hints,
            cache=AccessCache(time.monotonic),
            bounds=_bounds(settings),
            chance=random.random,
        )


@asynccontextmanager
async def open_google(settings: Settings) -> AsyncIterator[GoogleClients | None]:
    if not settings.google_client_id:
        yield None
        return
    async with open_http() as http:
        client = OauthClient(
            client_id=settings.google_client_id,
            client_secret=settings.google_client_secret,
            auth_url=settings.google_auth_url,
            token_url=settings.google_token_url,
            revoke_url=settings.google_revoke_url,
            redirect_url=own_address(settings) + _BASE + "/callback",
        )
        calendars = GoogleCalendars(http, settings.google_api_url)
        yield GoogleClients(GoogleConsents(http, client), calendars)


def own_address(settings: Settings) -> str:
    """Where Google sends people back to: fixed by the operator, never by a request's Host."""
    return settings.public_url or f"http://localhost:{settings.port}"


def _bounds(settings: Settings) -> SyncBounds:
    is_reachable = settings.public_url.startswith("https:")
    return SyncBounds(
        items_per_run_max=settings.calendar_items_per_run_max,
        writes_per_s=settings.google_writes_per_s,
        poll_interval_s=settings.calendar_poll_interval_s,
        watched_poll_interval_s=settings.calendar_watched_poll_interval_s,
        runs_at_once_max=settings.calendars_at_once_max,
        webhook_url=f"{settings.public_url}{_BASE}/changed" if is_reachable else None,
    )
