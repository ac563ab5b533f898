"""Answers as Google gives them: bodies of success, and every error body we know of."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
JSON_TYPE = "application/json; charset=UTF-8"


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Refusal(Exception):  # noqa: N818 - it is an answer, not a fault of ours
    """Raised from anywhere inside; becomes the answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def ok(body: object, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(200, json.dumps(body).encode(), {"Content-Type": JSON_TYPE, **(headers or {})})


def error(
    status: int,
    reason: str,
    message: str,
    *,
    domain: str = "global",
    location: tuple[str, str] | None = None,
    more: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Refusal:
    """`{"error":{"errors":[{domain, reason, message, location}],"code","message"}}`."""
    detail: Json = {"domain": domain, "reason": reason, "message": message}
    if location is not None:
        detail |= {"locationType": location[0], "location": location[1]}
    envelope = {"error": {"errors": [detail], "code": status, "message": message, **(more or {})}}
    body = json.dumps(envelope).encode()
    return Refusal(Answer(status, body, {"Content-Type": JSON_TYPE, **(headers or {})}))


def oauth_error(status: int, code: str, description: str) -> Refusal:
    body = json.dumps({"error": code, "error_description": description}).encode()
    return Refusal(Answer(status, body, {"Content-Type": JSON_TYPE}))


def not_found() -> Refusal:
    return error(404, "notFound", "Not Found")


def invalid(message: str, reason: str = "invalid") -> Refusal:
    return error(400, reason, message)


def deleted() -> Refusal:
    return error(410, "deleted", "Resource has been deleted")


def duplicate() -> Refusal:
    return error(409, "duplicate", "The requested identifier already exists.")


def precondition_failed() -> Refusal:
    location = ("header", "If-Match")
    return error(412, "conditionNotMet", "Precondition Failed", location=location)


def token_too_old() -> Refusal:
    message = "Sync token is no longer valid, a full sync is required."
    location = ("parameter", "syncToken")
    return error(410, "fullSyncRequired", message, domain="calendar", location=location)


def invalid_credentials() -> Refusal:
    challenge = 'Bearer realm="https://accounts.google.com/", error="invalid_token"'
    return error(
        401,
        "authError",
        "Invalid Credentials",
        location=("header", "Authorization"),
        headers={"WWW-Authenticate": challenge},
    )


def insufficient_scope() -> Refusal:
    kind = "type.googleapis.com/google.rpc.ErrorInfo"
    details = [{"@type": kind, "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]
    more = {"status": "PERMISSION_DENIED", "details": details}
    message = "Request had insufficient authentication scopes."
    return error(403, "insufficientPermissions", message, more=more)


def throttled(status: int, reason: str, retry_after_s: int | None = None) -> Refusal:
    messages = {
        "rateLimitExceeded": "Rate Limit Exceeded",
        "userRateLimitExceeded": "User Rate Limit Exceeded",
        "quotaExceeded": "Calendar usage limits exceeded.",
    }
    headers = {} if retry_after_s is None else {"Retry-After": str(retry_after_s)}
    return error(status, reason, messages[reason], domain="usageLimits", headers=headers)


def backend_error() -> Refusal:
    return error(500, "backendError", "Backend Error")


def proxy_page() -> Refusal:
    """What a front end says when nobody is behind it."""
    page = b"<!DOCTYPE html><title>Error 503 (Service Unavailable)!!1</title>"
    return Refusal(Answer(503, page, {"Content-Type": "text/html; charset=UTF-8"}))
