"""/api/auth: accounts and the tokens that follow from them."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Request, Security
from fastapi.security import APIKeyCookie
from starlette.responses import Response

from taskwire.adapters.rest.answers import json_answer
from taskwire.adapters.rest.request import Asked, Who, json_body, takes
from taskwire.adapters.rest.services import RestOptions, Services
from taskwire.adapters.rest.shapes import Credentials, Registration
from taskwire.application.accounts import SignedIn
from taskwire.domain.device import Device, device_of
from taskwire.domain.errors import ForbiddenError, UnauthenticatedError
from taskwire.domain.person import Person

REFRESH_COOKIE = "taskwire_refresh"
COOKIE_PATH = "/api/auth"

_FOREIGN = "This Origin may not use the cookie of this server."

# Only for the paper of the API: the cookie is read below.
_cookie = APIKeyCookie(name=REFRESH_COOKIE, auto_error=False)

router = APIRouter(prefix="/api/auth", tags=["accounts"])


async def own_origin(
    request: Request, asked: Asked, _shown: Annotated[object, Security(_cookie)]
) -> None:
    """Refuse a browser that was sent here by somebody else's page."""
    origin = request.headers.get("origin")
    if origin is None and request.headers.get("sec-fetch-site") == "cross-site":
        raise ForbiddenError(_FOREIGN)
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    if origin is not None and origin not in (own, *asked.options.allowed_origins):
        raise ForbiddenError(_FOREIGN)


async def refresh_cookie(request: Request) -> str:
    token = request.cookies.get(REFRESH_COOKIE)
    if not token:
        raise UnauthenticatedError
    return token


async def asking_device(request: Request) -> Device:
    address = request.client.host if request.client else ""
    return device_of(request.headers.get("user-agent", ""), address)


RefreshToken = Annotated[str, Depends(refresh_cookie)]
From = Annotated[Device, Depends(asking_device)]


@router.post("/register", status_code=201, openapi_extra=takes(Registration))
async def register(
    asked: Asked, device: From, body: Annotated[Registration, Depends(json_body(Registration))]
) -> Response:
    signed_in = await asked.accounts.register(body.email, body.name, body.password, device)
    return _signed_in(asked, signed_in, 201)


@router.post("/login", openapi_extra=takes(Credentials))
async def login(
    asked: Asked, device: From, body: Annotated[Credentials, Depends(json_body(Credentials))]
) -> Response:
    return _signed_in(asked, await asked.accounts.sign_in(body.email, body.password, device))


@router.post("/refresh", dependencies=[Depends(own_origin)])
async def refresh(asked: Asked, token: RefreshToken) -> Response:
    return _signed_in(asked, await asked.accounts.refresh(token))


@router.post("/logout", status_code=204, dependencies=[Depends(own_origin)])
async def logout(request: Request, asked: Asked) -> Response:
    token = request.cookies.get(REFRESH_COOKIE)
    if token:
        await asked.accounts.sign_out(token)
    response = Response(status_code=204)
    _set_cookie(response, asked.options, "", lifetime_s=0)
    return response


@router.get("/me")
async def me(asked: Asked, who: Who) -> Response:
    return json_answer(orjson.dumps(_person(await asked.accounts.me(who))))


@router.post("/ws-ticket")
async def ws_ticket(asked: Asked, who: Who) -> Response:
    lifetime_s = asked.accounts.tokens.ticket_lifetime_s
    ticket = {"token": asked.accounts.buy_ticket(who), "expires_in": lifetime_s}
    return json_answer(orjson.dumps(ticket))


def _signed_in(asked: Services, signed_in: SignedIn, status: int = 200) -> Response:
    body = {
        "access_token": signed_in.access_token,
        "token_type": "bearer",
        "expires_in": signed_in.expires_in_s,
        "user": _person(signed_in.person),
    }
    response = json_answer(orjson.dumps(body), status)
    lifetime_s = asked.options.refresh_lifetime_s
    _set_cookie(response, asked.options, signed_in.refresh_token, lifetime_s=lifetime_s)
    return response


def _set_cookie(response: Response, options: RestOptions, token: str, *, lifetime_s: int) -> None:
    response.set_cookie(
        REFRESH_COOKIE,
        token,
        max_age=lifetime_s,
        path=COOKIE_PATH,
        secure=options.is_secure,
        httponly=True,
        samesite="strict",
    )


def _person(person: Person) -> dict[str, object]:
    return {"id": person.id, "email": person.email, "name": person.name}
