"""/api/tasks."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from taskwire.adapters.rest.answers import json_answer, task_etag, write_answer
from taskwire.adapters.rest.request import Asked, IfVersion, ItemId, Key, Who, json_body, takes
from taskwire.adapters.rest.shapes import TaskFields
from taskwire.application.representation import snapshot_json, task_json

router = APIRouter(prefix="/api/tasks", tags=["tasks"])

Body = Annotated[TaskFields, Depends(json_body(TaskFields))]


@router.get("")
async def list_tasks(asked: Asked, who: Who) -> Response:
    snapshot = await asked.tasks.snapshot(who.person_id)
    return json_answer(snapshot_json(snapshot.items, snapshot.epoch, snapshot.seq))


@router.post("", status_code=201, openapi_extra=takes(TaskFields, "title"))
async def create_task(asked: Asked, who: Who, body: Body, key: Key) -> Response:
    return write_answer(await asked.tasks.create(who.person_id, body.given(), key))


@router.get("/{item}")
async def read_task(asked: Asked, who: Who, task_id: ItemId) -> Response:
    task = await asked.tasks.read(who.person_id, task_id)
    return json_answer(task_json(task), headers=task_etag(task))


@router.put("/{item}", openapi_extra=takes(TaskFields))
@router.patch("/{item}", openapi_extra=takes(TaskFields))
async def change_task(
    asked: Asked, who: Who, task_id: ItemId, body: Body, version: IfVersion, key: Key
) -> Response:
    given = body.given()
    return write_answer(await asked.tasks.change(who.person_id, task_id, given, version, key))


@router.delete("/{item}", status_code=204)
async def delete_task(
    asked: Asked, who: Who, task_id: ItemId, version: IfVersion, key: Key
) -> Response:
    return write_answer(await asked.tasks.delete(who.person_id, task_id, version, key))


@router.post("/{item}/restore")
async def restore_task(asked: Asked, who: Who, task_id: ItemId, key: Key) -> Response:
    return write_answer(await asked.tasks.restore(who.person_id, task_id, key))
