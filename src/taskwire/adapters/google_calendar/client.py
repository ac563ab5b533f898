"""Calendar v3, the part of it that we use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import httpx2

from taskwire.adapters.google_calendar.http import send
from taskwire.adapters.google_calendar.mapping import FIELDS_ASKED, body_of, event_of, patch_of
from taskwire.application.calendar.ports import (
    Access,
    CalendarError,
    Channel,
    OpenChannel,
    Page,
)
from taskwire.domain.calendar.steps import Create, Landed, Patch, Read, Remove, Step
from taskwire.domain.calendar.troubles import Trouble

PAGE_SIZE = "250"
_QUIET = {"sendUpdates": "none"}


class GoogleCalendars:
    """`api_url` ends before `/calendars/…`. One client per process, made after the fork."""

    def __init__(self, http: httpx2.AsyncClient, api_url: str) -> None:
        self._http = http
        self._api_url = api_url.rstrip("/")

    async def make(self, access: Access, title: str) -> str:
        made = await self._send(access, "POST", "/calendars", json={"summary": title})
        return str(made["id"])

    async def exists(self, access: Access, calendar_id: str) -> bool:
        try:
            await self._send(access, "GET", _calendar(calendar_id))
        except CalendarError as error:
            if error.trouble is Trouble.ABSENT:
                return False
            raise
        return True

    async def page(
        self, access: Access, calendar_id: str, sync_token: str | None, page_token: str | None
    ) -> Page:
        """Nothing but the token may differ between a full list and the ones that follow it."""
        query = {"maxResults": PAGE_SIZE, "fields": FIELDS_ASKED}
        query |= {"syncToken": sync_token} if sync_token else {}
        query |= {"pageToken": page_token} if page_token else {}
        path = _calendar(calendar_id) + "/events"
        answer = await self._send(access, "GET", path, params=query)
        events = tuple(event_of(item) for item in answer.get("items", []))
        return Page(events, answer.get("nextPageToken"), answer.get("nextSyncToken"))

    async def run(self, access: Access, calendar_id: str, step: Step) -> Landed:
        events = _calendar(calendar_id) + "/events"
        event = f"{events}/{quote(step.event_id, safe='')}"
        match step:
            case Create():
                body = body_of(step)
                made = await self._send(access, "POST", events, params=_QUIET, json=body)
                return Landed(event_of(made))
            case Patch(etag=etag):
                body = patch_of(step)
                changed = await self._send(
                    access, "PATCH", event, params=_QUIET, json=body, etag=etag
                )
                return Landed(event_of(changed))
            case Read():
                return Landed(event_of(await self._send(access, "GET", event)))
            case Remove(etag=etag):
                await self._send(access, "DELETE", event, params=_QUIET, etag=etag)
                return Landed(None)

    async def watch(self, access: Access, calendar_id: str, channel: Channel) -> OpenChannel:
        body = {
            "id": channel.id,
            "type": "web_hook",
            "address": channel.address,
            "token": channel.secret,
            "params": {"ttl": str(channel.lifetime_s)},
        }
        path = _calendar(calendar_id) + "/events/watch"
        answer = await self._send(access, "POST", path, json=body)
        expires_at = datetime.fromtimestamp(int(answer["expiration"]) / 1000, UTC)
        return OpenChannel(str(answer["resourceId"]), expires_at)

    async def stop(self, access: Access, channel_id: str, resource_id: str) -> None:
        body = {"id": channel_id, "resourceId": resource_id}
        await self._send(access, "POST", "/channels/stop", json=body)

    async def _send(
        self,
        access: Access,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: Mapping[str, object] | None = None,
        etag: str | None = None,
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {access.token}"}
        headers |= {"If-Match": etag} if etag else {}
        url = self._api_url + path
        return await send(self._http, method, url, headers=headers, params=params, json=json)


def _calendar(calendar_id: str) -> str:
    return f"/calendars/{quote(calendar_id, safe='')}"
