"""/healthz, /readyz, /metrics: what machines ask. nginx keeps these from the public."""

from __future__ import annotations

import orjson
from fastapi import APIRouter
from starlette.responses import Response

from taskwire.adapters.rest.answers import json_answer
from taskwire.adapters.rest.request import Asked

router = APIRouter(tags=["operations"], include_in_schema=False)


@router.get("/healthz")
async def healthz() -> Response:
    return json_answer(b'{"status":"ok"}')


@router.get("/readyz")
async def readyz(asked: Asked) -> Response:
    readiness = await asked.readiness()
    healthy = all(check == "ok" for check in readiness.checks.values())
    word = "unavailable" if not readiness.is_serving else "ok" if healthy else "degraded"
    body = orjson.dumps({"status": word, "checks": dict(readiness.checks)})
    return json_answer(body, 200 if readiness.is_serving else 503)


@router.get("/metrics")
async def metrics(asked: Asked) -> Response:
    return Response(await asked.metrics(), media_type="text/plain; version=0.0.4; charset=utf-8")
