"""A push service on this machine: takes what RFC 8030 says, and keeps it for a test to look at.

It answers as it was told to, so that a test sees what becomes of a browser that is gone, of a
service that is busy, and of one that never answers.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from typing_extensions import override

from taskwire.adapters.web_push.keys import decode

HELD_MAX_S = 60.0


@dataclass(frozen=True)
class Push:
    """One request, as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    def vapid_claims(self, audience: str) -> dict[str, Any]:
        """What its token says; raises when it is not signed by the key that it names."""
        scheme, _, parameters = self.headers["authorization"].partition(" ")
        given = dict(part.strip().split("=", 1) for part in parameters.split(","))
        assert scheme == "vapid"
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode(given["k"]))
        claims: dict[str, Any] = jwt.decode(given["t"], key, ["ES256"], audience=audience)
        assert claims["exp"] <= time.time() + 24 * 3600, "RFC 8292 allows a day"
        return claims | {"key": given["k"]}


@dataclass(frozen=True)
class Reply:
    """`body` None never ends; `is_held` waits until the service is released."""

    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = b""
    is_held: bool = False


@dataclass
class PushService:
    """`replies` are given in order; when there are none left, all goes well."""

    port: int = 0
    received: list[Push] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def endpoint(self, name: str) -> str:
        return f"{self.url}/push/{name}"

    def pushes(self, name: str) -> list[Push]:
        return [push for push in list(self.received) if push.path == f"/push/{name}"]


@contextmanager
def push_service() -> Iterator[PushService]:
    service = PushService()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            headers = {name.lower(): value for name, value in self.headers.items()}
            service.received.append(Push(self.path, headers, self.rfile.read(length)))
            reply = service.replies.pop(0) if service.replies else Reply()
            if reply.is_held:
                service.release.wait(HELD_MAX_S)
            try:
                _answer(self, reply)
            except OSError:
                self.close_connection = True  # whoever asked has gone, as they may

        @override
        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

    with Server(("127.0.0.1", 0), Handler) as server:
        service.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield service
        finally:
            service.release.set()
            server.shutdown()
            thread.join()


def _answer(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    handler.send_response(reply.status)
    for name, value in reply.headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(2**40 if reply.body is None else len(reply.body)))
    handler.end_headers()
    if reply.body is not None:
        handler.wfile.write(reply.body)
        return
    while True:
        handler.wfile.write(b"x" * 65536)
