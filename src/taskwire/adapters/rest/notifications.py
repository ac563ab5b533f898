"""/api/notifications."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from taskwire.adapters.rest.answers import json_answer, write_answer
from taskwire.adapters.rest.request import Asked, ItemId, Key, Who
from taskwire.application.representation import snapshot_json

router = APIRouter(prefix="/api/notifications", tags=["notifications"])


@router.get("")
async def list_notifications(asked: Asked, who: Who) -> Response:
    found = await asked.notifications.snapshot(who.person_id)
    return json_answer(snapshot_json(found.items, found.epoch, found.seq, unread=found.unread))


@router.post("/{item}/read")
async def mark_read(asked: Asked, who: Who, notification_id: ItemId, key: Key) -> Response:
    answer = await asked.notifications.mark_read(who.person_id, notification_id, key)
    return write_answer(answer)


@router.post("/read-all")
async def mark_all_read(asked: Asked, who: Who, key: Key) -> Response:
    return write_answer(await asked.notifications.mark_all_read(who.person_id, key))
