"""Reads an upgrade request and decides what can be decided without asking anybody (pure).

    bytes of the head ──parse──► Request ──examine──► Refusal (an HTTP answer)
                                                └───► Visitor (who must still prove a token)

A refusal is an HTTP answer before the upgrade; browsers see it as code 1006, so everything that a
page must be able to read (4401, 4429) comes after the upgrade instead. The Origin is judged before
the token is looked at: a foreign page must not be able to spend somebody's ticket.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qs, urlsplit

from taskwire.adapters.websocket.proxies import TrustedProxies

HEAD_BYTES_MAX: Final = 16 * 1024
TOKEN_CHARS_MAX: Final = 4096
BEARER: Final = "bearer."
SUBPROTOCOL: Final = "taskwire"
_DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}


@dataclass(frozen=True, slots=True)
class Request:
    """The head of an upgrade request. Names are in lower case; a name may come several times."""

    method: str
    path: str
    query: str
    headers: Mapping[str, list[str]]

    def header(self, name: str) -> str:
        return ", ".join(self.headers.get(name, []))


@dataclass(frozen=True, slots=True)
class Refusal:
    """An HTTP answer instead of the upgrade, in the form of all our errors."""

    status: HTTPStatus
    code: str
    message: str
    headers: tuple[tuple[str, str], ...] = ()

    def encode(self) -> bytes:
        error = {"code": self.code, "message": self.message, "request_id": secrets.token_hex(8)}
        body = json.dumps({"error": error}).encode()
        lines = [
            f"HTTP/1.1 {self.status.value} {self.status.phrase}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            "Cache-Control: no-store",
            "Connection: close",
            *(f"{name}: {value}" for name, value in self.headers),
        ]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


UNAUTHORIZED: Final = Refusal(
    HTTPStatus.UNAUTHORIZED,
    "unauthorized",
    "The token is missing, ended or spent.",
    (("WWW-Authenticate", "Bearer"),),
)
FORBIDDEN_ORIGIN: Final = Refusal(
    HTTPStatus.FORBIDDEN, "forbidden_origin", "This origin may not open sockets here."
)
NOT_FOUND: Final = Refusal(HTTPStatus.NOT_FOUND, "not_found", "There is no such socket.")
NOT_GET: Final = Refusal(
    HTTPStatus.METHOD_NOT_ALLOWED,
    "method_not_allowed",
    "A socket is opened by GET.",
    (("Allow", "GET"),),
)
BAD_VERSION: Final = Refusal(
    HTTPStatus.UPGRADE_REQUIRED,
    "upgrade_required",
    "Only version 13 of the WebSocket protocol is spoken here.",
    (("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13")),
)
BAD_HANDSHAKE: Final = Refusal(
    HTTPStatus.BAD_REQUEST, "bad_handshake", "The WebSocket handshake is malformed."
)
HEAD_TOO_LARGE: Final = Refusal(
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "head_too_large", "The request's head is too large."
)
BAD_REQUEST: Final = Refusal(
    HTTPStatus.BAD_REQUEST, "bad_request", "The request could not be read."
)
UNAVAILABLE: Final = Refusal(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "unavailable",
    "Sockets cannot be opened just now.",
    (("Retry-After", "1"),),
)
FAILED: Final = Refusal(
    HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error", "The server failed; its log says where."
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at the right door, from the right place, with a token still to be proved."""

    path: str
    token: str
    since: str | None
    address: str
    key: str
    subprotocol: str | None


@dataclass(frozen=True, slots=True)
class Rules:
    """What a handshake is held against: our paths, our origins, our proxies."""

    channel_by_path: Mapping[str, Callable[[str], str]]
    allowed_origins: Collection[str]
    proxies: TrustedProxies


def parse_request(head: bytes) -> Request | None:
    """Read a head that uvicorn has parsed and written again. None when it is malformed."""
    lines = head.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    request_line = lines[0].split(" ")
    if len(request_line) != 3:  # noqa: PLR2004 - method, target, version
        return None
    method, target, _ = request_line
    headers: dict[str, list[str]] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon:
            return None
        headers.setdefault(name.lower(), []).append(value.strip())
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    return Request(method, parts.path, parts.query, headers)


def examine(  # noqa: PLR0911 - each refusal on its own line
    request: Request, rules: Rules, *, peer: str, is_tls: bool
) -> Visitor | Refusal:
    """Decide everything that needs no waiting, in the order in which a refusal tells least."""
    if request.path not in rules.channel_by_path:
        return NOT_FOUND
    if request.method != "GET":
        return NOT_GET
    is_secure = is_tls or _is_forwarded_tls(request, rules.proxies, peer)
    if not is_origin_ours(request, rules.allowed_origins, is_secure=is_secure):
        return FORBIDDEN_ORIGIN
    if request.header("sec-websocket-version") != "13":
        return BAD_VERSION
    key = request.header("sec-websocket-key")
    if not _is_key(key):
        return BAD_HANDSHAKE
    query = parse_qs(request.query, keep_blank_values=True, errors="replace")
    offered = [name.strip() for name in request.header("sec-websocket-protocol").split(",")]
    token = _token(query.get("token", []), offered)
    if token is None:
        return UNAUTHORIZED
    since = query.get("since")
    return Visitor(
        path=request.path,
        token=token,
        since=None if since is None else ",".join(since),
        address=rules.proxies.client(peer, request.headers.get("x-forwarded-for", [])),
        key=key,
        subprotocol=select_subprotocol(offered),
    )


def is_origin_ours(request: Request, allowed: Collection[str], *, is_secure: bool) -> bool:
    """Judge the page that opens the socket. CORS does not protect sockets: this check does.

    A client without Origin is no browser; it holds its token itself and may come.
    """
    if "origin" not in request.headers:
        return True
    scheme = "https" if is_secure else "http"
    own = f"{scheme}://{request.header('host')}"
    origin = _without_default_port(request.header("origin"))
    return origin in {_without_default_port(name) for name in (own, *allowed)}


def select_subprotocol(offered: list[str]) -> str | None:
    """Choose what the answer names. A browser that offered any fails the socket without one.

    `taskwire` when it was offered. A client that offers its token alone gets that very name back:
    it knows the secret already, and `new WebSocket(url, ["bearer.…"])` has no other way to open.
    Anything else is not spoken here, and saying so (by silence) is right.
    """
    if SUBPROTOCOL in offered:
        return SUBPROTOCOL
    return next((name for name in offered if name.startswith(BEARER)), None)


def _token(in_query: list[str], offered: list[str]) -> str | None:
    """Find the one token. Two of them are none: somebody tries which of two readers is fooled."""
    found = in_query or [name.removeprefix(BEARER) for name in offered if name.startswith(BEARER)]
    is_one = len(found) == 1 and 0 < len(found[0]) <= TOKEN_CHARS_MAX
    return found[0] if is_one else None


def _is_forwarded_tls(request: Request, proxies: TrustedProxies, peer: str) -> bool:
    return request.header("x-forwarded-proto") in {"https", "wss"} and proxies.trusts(peer)


def _is_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == 16  # noqa: PLR2004 - RFC 6455, 4.1
    except (binascii.Error, ValueError):
        return False


def _without_default_port(origin: str) -> str:
    origin = origin.lower()
    port = _DEFAULT_PORTS.get(origin.partition("://")[0])
    return origin.removesuffix(port) if port else origin
