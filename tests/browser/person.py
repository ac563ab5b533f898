"""Somebody with an account, and what they do by other means than the page under test."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from playwright.sync_api import APIRequestContext, APIResponse, Playwright

PASSWORD = "correct horse battery"
_numbers = count(1)
# Signed up where they sign in later: a sign-in from elsewhere would be told of.
_AS_THE_WINDOW = "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36"


@dataclass(frozen=True)
class Person:
    """`api` speaks for them, as a telephone in their pocket would."""

    id: int
    name: str
    email: str
    api: APIRequestContext

    def add(self, title: str, **fields: object) -> int:
        """The new task's id."""
        answer = self.api.post("/api/tasks", data={"title": title, **fields})
        return int(_checked(answer).json()["id"])

    def change(self, task_id: int, **fields: object) -> None:
        _checked(self.api.put(f"/api/tasks/{task_id}", data=fields))

    def delete(self, task_id: int) -> None:
        _checked(self.api.delete(f"/api/tasks/{task_id}"))

    def tasks(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = _checked(self.api.get("/api/tasks")).json()["items"]
        return items

    def titles(self) -> list[str]:
        """In the order they were added."""
        return [task["title"] for task in sorted(self.tasks(), key=lambda task: int(task["id"]))]

    def history(self) -> list[tuple[str, str | None]]:
        """All that ever happened to their tasks: the kind of the event and the title in it."""
        epoch = _checked(self.api.get("/api/tasks")).json()["epoch"]
        address = f"/api/changes?channel=tasks&since={epoch}.0&wait=0"
        items = _checked(self.api.get(address)).json()["items"]
        return [(item["type"], item["data"].get("title")) for item in items]


def unused_email() -> str:
    return f"person{next(_numbers)}@example.org"


@contextmanager
def registered(playwright: Playwright, url: str, name: str) -> Iterator[Person]:
    email = unused_email()
    stranger = playwright.request.new_context(base_url=url, user_agent=_AS_THE_WINDOW)
    body = {"email": email, "name": name, "password": PASSWORD}
    answer = _checked(stranger.post("/api/auth/register", data=body)).json()
    stranger.dispose()
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    api = playwright.request.new_context(base_url=url, extra_http_headers=headers)
    try:
        yield Person(answer["user"]["id"], name, email, api)
    finally:
        api.dispose()


def _checked(answer: APIResponse) -> APIResponse:
    assert answer.ok, f"{answer.url} answered {answer.status}: {answer.text()}"
    return answer
