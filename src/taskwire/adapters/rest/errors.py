"""Expected trouble, translated once: each error to its status. What nobody expected: see edge."""

from __future__ import annotations

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from taskwire.application.calendar.accounts import ForeignConsentError
from taskwire.application.push_subscriptions import PushOffError
from taskwire.application.representation import task_json
from taskwire.application.tasks import VersionStaleError
from taskwire.domain.errors import (
    EmailTakenError,
    ForbiddenError,
    InvalidError,
    KeyReusedError,
    LimitReachedError,
    NotFoundError,
    RefusedError,
    ThrottledError,
    TooLargeError,
    UnauthenticatedError,
    UnavailableError,
)

RETRY_AFTER_S = 2

_STATUS: dict[type[RefusedError], int] = {
    InvalidError: 422,
    ForeignConsentError: 400,
    KeyReusedError: 422,
    NotFoundError: 404,
    PushOffError: 404,
    UnauthenticatedError: 401,
    ForbiddenError: 403,
    EmailTakenError: 409,
    LimitReachedError: 409,
    VersionStaleError: 412,
    TooLargeError: 413,
    ThrottledError: 429,
    UnavailableError: 503,
}

_CODES = {
    400: ("bad_request", "The request could not be read."),
    404: ("not_found", "There is nothing here."),
    405: ("method_not_allowed", "This address does not take this method."),
    413: ("too_large", "The request is too large."),
    415: ("unsupported_media_type", "Send JSON with Content-Type: application/json."),
    426: ("upgrade_required", "This address speaks WebSocket only."),
}


def request_id_of(request: Request) -> str:
    request_id: str = request.scope.get("state", {}).get("request_id", "")
    return request_id


def error_body(code: str, message: str, request_id: str, tail: bytes = b"") -> bytes:
    """`{"error":{…}}`, with `tail` (already JSON, beginning with a comma) beside it."""
    body = orjson.dumps({"error": {"code": code, "message": message, "request_id": request_id}})
    return body[:-1] + tail + b"}"


def handle_errors(app: FastAPI) -> None:
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    tail = b""
    headers = {}
    match error:
        case VersionStaleError(current=current):
            tail = b',"current":' + task_json(current)
        case ThrottledError(retry_after_s=retry_after_s):
            headers["Retry-After"] = str(retry_after_s)
        case UnavailableError():
            headers["Retry-After"] = str(RETRY_AFTER_S)
        case UnauthenticatedError():
            headers["WWW-Authenticate"] = "Bearer"
        case _:
            pass
    body = error_body(error.code, error.message, request_id_of(request), tail)
    return Response(body, _STATUS[type(error)], headers, "application/json")


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    body = error_body("invalid", first_fault(error.errors()), request_id_of(request))
    return Response(body, 422, media_type="application/json")


def first_fault(faults: object) -> str:
    """The first of pydantic's complaints as a sentence with the path of the field."""
    fault = next(iter(faults), None) if isinstance(faults, (list, tuple)) else None
    if fault is None:
        return "The request is not valid."
    path = ".".join(str(part) for part in fault["loc"] if part not in ("body", "query", "path"))
    return f"{path}: {fault['msg']}" if path else str(fault["msg"])


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status, headers = error.status_code, error.headers
    if status in (404, 405):
        # The page's own route takes every GET, so an address of the API may look like none.
        methods: frozenset[str] = request.app.state.methods_at(request.url.path)
        if methods:
            status, headers = 405, {"Allow": ", ".join(sorted(methods))}
    code, message = _CODES.get(status, ("refused", "The request was refused."))
    body = error_body(code, message, request_id_of(request))
    return Response(body, status, headers, "application/json")
