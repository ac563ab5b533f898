"""/api/imports: a file comes in, is looked through, and is a job from then on."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Form, Request, UploadFile
from starlette.responses import Response

from taskwire.adapters.rest.answers import json_answer, write_answer
from taskwire.adapters.rest.request import Asked, IdempotencyKey, Who, key_for
from taskwire.application.imports import Upload
from taskwire.domain.errors import InvalidError
from taskwire.domain.imports import ImportFormat

MAPPING_LENGTH_MAX = 8 * 1024

router = APIRouter(prefix="/api/imports", tags=["imports"])


async def upload(
    file: UploadFile,
    import_format: Annotated[ImportFormat, Form(alias="format")],
    mapping: Annotated[str | None, Form(max_length=MAPPING_LENGTH_MAX)] = None,
) -> Upload:
    """The parts of the form. What is too long was refused before any of it was read: see edge."""
    columns = None if mapping is None else _mapping(mapping)
    return Upload(file.filename or "", import_format, await file.read(), columns)


Sent = Annotated[Upload, Depends(upload)]


@router.post("", status_code=202)
async def start_import(
    request: Request, asked: Asked, who: Who, sent: Sent, key: IdempotencyKey = None
) -> Response:
    columns = b"" if sent.mapping is None else orjson.dumps(sent.mapping)
    once = key_for(request, key, sent.import_format.encode(), columns, sent.content)
    return write_answer(await asked.imports.start(who.person_id, sent, once))


@router.post("/preview")
async def preview_import(asked: Asked, who: Who, sent: Sent) -> Response:
    return json_answer(await asked.imports.preview(who.person_id, sent))


def _mapping(given: str) -> dict[str, str]:
    """Fields to names of columns; null says that a field has none."""
    try:
        parsed = orjson.loads(given)
    except orjson.JSONDecodeError as error:
        raise InvalidError("mapping: this is not JSON.") from error
    if not isinstance(parsed, dict) or not all(
        column is None or isinstance(column, str) for column in parsed.values()
    ):
        raise InvalidError('mapping: an object like {"title":"Name of a column"}.')
    return {field: column for field, column in parsed.items() if column is not None}
