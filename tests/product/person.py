"""Somebody with an account, and what they do over REST."""

import itertools
import secrets
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from tests.product.line import Line, line
from tests.product.serving import Serving

PASSWORD = "correct horse battery"
TIMEOUT_S = 30.0

_numbers = itertools.count(1)


@dataclass
class Person:
    """Signed in; `http` carries their access token and keeps their cookie."""

    product: Serving
    http: httpx2.AsyncClient
    id: int
    email: str
    token: str

    async def add(self, title: str = "Water the plants", **fields: object) -> dict[str, Any]:
        answer = await self.http.post("/api/tasks", json={"title": title, **fields})
        assert answer.status_code == 201, answer.text
        task: dict[str, Any] = answer.json()
        return task

    async def put(
        self, task_id: int, *, headers: dict[str, str] | None = None, **fields: object
    ) -> httpx2.Response:
        return await self.http.put(f"/api/tasks/{task_id}", json=fields, headers=headers)

    async def task(self, task_id: int) -> httpx2.Response:
        return await self.http.get(f"/api/tasks/{task_id}")

    async def ticket(self) -> str:
        answer = await self.http.post("/api/auth/ws-ticket")
        assert answer.status_code == 200, answer.text
        ticket: str = answer.json()["token"]
        return ticket

    def line(
        self, path: str = "/ws/tasks", *, since: str | None = None
    ) -> AbstractAsyncContextManager[Line]:
        """A socket of theirs, by access token."""
        return line(self.product, self.token, path, since=since)


@asynccontextmanager
async def anonymous(product: Serving) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody without an account."""
    async with httpx2.AsyncClient(
        base_url=product.url, timeout=TIMEOUT_S, trust_env=False, verify=product.tls
    ) as http:
        yield http


@asynccontextmanager
async def registered(product: Serving, name: str = "Ann") -> AsyncIterator[Person]:
    """A new person, signed in."""
    email = f"{name.lower()}-{next(_numbers)}-{secrets.token_hex(4)}@example.org"
    async with anonymous(product) as http:
        body = {"email": email, "name": name, "password": PASSWORD}
        answer = await http.post("/api/auth/register", json=body)
        assert answer.status_code == 201, answer.text
        token = answer.json()["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"
        yield Person(product, http, answer.json()["user"]["id"], email, token)
