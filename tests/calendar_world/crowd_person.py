"""One of a crowd: their account here, their account at the fake, and what must be true of both."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from tests.fake_google.google import APP_CREATED
from tests.fake_google.server import AUTH_PATH

FIRST = datetime(2026, 12, 1, 9, tzinfo=UTC)
PASSWORD = "correct horse battery"
EDITS = 5
A_DAY = 24 * 60
LOOK_S = 0.5


async def wait_until_so(ask: Callable[[], Awaitable[object]], within_s: float = 1800.0) -> None:
    async with asyncio.timeout(within_s):
        while not await ask():  # noqa: ASYNC110 - it is in other processes, and nobody tells
            await asyncio.sleep(LOOK_S)


@dataclass(frozen=True)
class Fake:
    """The fake in another process, by its controls."""

    http: httpx2.AsyncClient
    url: str

    @staticmethod
    def settings(url: str) -> dict[str, str]:
        return {
            "GOOGLE_CLIENT_ID": "fake-client",
            "GOOGLE_CLIENT_SECRET": "fake-secret",
            "GOOGLE_AUTH_URL": url + AUTH_PATH,
            "GOOGLE_TOKEN_URL": f"{url}/token",
            "GOOGLE_REVOKE_URL": f"{url}/revoke",
            "GOOGLE_API_URL": f"{url}/calendar/v3",
        }

    async def totals(self) -> dict[str, Any]:
        return await self.ask("totals", "")

    async def ask(self, what: str, account: str, body: object = None) -> dict[str, Any]:
        url = f"{self.url}/__fake/{what}"
        answer = await self.http.post(url, params={"account": account}, json=body)
        parsed: dict[str, Any] = answer.json()
        return parsed


@dataclass
class CrowdPerson:
    name: str
    serve_url: str
    fake: Fake
    task_ids: list[int] = field(default_factory=list)
    titles: dict[int, str] = field(default_factory=dict)
    """As they were edited here, after the export had begun."""
    dragged: dict[int, datetime] = field(default_factory=dict)
    """Where they were dragged to there."""

    def __post_init__(self) -> None:
        self._http = httpx2.AsyncClient(base_url=self.serve_url, timeout=60, trust_env=False)

    @property
    def email(self) -> str:
        return f"{self.name}@example.org"

    # --- what they do ----------------------------------------------------------------------------

    async def arrive(self) -> None:
        body = {"email": self.email, "name": self.name, "password": PASSWORD}
        answer = await self._ask("POST", "/api/auth/register", body)
        self._http.headers["Authorization"] = f"Bearer {answer['access_token']}"
        url = (await self._ask("POST", "/api/calendar/google/connect"))["url"]
        form = {"answer": "allow", "scope": APP_CREATED, "account": self.email}
        said = await self._http.post(url, data=form)
        back = httpx2.URL(said.headers["location"]).raw_path.decode()
        home = await self._http.get(back)
        assert home.headers["location"] == "/?calendar=connected", home.text

    async def write(self, count: int) -> None:
        for number in range(count):
            due_at = (FIRST + timedelta(hours=number)).isoformat()
            body = {"title": f"{self.name}, task {number}", "due_at": due_at}
            self.task_ids.append((await self._ask("POST", "/api/tasks", body))["id"])

    async def edit(self) -> None:
        """In the middle of their export, some titles here and some times there."""
        await wait_until_so(self._is_half_way)
        for task_id in self.task_ids[:: max(len(self.task_ids) // EDITS, 1)]:
            title = f"{self.name} changed task {task_id}"
            await self._ask("PATCH", f"/api/tasks/{task_id}", {"title": title})
            self.titles[task_id] = title
        for task_id, (calendar_id, event) in list((await self._events_by_task()).items())[:EDITS]:
            asked = {"calendar": calendar_id, "event": event["id"], "minutes": A_DAY}
            await self.fake.ask("move", self.email, asked)
            self.dragged[task_id] = _start(event) + timedelta(days=1)

    async def leave(self) -> None:
        await self._http.aclose()

    async def _is_half_way(self) -> bool:
        return len(await self._events()) >= len(self.task_ids) // 2

    # --- what must be true -----------------------------------------------------------------------

    async def is_alike(self) -> bool:
        return not await self.differences()

    async def differences(self) -> list[str]:
        """Tasks without an event of their own, with two, or with one that says something else."""
        tasks = {task["id"]: task for task in (await self._ask("GET", "/api/tasks"))["items"]}
        by_task = defaultdict(list)
        for _, event in await self._events():
            by_task[_task_of(event)].append((event["summary"], _start(event)))
        wanted = {
            task_id: [(task["title"], datetime.fromisoformat(task["due_at"]))]
            for task_id, task in tasks.items()
        }
        if sorted(tasks) != sorted(self.task_ids):
            return [f"{self.name} has {len(tasks)} tasks"]
        return [
            f"task {task_id}: {wanted.get(task_id)}, {by_task.get(task_id)}"
            for task_id in {*wanted, *by_task}
            if wanted.get(task_id) != by_task.get(task_id)
        ]

    async def lost_edits(self) -> list[str]:
        tasks = {task["id"]: task for task in (await self._ask("GET", "/api/tasks"))["items"]}
        titles = [
            title for task_id, title in self.titles.items() if tasks[task_id]["title"] != title
        ]
        times = [
            f"task {task_id} to {at}"
            for task_id, at in self.dragged.items()
            if datetime.fromisoformat(tasks[task_id]["due_at"]) != at
        ]
        return titles + times

    async def moments_s(self) -> list[float]:
        return [one["came_at"] for one in await self._log()]

    async def writes(self) -> list[str]:
        return [
            one["path"]
            for one in await self._log()
            if one["method"] in ("POST", "PATCH", "DELETE") and "/events" in one["path"]
        ]

    async def looks(self) -> list[str]:
        return [one["path"] for one in await self._log() if one["path"].endswith("/events")]

    async def issued(self) -> list[str]:
        return list((await self.fake.ask("issued", self.email))["items"])

    # --- how it is asked for ---------------------------------------------------------------------

    async def _log(self) -> list[dict[str, Any]]:
        return list((await self.fake.ask("log", self.email))["items"])

    async def _events(self) -> list[tuple[str, dict[str, Any]]]:
        calendars = (await self.fake.ask("events", self.email))["calendars"]
        return [(one["id"], event) for one in calendars for event in one["events"]]

    async def _events_by_task(self) -> dict[int, tuple[str, dict[str, Any]]]:
        return {
            _task_of(event): (calendar_id, event) for calendar_id, event in await self._events()
        }

    async def _ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        answer = await self._http.request(method, path, json=body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        parsed: dict[str, Any] = answer.json()
        return parsed


def _task_of(event: dict[str, Any]) -> int:
    return int(event["extendedProperties"]["private"]["tw_task"])


def _start(event: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(event["start"]["dateTime"]).astimezone(UTC)
