"""Tasks over REST: what is asked, what is answered, and what is heard of it."""

from typing import Any

import pytest

from tests.product.person import Person

A_MISSING_ID = 2**62


async def test_a_new_task_is_answered_with_its_place_in_the_stream(ann: Person) -> None:
    answer = await ann.http.post("/api/tasks", json={"title": "Water the plants"})
    snapshot = (await ann.http.get("/api/tasks")).json()
    assert answer.status_code == 201
    assert answer.headers["Taskwire-Position"] == f"{snapshot['epoch']}.1"
    assert (snapshot["items"], snapshot["seq"]) == ([answer.json()], 1)


async def test_every_kind_of_write_says_its_place(ann: Person) -> None:
    task = await ann.add()
    address = f"/api/tasks/{task['id']}"
    writes: list[tuple[str, str, Any]] = [
        ("PUT", address, {"priority": 1}),
        ("PATCH", address, {"priority": 2}),
        ("DELETE", address, None),
        ("POST", f"{address}/restore", None),
    ]
    answers = [await ann.http.request(m, path, json=body) for m, path, body in writes]
    assert [answer.status_code for answer in answers] == [200, 200, 204, 200]
    places = [answer.headers["Taskwire-Position"].partition(".")[2] for answer in answers]
    assert places == ["2", "3", "4", "5"]
    assert answers[2].content == b""


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_put_and_patch_are_the_same_merge(ann: Person, method: str) -> None:
    task = await ann.add(description="The fern as well", due_on="2026-11-24", priority=2)
    body = {"due_at": "2026-11-24T11:00:00+02:00", "priority": None}
    changed = (await ann.http.request(method, f"/api/tasks/{task['id']}", json=body)).json()
    assert changed | {"updated_at": task["updated_at"]} == task | {
        "due_on": None,
        "due_at": "2026-11-24T09:00:00Z",
        "priority": 0,
        "version": 2,
    }


async def test_a_task_is_tagged_with_its_version(ann: Person) -> None:
    task = await ann.add()
    answer = await ann.task(task["id"])
    assert answer.headers["ETag"] == '"1"'
    assert answer.json() == task


async def test_an_answer_is_never_kept_by_a_cache(ann: Person) -> None:
    assert (await ann.http.get("/api/tasks")).headers["Cache-Control"] == "no-store"


async def test_a_change_under_the_version_it_saw_goes_through(ann: Person) -> None:
    task = await ann.add()
    tag = (await ann.task(task["id"])).headers["ETag"]
    assert (await ann.put(task["id"], priority=1, headers={"If-Match": tag})).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_a_stale_change_is_refused_beside_the_task_as_it_is(ann: Person, method: str) -> None:
    task = await ann.add()
    current = (await ann.put(task["id"], title="Theirs")).json()
    body = None if method == "DELETE" else {"title": "Mine"}
    headers = {"If-Match": '"1"'}
    path = f"/api/tasks/{task['id']}"
    answer = await ann.http.request(method, path, json=body, headers=headers)
    assert answer.status_code == 412
    assert answer.json()["current"] == current
    assert answer.json()["error"]["code"] == "version_stale"
    assert (await ann.task(task["id"])).json() == current


async def test_the_op_of_a_frame_is_the_key_of_its_write(ann: Person) -> None:
    async with ann.line() as line:
        body = {"title": "x"}
        await ann.http.post("/api/tasks", json=body, headers={"Idempotency-Key": "tab-1:7"})
        await ann.http.post("/api/tasks", json=body)
        first, second = await line.frames(2)
    assert first["op"] == "tab-1:7"
    assert "op" not in second


async def test_a_repeated_write_is_answered_as_before_and_heard_once(ann: Person) -> None:
    headers = {"Idempotency-Key": "again"}
    async with ann.line() as line:
        answers = [
            await ann.http.post("/api/tasks", json={"title": "once"}, headers=headers)
            for _ in range(3)
        ]
        await ann.add("after")
        heard = await line.frames(2)
    said = {(a.status_code, a.content, a.headers["Taskwire-Position"]) for a in answers}
    assert len(said) == 1
    assert [frame["data"]["title"] for frame in heard] == ["once", "after"]


async def test_a_key_used_for_another_body_is_refused(ann: Person) -> None:
    headers = {"Idempotency-Key": "taken"}
    await ann.http.post("/api/tasks", json={"title": "one"}, headers=headers)
    answer = await ann.http.post("/api/tasks", json={"title": "another"}, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "idempotency_key_reused"
    assert len((await ann.http.get("/api/tasks")).json()["items"]) == 1


async def test_a_deleted_task_is_gone_until_it_is_restored_with_its_old_id(ann: Person) -> None:
    task = await ann.add("Call Dana")
    path = f"/api/tasks/{task['id']}"
    async with ann.line() as line:
        assert (await ann.http.delete(path)).status_code == 204
        assert (await ann.http.get(path)).status_code == 404
        restored = await ann.http.post(f"{path}/restore")
        deleted, created = await line.frames(2)
    assert (deleted["type"], deleted["data"]) == ("task_deleted", {"task_id": task["id"]})
    assert (created["type"], created["data"]) == ("task_created", restored.json())
    assert restored.json()["id"] == task["id"]


@pytest.mark.parametrize(
    ("method", "suffix"),
    [("GET", ""), ("PUT", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/restore")],
)
async def test_a_foreign_task_is_missing_to_the_byte(
    ann: Person, ben: Person, method: str, suffix: str
) -> None:
    foreign = (await ann.add())["id"]
    body = {"priority": 1} if method in ("PUT", "PATCH") else None

    async def ask(task_id: int) -> bytes:
        headers = {"X-Request-Id": "the-same"}
        path = f"/api/tasks/{task_id}{suffix}"
        answer = await ben.http.request(method, path, json=body, headers=headers)
        assert answer.status_code == 404
        return answer.content

    assert await ask(foreign) == await ask(A_MISSING_ID)
    assert (await ann.task(foreign)).status_code == 200


async def test_a_foreign_job_and_notification_are_missing(ann: Person) -> None:
    for method, path in [
        ("GET", "/api/jobs/1"),
        ("DELETE", "/api/jobs/1"),
        ("POST", "/api/notifications/1/read"),
    ]:
        assert (await ann.http.request(method, path)).status_code == 404


async def test_an_empty_list_has_its_place_too(ann: Person) -> None:
    tasks = (await ann.http.get("/api/tasks")).json()
    notifications = (await ann.http.get("/api/notifications")).json()
    assert (tasks["items"], tasks["seq"]) == ([], 0)
    assert (notifications["items"], notifications["seq"], notifications["unread"]) == ([], 0, 0)
    assert tasks["epoch"] == notifications["epoch"]
