"""The outermost layer of a request: its id, the bound on its body, and the headers of every answer.

Pure ASGI: Starlette's BaseHTTPMiddleware costs a task and a queue for every request.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from taskwire.adapters.rest.errors import error_body

log = structlog.get_logger(__name__)

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

OUR_MISTAKE = "This is our mistake. It was written down under the request id."
IMPORT_PATHS = frozenset({"/api/imports", "/api/imports/preview"})
MULTIPART_OVERHEAD_BYTES = 16 * 1024

HEARD_OUT_S = 5.0
HEARD_OUT_BYTES_MAX = 32 * 1024 * 1024


class _BodyTooLargeError(Exception):
    """More bytes came than were announced or are allowed."""


class Edge:
    def __init__(self, app: ASGIApp, *, body_bytes_max: int, import_bytes_max: int) -> None:
        self._app = app
        self._body_bytes_max = body_bytes_max
        self._import_bytes_max = import_bytes_max + MULTIPART_OVERHEAD_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = _request_id(headers.get("x-request-id"))
        scope.setdefault("state", {})["request_id"] = request_id
        # uvicorn runs each request in a task of its own, so this binds for this request only.
        structlog.contextvars.bind_contextvars(request_id=request_id)
        op = headers.get("idempotency-key")
        answer = _Answer(send, request_id, op, is_api=scope["path"].startswith("/api"))
        bytes_max = self._bytes_max(scope["path"])
        announced = headers.get("content-length", "0")
        if announced.isdecimal() and int(announced) > bytes_max:
            await self._refuse(scope, receive, answer, request_id)
            return
        bounded = _Bounded(receive, bytes_max)
        try:
            # Whoever reads the body may make an answer of its own of our error: it is not sent.
            await self._app(scope, bounded, _Unless(bounded, answer))
        except _BodyTooLargeError:
            pass  # said below
        except ClientDisconnect:
            return  # it left in the middle of its body, and nobody is there to be answered
        except Exception:
            log.exception("request_failed", path=scope["path"])
            if answer.has_begun:
                raise
            body = error_body("internal", OUR_MISTAKE, request_id)
            await Response(body, 500, media_type="application/json")(scope, receive, answer)
        if bounded.is_exceeded and not answer.has_begun:
            await self._refuse(scope, receive, answer, request_id)

    def _bytes_max(self, path: str) -> int:
        return self._import_bytes_max if path in IMPORT_PATHS else self._body_bytes_max

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        await _hear_out(scope, receive)
        body = error_body("too_large", "The request is too large.", request_id)
        # The rest of the body may not have been read: the connection cannot be used again.
        response = Response(body, 413, {"Connection": "close"}, "application/json")
        await response(scope, receive, send)


async def _hear_out(scope: Scope, receive: Receive) -> None:
    """Let a client finish, within bounds, and keep nothing of it.

    When a connection is closed over bytes that nobody read, the kernel resets it, and a client
    that is still sending never sees the answer.
    """
    if "expect" in Headers(scope=scope):
        return  # it sends nothing before it hears from us
    bytes_left = HEARD_OUT_BYTES_MAX
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(HEARD_OUT_S):
            while bytes_left > 0:
                message = await receive()
                bytes_left -= len(message.get("body", b""))
                if not message.get("more_body", False):
                    return


class _Bounded:
    """Counts a body that comes in pieces, announced or not."""

    def __init__(self, receive: Receive, bytes_max: int) -> None:
        self._receive = receive
        self._bytes_left = bytes_max
        self.is_exceeded = False

    async def __call__(self) -> Message:
        message = await self._receive()
        self._bytes_left -= len(message.get("body", b""))
        if self._bytes_left < 0:
            self.is_exceeded = True
            raise _BodyTooLargeError
        return message


class _Unless:
    """Lets an answer through that has begun before the body turned out to be too large."""

    def __init__(self, bounded: _Bounded, answer: _Answer) -> None:
        self._bounded = bounded
        self._answer = answer

    async def __call__(self, message: Message) -> None:
        if not self._bounded.is_exceeded or self._answer.has_begun:
            await self._answer(message)


class _Answer:
    def __init__(self, send: Send, request_id: str, op: str | None, *, is_api: bool) -> None:
        self._send = send
        self._request_id = request_id
        self._op = op
        self._is_api = is_api
        self.has_begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_begun = True
            headers = MutableHeaders(raw=message["headers"])
            self._note_place(headers.get("taskwire-position"))
            headers["X-Request-Id"] = self._request_id
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Referrer-Policy"] = "no-referrer"
            if self._is_api:
                headers.setdefault("Cache-Control", "no-store")
        await self._send(message)

    def _note_place(self, position: str | None) -> None:
        """From the click to the socket: the line has the request's id, the frame has this place."""
        if position is not None:
            log.debug("answered", position=position, op=self._op)


def _request_id(given: str | None) -> str:
    if given is not None and _REQUEST_ID.fullmatch(given):
        return given
    return secrets.token_hex(8)
