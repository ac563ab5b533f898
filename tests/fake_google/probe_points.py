"""What is asked of a Google, real or fake, and its answer in a few words."""

from __future__ import annotations

import unicodedata
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx2

from tests.fake_google.events import PROPERTY_KEY_MAX, PROPERTY_VALUE_MAX

Json = dict[str, Any]
DAY_S = 86_400
DAY = {"start": {"date": "2030-01-01"}, "end": {"date": "2030-01-02"}}
NINE = {"dateTime": "2030-01-01T09:00:00", "timeZone": "America/New_York"}
TEN = {"dateTime": "2030-01-01T10:00:00", "timeZone": "America/New_York"}


@dataclass
class Scratch:
    """A calendar that is there for this alone; `run` makes ids that no earlier run has used."""

    http: httpx2.AsyncClient
    api_url: str
    url: str
    headers: Mapping[str, str]
    run: str
    count: int = 0

    def new_id(self) -> str:
        self.count += 1
        return f"probe{self.run}{self.count}"

    async def ask(
        self, method: str, path: str, *, body: object = None, **query: str
    ) -> httpx2.Response:
        url = self.url + path if path.startswith("/") else path
        return await self.http.request(
            method, url, json=body, params=query or None, headers=self.headers
        )

    async def event(self, **fields: object) -> Json:
        made = await self.ask("POST", "/events", body=DAY | {"id": self.new_id()} | fields)
        return _json(made)

    async def deleted(self) -> Json:
        event = await self.event(summary="x")
        await self.ask("DELETE", f"/events/{event['id']}")
        return event

    async def sync_token(self) -> str:
        return str(_json(await self.ask("GET", "/events"))["nextSyncToken"])


def _json(answer: httpx2.Response) -> Json:
    parsed: Json = answer.json() if answer.content else {}
    return parsed


def _said(answer: httpx2.Response) -> str:
    """The status, and Google's one word for a refusal."""
    if answer.is_success:
        return str(answer.status_code)
    try:
        return f"{answer.status_code} {_json(answer)['error']['errors'][0]['reason']}"
    except (ValueError, KeyError, IndexError, TypeError):
        return f"{answer.status_code} without a reason"


async def _idle_patch(scratch: Scratch) -> str:
    event = await scratch.event(summary="x")
    after = await scratch.ask("PATCH", f"/events/{event['id']}", body={"summary": "x"})
    return "etag kept" if _json(after)["etag"] == event["etag"] else "etag changed"


async def _patch_of_deleted(scratch: Scratch) -> str:
    event = await scratch.deleted()
    return _said(await scratch.ask("PATCH", f"/events/{event['id']}", body={"summary": "y"}))


async def _undelete(scratch: Scratch) -> str:
    event = await scratch.deleted()
    back = await scratch.ask("PATCH", f"/events/{event['id']}", body={"status": "confirmed"})
    return f"{_said(back)} {_json(back).get('status', '')}".strip()


async def _insert_of_deleted(scratch: Scratch) -> str:
    event = await scratch.deleted()
    return _said(await scratch.ask("POST", "/events", body=DAY | {"id": event["id"]}))


async def _look_at_deleted(scratch: Scratch) -> str:
    event = await scratch.deleted()
    found = await scratch.ask("GET", f"/events/{event['id']}")
    again = await scratch.ask("DELETE", f"/events/{event['id']}")
    return f"{_said(found)} {_json(found).get('status')}, deleted again: {_said(again)}"


async def _tombstone(scratch: Scratch) -> str:
    event = await scratch.event(summary="x")
    token = await scratch.sync_token()
    await scratch.ask("DELETE", f"/events/{event['id']}")
    listed = _json(await scratch.ask("GET", "/events", syncToken=token))["items"]
    return ", ".join(sorted(listed[0])) if len(listed) == 1 else f"{len(listed)} items"


def _with_token(**query: str) -> Callable[[Scratch], Awaitable[str]]:
    async def ask(scratch: Scratch) -> str:
        token = await scratch.sync_token()
        return _said(await scratch.ask("GET", "/events", syncToken=token, **query))

    return ask


async def _bad_token(scratch: Scratch) -> str:
    return _said(await scratch.ask("GET", "/events", syncToken="nonsense"))


def _with_property(key_length: int, value_length: int) -> Callable[[Scratch], Awaitable[str]]:
    async def ask(scratch: Scratch) -> str:
        private = {"private": {"k" * key_length: "v" * value_length}}
        body = DAY | {"id": scratch.new_id(), "extendedProperties": private}
        return _said(await scratch.ask("POST", "/events", body=body))

    return ask


def _title(title: str) -> Callable[[Scratch], Awaitable[str]]:
    async def ask(scratch: Scratch) -> str:
        event = await scratch.event(summary=title)
        return ascii(event.get("summary"))

    return ask


async def _no_length(scratch: Scratch) -> str:
    body = {"id": scratch.new_id(), "start": NINE, "end": NINE}
    return _said(await scratch.ask("POST", "/events", body=body))


async def _zone(scratch: Scratch) -> str:
    event = await scratch.event(start=NINE, end=TEN)
    return str(event["start"].get("dateTime"))


async def _both_times(scratch: Scratch) -> str:
    event = await scratch.event()
    body = {"start": NINE, "end": TEN}
    return _said(await scratch.ask("PATCH", f"/events/{event['id']}", body=body))


async def _description(scratch: Scratch) -> str:
    event = await scratch.event(description="a\nb &amp; &lt;c&gt;")
    return ascii(event.get("description"))


async def _channel_lifetime(scratch: Scratch) -> str:
    """Nobody answers at that address; the channel is stopped at once."""
    name = scratch.new_id()
    body = {"id": name, "type": "web_hook", "address": "https://example.com/taskwire-probe"}
    opened = await scratch.ask("POST", "/events/watch", body=body)
    if not opened.is_success:
        return _said(opened)
    channel = _json(opened)
    stop = {"id": name, "resourceId": channel["resourceId"]}
    await scratch.ask("POST", f"{scratch.api_url}/channels/stop", body=stop)
    left_s = int(channel["expiration"]) / 1000 - datetime.now(UTC).timestamp()
    return f"{left_s / DAY_S:.0f} days"


FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"

POINTS: Mapping[str, Callable[[Scratch], Awaitable[str]]] = {
    "a PATCH that changes nothing": _idle_patch,
    "PATCH of a deleted event": _patch_of_deleted,
    "PATCH of a deleted event with status confirmed": _undelete,
    "insert with the id of a deleted event": _insert_of_deleted,
    "GET of a deleted event": _look_at_deleted,
    "what a list says of a deleted event": _tombstone,
    "syncToken with q": _with_token(q="x"),
    "syncToken with orderBy": _with_token(orderBy="updated"),
    "syncToken with timeMin": _with_token(timeMin="2030-01-01T00:00:00Z"),
    "syncToken with showDeleted=false": _with_token(showDeleted="false"),
    "a syncToken that is none": _bad_token,
    "a property with the longest key": _with_property(PROPERTY_KEY_MAX, 1),
    "a property with a longer key": _with_property(PROPERTY_KEY_MAX + 1, 1),
    "a property with the longest value": _with_property(1, PROPERTY_VALUE_MAX),
    "a property with a longer value": _with_property(1, PROPERTY_VALUE_MAX + 1),
    "a title with a family": _title(FAMILY),
    "a title with a bell and a tab in it": _title("a\a b\tc"),
    "a title with an accent of its own": _title(unicodedata.normalize("NFD", "é")),
    "a title with spaces around it": _title("  a  b  "),
    "an event that ends when it begins": _no_length,
    "09:00 in New York, on a calendar in Berlin": _zone,
    "a time for a day, without taking the day away": _both_times,
    "a description with a line break": _description,
    "how long a channel lives by itself": _channel_lifetime,
}
