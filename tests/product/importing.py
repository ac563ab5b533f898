"""Imports as a person asks for them, and what is seen of them."""

import httpx2

from tests.fakes.waiting import wait_until_answer
from tests.product.line import Frame, Line
from tests.product.person import Person

WITHIN_S = 50.0
"""A worker may still be starting, on a machine that runs everything at once."""


def a_list(length: int) -> bytes:
    return "".join(f"- task {number}\n" for number in range(length)).encode()


async def start_import(
    person: Person, content: bytes, import_format: str = "text", key: str | None = None
) -> httpx2.Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    return await person.http.post(
        "/api/imports",
        files={"file": ("list", content)},
        data={"format": import_format},
        headers=headers,
    )


async def preview(
    person: Person, content: bytes, import_format: str, mapping: str | None = None
) -> httpx2.Response:
    columns = {} if mapping is None else {"mapping": mapping}
    return await person.http.post(
        "/api/imports/preview",
        files={"file": ("list", content)},
        data={"format": import_format, **columns},
    )


async def job_of(person: Person, answer: httpx2.Response) -> Frame:
    job: Frame = (await person.http.get(f"/api/jobs/{answer.json()['id']}")).json()
    return job


async def wait_for_status(person: Person, answer: httpx2.Response, status: str) -> Frame:
    async def has_status() -> bool:
        return bool((await job_of(person, answer))["status"] == status)

    await wait_until_answer(has_status, WITHIN_S)
    return await job_of(person, answer)


async def titles(person: Person) -> list[str]:
    items = (await person.http.get("/api/tasks")).json()["items"]
    return [item["title"] for item in items]


async def all_created(line: Line, count: int) -> list[Frame]:
    """The frames of new tasks; every frame on the way has the next number."""
    created: list[Frame] = []
    last = line.hello["data"]["seq"]
    while len(created) < count:
        frame = await line.frame(WITHIN_S)
        last += 1
        assert frame["seq"] == last
        if frame["type"] == "task_created":
            created.append(frame)
    return created
