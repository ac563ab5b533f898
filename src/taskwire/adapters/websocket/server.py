"""uvicorn as this product runs it: one port for REST and sockets, and an end that loses nobody."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from types import FrameType
from typing import Any, Final

import uvicorn
from typing_extensions import override

from taskwire.adapters.websocket.door import Doorkeeper
from taskwire.adapters.websocket.protocol import PicowsProtocol
from taskwire.adapters.websocket.punctual_http import Patience, PunctualHttpProtocol
from taskwire.realtime.drain import Drain

KEEP_ALIVE_S: Final = 75
"""Longer than nginx keeps its idle connections (60 s), so that nginx never writes into a closing
one and answers 502."""


class PatientServer(uvicorn.Server):
    """A server that begins to drain at the signal, and ends with code 0 when it was told to."""

    def __init__(
        self, config: uvicorn.Config, drain: Drain, on_started: Callable[[int], None]
    ) -> None:
        super().__init__(config)
        self._drain = drain
        self._on_started = on_started
        self._loop: asyncio.AbstractEventLoop | None = None

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        raise_open_files_limit()
        await super().startup(sockets)
        if self.started:
            self._on_started(self.servers[0].sockets[0].getsockname()[1])

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # uvicorn first waits for every request, and a long poll is one: end those before.
        draining = self._drain.begin()
        await super().shutdown(sockets)
        await draining

    @override
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn does, without raising the signal again: an asked-for end is no failure."""
        previous = {
            sig: signal.signal(sig, self.handle_exit) for sig in uvicorn.server.HANDLED_SIGNALS
        }
        try:
            yield
        finally:
            for sig, handler in previous.items():
                signal.signal(sig, handler)

    @override
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._drain.begin)


def make_server(
    app: Callable[..., Awaitable[None]],
    doorkeeper: Doorkeeper,
    drain: Drain,
    *,
    host: str,
    port: int,
    forwarded_allow_ips: str,
    shutdown_timeout_s: float,
    patience: Patience,
    on_started: Callable[[int], None] = lambda _port: None,
    **more: Any,  # noqa: ANN401 - uvicorn's own options (TLS), passed through
) -> PatientServer:
    """Configure uvicorn. `on_started` gets the port, which matters when 0 was asked for.

    `serve()` the result inside a uvloop, or give it to `run_server`.
    """
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http=partial(PunctualHttpProtocol, patience),  # type: ignore[arg-type]
        ws=partial(PicowsProtocol, doorkeeper, doorkeeper.message_bytes_max),  # type: ignore[arg-type]
        log_config=None,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=forwarded_allow_ips,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=round(shutdown_timeout_s),
        **more,
    )
    return PatientServer(config, drain, on_started)


def run_server(server: PatientServer) -> None:
    """Serve until SIGTERM or SIGINT, then drain and return."""
    server.run()


def raise_open_files_limit() -> None:
    """A socket is an open file, and the soft limit is often 1,024. The hard one may not be ours."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
