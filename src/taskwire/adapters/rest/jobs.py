"""/api/jobs: long work, looked at and cancelled."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from taskwire.adapters.rest.answers import json_answer
from taskwire.adapters.rest.request import Asked, ItemId, Who
from taskwire.application.representation import job_json, jobs_json

router = APIRouter(prefix="/api/jobs", tags=["jobs"])


@router.get("")
async def list_jobs(asked: Asked, who: Who) -> Response:
    return json_answer(jobs_json(await asked.jobs.newest(who.person_id)))


@router.get("/{item}")
async def read_job(asked: Asked, who: Who, job_id: ItemId) -> Response:
    return json_answer(job_json(await asked.jobs.read(who.person_id, job_id)))


@router.delete("/{item}")
async def cancel_job(asked: Asked, who: Who, job_id: ItemId) -> Response:
    return json_answer(job_json(await asked.jobs.cancel(who.person_id, job_id)))
