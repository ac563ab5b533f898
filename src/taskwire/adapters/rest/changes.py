"""/api/changes: the frames of a stream for networks that break sockets, and for tests."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from taskwire.adapters.rest.answers import json_answer
from taskwire.adapters.rest.request import Asked, Who
from taskwire.application.channels import notifications_channel, tasks_channel
from taskwire.application.representation import snapshot_json

router = APIRouter(prefix="/api", tags=["changes"])


class Stream(StrEnum):
    TASKS = "tasks"
    NOTIFICATIONS = "notifications"


_CHANNELS = {Stream.TASKS: tasks_channel, Stream.NOTIFICATIONS: notifications_channel}


@router.get("/changes")
async def read_changes(
    asked: Asked,
    who: Who,
    channel: Stream,
    since: Annotated[str | None, Query(max_length=100)] = None,
    wait: Annotated[float, Query(ge=0, allow_inf_nan=False)] = 0,
) -> Response:
    name = _CHANNELS[channel](who.person_id)
    wait_s = min(wait, asked.options.changes_wait_max_s)
    page = await asked.changes(name, since, wait_s)
    return json_answer(snapshot_json(page.items, page.epoch, page.seq))
