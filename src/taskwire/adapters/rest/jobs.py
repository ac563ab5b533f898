"""/api/imports and /api/jobs: long work, asked for and looked at."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, UploadFile
from starlette.responses import Response

from taskwire.adapters.rest.answers import json_answer, write_answer
from taskwire.adapters.rest.request import Asked, ItemId, Who, key_for
from taskwire.application.representation import job_json
from taskwire.domain.imports import ImportFormat

router = APIRouter(prefix="/api", tags=["jobs"])


@router.post("/imports", status_code=202)
async def start_import(
    request: Request,
    asked: Asked,
    who: Who,
    file: UploadFile,
    import_format: Annotated[ImportFormat, Form(alias="format")],
) -> Response:
    content = await file.read()
    key = key_for(request, import_format.encode(), content)
    return write_answer(await asked.imports.start(who.person_id, import_format, content, key))


@router.get("/jobs/{item}")
async def read_job(asked: Asked, who: Who, job_id: ItemId) -> Response:
    return json_answer(job_json(await asked.jobs.read(who.person_id, job_id)))


@router.delete("/jobs/{item}")
async def cancel_job(asked: Asked, who: Who, job_id: ItemId) -> Response:
    return json_answer(job_json(await asked.jobs.cancel(who.person_id, job_id)))
