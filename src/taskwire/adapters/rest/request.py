"""What routes take from a request: who asks, under which key, with which body.

All of it is `async`, also what waits for nothing: FastAPI runs a plain function in a thread, and
five hops to a thread cost a PUT more than its statement.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Request, Security
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException

from taskwire.adapters.rest.errors import first_fault
from taskwire.adapters.rest.services import Services, services_of
from taskwire.application.ports import Claims, WriteKey
from taskwire.domain.errors import InvalidError, NotFoundError, UnauthenticatedError

ID_MAX = 2**63 - 1
NO_VERSION = -1
"""A version that no task ever has: what an If-Match we cannot read asks for."""

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_ID = re.compile(r"[0-9]{1,19}")
_VERSION = re.compile(r'(?:W/)?"([0-9]{1,18})"')

Model = TypeVar("Model", bound=BaseModel)

# Only for the paper of the API: the header is read below, and refused in our own words.
_bearer = HTTPBearer(auto_error=False, description="An access token")

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="The same key and request again: the same answer, done once",
        json_schema_extra={"pattern": "^[!-~]{1,255}$"},
    ),
]
IfMatch = Annotated[str | None, Header(alias="If-Match", description="The ETag that was seen")]


async def services(request: Request) -> Services:
    return services_of(request)


def bearer_token(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise UnauthenticatedError("Sign in: this needs Authorization: Bearer <access token>.")
    return token.strip()


async def claims(request: Request, _shown: Annotated[object, Security(_bearer)]) -> Claims:
    return services_of(request).accounts.authenticate(bearer_token(request))


async def item_id(item: str) -> int:
    """An id from the path. Whatever cannot be one is simply not there."""
    if not _ID.fullmatch(item) or not 0 < int(item) <= ID_MAX:
        raise NotFoundError
    return int(item)


async def if_version(given: IfMatch = None) -> int | None:
    if given is None or given.strip() == "*":
        return None
    match = _VERSION.fullmatch(given.strip())
    return int(match[1]) if match else NO_VERSION


async def write_key(request: Request, key: IdempotencyKey = None) -> WriteKey | None:
    return key_for(request, key, await request.body())


def key_for(request: Request, key: str | None, *asked: bytes) -> WriteKey | None:
    """The Idempotency-Key with a hash of what is asked: method, path and body.

    Of a form its parts: a client makes a new multipart boundary for each try.
    """
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise InvalidError("Idempotency-Key has 1 to 255 visible ASCII characters.")
    parts = (request.method.encode(), request.url.path.encode(), *asked)
    return WriteKey(key, hashlib.sha256(b"\n".join(parts)).hexdigest())


def json_body(model: type[Model]) -> Callable[[Request], Awaitable[Model]]:
    """A dependency that reads the body as `model`, straight from its bytes."""

    async def read(request: Request) -> Model:
        kind = request.headers.get("content-type", "application/json").lower()
        media_type, _, parameters = kind.partition(";")
        if media_type.strip() != "application/json" or "utf-16" in parameters:
            raise HTTPException(415)
        try:
            return model.model_validate_json(await request.body())
        except ValidationError as error:
            faults = error.errors(include_url=False, include_context=False, include_input=False)
            raise InvalidError(first_fault(faults)) from None

    return read


def takes(model: type[BaseModel], *required: str) -> dict[str, Any]:
    """The OpenAPI of a body that `json_body` reads; `required` is what only this route insists on."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    if required:
        schema["required"] = list(required)
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


Asked = Annotated[Services, Depends(services)]
Who = Annotated[Claims, Depends(claims)]
ItemId = Annotated[int, Depends(item_id)]
IfVersion = Annotated[int | None, Depends(if_version)]
Key = Annotated[WriteKey | None, Depends(write_key)]
