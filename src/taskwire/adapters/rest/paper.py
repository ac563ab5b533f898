"""/openapi.json: what FastAPI cannot know, because our answers are bytes and our errors our own."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from fastapi import FastAPI

Operation = dict[str, Any]

_METHODS = frozenset(("get", "post", "put", "patch", "delete"))
_TEXT = {"type": "string"}

ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "request_id"],
            "properties": {"code": _TEXT, "message": _TEXT, "request_id": _TEXT},
            "additionalProperties": False,
        }
    },
}

_MEANING = {
    400: "This sign-in at Google was not begun here, or the request cannot be read",
    401: "Without a token, or with one that has ended",
    403: "The Origin is not ours",
    404: "Missing or somebody else's: the same to the byte",
    409: "Taken, or one more than there may be",
    412: "The version is another one by now; `current` is the task",
    413: "Too large",
    415: "No JSON",
    422: "A rule is broken; the message begins with the field",
    429: "Too many failures; Retry-After says when to come again",
    503: "The database does not answer; Retry-After says when to come again",
}

# What does not follow from the shape of an operation.
_MORE = {
    ("post", "/api/auth/register"): {409, 429},
    ("post", "/api/auth/login"): {401, 429},
    ("post", "/api/auth/refresh"): {403},
    ("post", "/api/auth/logout"): {403},
    ("post", "/api/tasks"): {409},
    ("post", "/api/tasks/{item}/restore"): {409},
    ("post", "/api/imports"): {400, 409},
    ("post", "/api/imports/preview"): {400},
    ("get", "/api/push/key"): {404},
    ("post", "/api/push/subscriptions"): {404, 409},
    ("get", "/api/feed/{secret}.ics"): {404, 429},
    ("get", "/api/calendar/google/callback"): {400},
}
_FILES = {
    "/api/export": ("application/json", "text/csv", "text/calendar"),
    "/api/feed/{secret}.ics": ("text/calendar",),
}
_LOGOUT = "/api/auth/logout"
_CALENDAR = "/api/calendar/google"


def describe_errors(app: FastAPI) -> None:
    """Let the application's paper name every refusal, in the one shape that all of them have."""
    from_routes = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            # A copy: parts of it belong to the routes, which other applications share.
            app.openapi_schema = _complete(deepcopy(from_routes()))
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI documents this as the way


def _complete(paper: dict[str, Any]) -> dict[str, Any]:
    schemas = paper.setdefault("components", {}).setdefault("schemas", {})
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    schemas["Error"] = ERROR
    for path, operations in paper["paths"].items():
        for method in _METHODS & operations.keys():
            operation: Operation = operations[method]
            schemas.update(_parts(operation))
            if path == _LOGOUT:
                operation["security"].append({})  # signing out without being in is no error
            if path in _FILES:
                operation["responses"]["200"]["content"] = {kind: {} for kind in _FILES[path]}
            operation["responses"].pop("422", None)  # FastAPI's guess, in a shape that is not ours
            for status in sorted(_refusals(method, path, operation)):
                operation["responses"][str(status)] = {
                    "description": _MEANING[status],
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Error"}}
                    },
                }
    return paper


def _parts(operation: Operation) -> dict[str, Any]:
    """The parts of a body's schema, which it refers to as if they stood among all schemas."""
    parts: dict[str, Any] = {}
    for body in operation.get("requestBody", {}).get("content", {}).values():
        parts |= body["schema"].pop("$defs", {})
    return parts


def _refusals(method: str, path: str, operation: Operation) -> Iterator[int]:
    yield 503
    yield from _MORE.get((method, path), ())
    given = [one for one in operation.get("parameters", ()) if one["in"] != "path"]
    if operation.get("security") and path != _LOGOUT:
        yield 401
    if "{" in path or path.startswith(_CALENDAR):
        yield 404
    if any(one["name"] == "If-Match" for one in given):
        yield 412
    if "requestBody" in operation:
        yield from (413, 415, 422)
    elif given:
        yield 422
