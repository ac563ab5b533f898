"""/api/calendar/google: connect, look, sync now, disconnect, and where Google knocks."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from taskwire.adapters.rest.answers import json_answer
from taskwire.adapters.rest.request import Asked, ItemId, Who, json_body, takes
from taskwire.adapters.rest.services import Services, services_of
from taskwire.adapters.rest.shapes import Shape
from taskwire.application.calendar.accounts import CalendarAccounts, CalendarChoice
from taskwire.application.calendar.ports import Knock, RemovalAnswer
from taskwire.application.calendar.representation import state_json
from taskwire.domain.errors import NotFoundError

CONSENT_COOKIE = "taskwire_google"
CALLBACK = "/api/calendar/google/callback"
CONSENT_LIFETIME_S = 600

router = APIRouter(prefix="/api/calendar/google", tags=["calendar"])


class CalendarChoices(Shape):
    """What is synced, and what many events that went at once mean.

    `with_days`: also tasks without a time; `takes_events`: what is added there becomes a task.
    """

    with_days: bool | None = None
    takes_events: bool | None = None
    removals: RemovalAnswer | None = None


class ConflictAnswer(Shape):
    """`take_other` writes the value that lost; otherwise what is there stays."""

    take_other: bool


async def calendar(asked: Asked) -> CalendarAccounts:
    if asked.calendar is None:
        raise NotFoundError("This server has no Google Calendar.")
    return asked.calendar


Calendar = Annotated[CalendarAccounts, Depends(calendar)]


@router.get("")
async def read_calendar(asked: Asked, who: Who) -> Response:
    if asked.calendar is None:
        return json_answer(state_json(None, [], is_offered=False))
    return json_answer(await asked.calendar.read(who.person_id))


@router.post("/connect")
async def connect(asked: Asked, calendar: Calendar, who: Who) -> Response:
    begun = await calendar.begin(who)
    response = json_answer(orjson.dumps({"url": begun.url}))
    _set_cookie(response, asked, begun.state, CONSENT_LIFETIME_S)
    return response


@router.get("/callback", status_code=303)
async def callback(request: Request, calendar: Calendar) -> Response:
    """The person's browser, back from Google: no token of ours travels on such a way."""
    answer = {name: value for name, value in request.query_params.items() if len(value) < 4096}  # noqa: PLR2004
    outcome = await calendar.come_back(answer, request.cookies.get(CONSENT_COOKIE))
    response = RedirectResponse(f"/?calendar={outcome.value}", 303)
    _set_cookie(response, services_of(request), "", 0)
    return response


@router.post("/sync", status_code=202)
async def sync_now(calendar: Calendar, who: Who) -> Response:
    await calendar.sync_now(who.person_id)
    return json_answer(await calendar.read(who.person_id), 202)


@router.patch("", openapi_extra=takes(CalendarChoices))
async def choose(
    calendar: Calendar,
    who: Who,
    body: Annotated[CalendarChoices, Depends(json_body(CalendarChoices))],
) -> Response:
    chosen = CalendarChoice(body.with_days, body.takes_events)
    return json_answer(await calendar.choose(who.person_id, chosen, body.removals))


@router.post("/notes/{item}", openapi_extra=takes(ConflictAnswer))
async def settle_conflict(
    calendar: Calendar,
    who: Who,
    note_id: ItemId,
    body: Annotated[ConflictAnswer, Depends(json_body(ConflictAnswer))],
) -> Response:
    settled = await calendar.settle(who.person_id, note_id, takes_other=body.take_other)
    return json_answer(settled)


@router.delete("", status_code=204)
async def disconnect(calendar: Calendar, who: Who, *, events: bool = False) -> Response:
    """With `?events=true` our events go too."""
    await calendar.disconnect(who.person_id, deletes_events=events)
    return Response(status_code=204)


@router.post("/changed", status_code=204)
async def changed(request: Request, calendar: Calendar) -> Response:
    """Google knocks. Its message says that something changed, and not what."""
    headers = request.headers
    knock = Knock(
        channel_id=headers.get("x-goog-channel-id", ""),
        secret=headers.get("x-goog-channel-token", ""),
        resource_id=headers.get("x-goog-resource-id", ""),
        is_first=headers.get("x-goog-resource-state") == "sync",
        expires_at=_moment(headers.get("x-goog-channel-expiration", "")),
    )
    if not await calendar.store.heard(knock):
        raise NotFoundError
    return Response(status_code=204)


def _moment(text: str) -> datetime | None:
    """A date as mail and HTTP write it."""
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _set_cookie(response: Response, asked: Services, state: str, lifetime_s: int) -> None:
    # Lax: it has to come along when Google sends the browser back, which Strict would not.
    response.set_cookie(
        CONSENT_COOKIE,
        state,
        max_age=lifetime_s,
        path=CALLBACK,
        secure=asked.options.is_secure,
        httponly=True,
        samesite="lax",
    )
