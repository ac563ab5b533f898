"""/api/export: everything a person has, as one file."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from taskwire.adapters.rest.files import FileAnswer
from taskwire.adapters.rest.request import Asked, Who
from taskwire.application.exports import DOCUMENTS, ExportFormat

MEDIA_TYPES = {
    ExportFormat.JSON: "application/json",
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.ICS: "text/calendar; charset=utf-8",
}

router = APIRouter(prefix="/api/export", tags=["exports"])


@router.get("")
async def export(
    asked: Asked, who: Who, export_format: Annotated[ExportFormat, Query(alias="format")]
) -> Response:
    written = await asked.exports.write(who.person_id, DOCUMENTS[export_format])
    attachment = f'attachment; filename="taskwire.{export_format.value}"'
    headers = {"Content-Disposition": attachment}
    return FileAnswer(written, asked.exports.close, MEDIA_TYPES[export_format], headers)
