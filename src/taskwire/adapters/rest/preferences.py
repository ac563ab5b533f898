"""/api/preferences: what a person wants to hear of, and how."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import Field, StrictBool, StrictStr
from starlette.responses import Response

from taskwire.adapters.rest.answers import json_answer, write_answer
from taskwire.adapters.rest.request import Asked, Key, Who, json_body, takes
from taskwire.adapters.rest.shapes import Shape

router = APIRouter(prefix="/api/preferences", tags=["preferences"])


class QuietHoursFields(Shape):
    begin: StrictStr = Field(alias="from")
    end: StrictStr = Field(alias="to")


class PreferenceFields(Shape):
    """A missing field stays, null puts the first setting back; channels merge by kind and channel."""

    time_zone: StrictStr | None = None
    language: StrictStr | None = None
    quiet_hours: QuietHoursFields | None = None
    digest_at: StrictStr | None = None
    channels: dict[StrictStr, dict[StrictStr, StrictBool]] | None = None

    def given(self) -> dict[str, Any]:
        return self.model_dump(by_alias=True, exclude_unset=True)


Body = Annotated[PreferenceFields, Depends(json_body(PreferenceFields))]


@router.get("")
async def read_preferences(asked: Asked, who: Who) -> Response:
    return json_answer(await asked.preferences.read(who.person_id))


@router.patch("", openapi_extra=takes(PreferenceFields))
async def change_preferences(asked: Asked, who: Who, body: Body, key: Key) -> Response:
    return write_answer(await asked.preferences.change(who.person_id, body.given(), key))
