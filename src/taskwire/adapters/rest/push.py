"""/api/push: the key for browsers, and their subscriptions."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends
from pydantic import StrictStr
from starlette.responses import Response

from taskwire.adapters.rest.answers import json_answer, write_answer
from taskwire.adapters.rest.request import Asked, ItemId, Key, Who, claims, json_body, takes
from taskwire.adapters.rest.shapes import Shape
from taskwire.application.delivery_ports import PushKeys

router = APIRouter(prefix="/api/push", tags=["push"])


class SubscriptionKeys(Shape):
    p256dh: StrictStr
    auth: StrictStr


class Subscription(Shape):
    """As `PushSubscription.toJSON()` gives it; browsers add when it expires, and mean null."""

    endpoint: StrictStr
    keys: SubscriptionKeys
    expirationTime: float | None = None  # noqa: N815 - the browser's own name


Body = Annotated[Subscription, Depends(json_body(Subscription))]


@router.get("/key", dependencies=[Depends(claims)])
async def read_key(asked: Asked) -> Response:
    return json_answer(orjson.dumps({"public_key": asked.push.key()}))


@router.post("/subscriptions", status_code=201, openapi_extra=takes(Subscription))
async def subscribe(asked: Asked, who: Who, body: Body, key: Key) -> Response:
    keys = PushKeys(body.endpoint, body.keys.p256dh, body.keys.auth)
    return write_answer(await asked.push.add(who, keys, key))


@router.delete("/subscriptions/{item}", status_code=204)
async def unsubscribe(asked: Asked, who: Who, subscription_id: ItemId, key: Key) -> Response:
    return write_answer(await asked.push.remove(who, subscription_id, key))
