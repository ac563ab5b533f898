"""/api/feed: a calendar that programs read by its secret address, without signing in."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from taskwire.adapters.rest.answers import json_answer
from taskwire.adapters.rest.files import FileAnswer
from taskwire.adapters.rest.request import Asked, Who
from taskwire.application.feeds import feed_tag

CALENDAR = "text/calendar; charset=utf-8"
CACHING = "private, no-cache"
"""For the one who reads it, who asks again each time; an unchanged feed is 304."""

router = APIRouter(prefix="/api/feed", tags=["feed"])
public_router = APIRouter(prefix="/api/feed", tags=["feed"])


@router.get("")
async def read_feed(asked: Asked, who: Who) -> Response:
    created_at = await asked.feeds.created_at(who.person_id)
    state = {"is_on": created_at is not None, "created_at": created_at}
    return json_answer(orjson.dumps(state, option=orjson.OPT_UTC_Z))


@router.post("", status_code=201)
async def create_feed(request: Request, asked: Asked, who: Who) -> Response:
    secret = await asked.feeds.create(who.person_id)
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    address = f"{asked.options.public_url or own}/api/feed/{secret}.ics"
    return json_answer(orjson.dumps({"url": address}), 201)


@router.delete("", status_code=204)
async def revoke_feed(asked: Asked, who: Who) -> Response:
    await asked.feeds.revoke(who.person_id)
    return Response(status_code=204)


@public_router.get("/{secret}.ics")
@public_router.head("/{secret}.ics", include_in_schema=False)
async def calendar(request: Request, asked: Asked, secret: str) -> Response:
    owner = await asked.feeds.find(secret)
    headers = {"Cache-Control": CACHING, "ETag": feed_tag(owner)}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    written = await asked.feeds.write(owner)
    headers["ETag"] = feed_tag(written)
    return FileAnswer(written, asked.exports.close, CALENDAR, headers)
