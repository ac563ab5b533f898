"""Clients that are slow on purpose: each holds a connection only so long, and nobody else."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI, Request
from starlette.responses import Response

from taskwire.adapters.websocket.punctual_http import Patience
from tests.fakes.installation import Installation, Options, installed
from tests.fakes.raw_socket import RawSocket
from tests.fakes.waiting import wait_until

WITHIN_S = 30.0
HEAD = b"POST /said HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n"
CHUNKED = b"POST /said HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
LARGE = 16 * 1024 * 1024
"""More than the kernels on both ends take in for a client that does not read."""


def some_app() -> FastAPI:
    app = FastAPI()

    @app.post("/said")
    async def said(request: Request) -> Response:
        return Response(await request.body())

    @app.get("/large")
    async def large() -> Response:
        return Response(b"x" * LARGE)

    return app


@pytest.fixture
async def hasty(redis_url: str) -> AsyncIterator[Installation]:
    """Waits for the end of nothing."""
    options = Options(patience=Patience(head_s=0.2, body_s=0.2, stall_s=0.2))
    async with installed(redis_url, options, some_app()) as house:
        house.authenticator.issue("ann", "1")
        yield house


SLOW = {
    "says nothing": b"",
    "half a line": b"GET /ws/ta",
    "half a head": HEAD + b"X-More: ",
    "half an upgrade": b"GET /ws/tasks?token=ann HTTP/1.1\r\nUpgrade: websocket\r\n",
    "no body": HEAD + b"\r\n",
    "half a body": HEAD + b"\r\n01234",
    "chunks without an end": CHUNKED + b"5\r\n01234\r\n",
    "half a chunk": CHUNKED + b"ffff\r\n01234",
    "another head after a good request": HEAD + b"\r\n0123456789GET /",
}


@pytest.mark.parametrize("name", SLOW)
async def test_who_does_not_go_on_is_cut_off(hasty: Installation, name: str) -> None:
    raw = await RawSocket.connect(hasty.port)
    raw.send(SLOW[name])
    with contextlib.suppress(ConnectionResetError):  # it is no gentle end
        await asyncio.wait_for(raw.reader.read(), WITHIN_S)
    await wait_until(lambda: not hasty.server.server_state.connections)
    await raw.end()


@pytest.mark.parametrize("start", ["half a head", "half a chunk"])
async def test_dripping_bytes_buy_no_time(hasty: Installation, start: str) -> None:
    raw = await RawSocket.connect(hasty.port)
    raw.send(SLOW[start])
    ended = asyncio.ensure_future(raw.reader.read())
    for _ in range(1000):
        if (await asyncio.wait((ended,), timeout=0.05))[0]:
            break
        raw.send(b"x")
    assert ended.done()
    assert ended.exception() is None or isinstance(ended.exception(), OSError)
    await raw.end()


async def test_who_reads_nothing_of_an_answer_is_cut_off(hasty: Installation) -> None:
    with socket.create_connection(("127.0.0.1", hasty.port)) as deaf:
        deaf.sendall(b"GET /large HTTP/1.1\r\nHost: h\r\n\r\n")
        await wait_until(lambda: bool(hasty.server.server_state.connections))
        await wait_until(lambda: not hasty.server.server_state.connections, WITHIN_S)


async def test_who_reads_slowly_gets_it_all(hasty: Installation) -> None:
    """Slower than a stall may be, but without one."""
    raw = await RawSocket.connect(hasty.port)
    raw.send(b"GET /large HTTP/1.1\r\nHost: h\r\n\r\n")
    head = await asyncio.wait_for(raw.reader.readuntil(b"\r\n\r\n"), WITHIN_S)
    assert b"200 OK" in head
    left, never = LARGE, asyncio.get_running_loop().create_future()
    while left:
        left -= len(await asyncio.wait_for(raw.reader.read(1024 * 1024), WITHIN_S))
        await asyncio.wait((never,), timeout=0.01)
    await raw.end()


async def test_an_open_socket_is_under_none_of_these_clocks(hasty: Installation) -> None:
    raw = await RawSocket.connect(hasty.port)
    assert (await raw.upgrade("/ws/tasks?token=ann")).status == 101
    await raw.receive()
    others = [await RawSocket.connect(hasty.port) for _ in range(2)]
    for other in others:  # both clocks run out beside it
        assert await asyncio.wait_for(other.reader.read(), WITHIN_S) == b""
        await other.end()
    number = hasty.write("user:1:tasks", title="still here")
    assert f'"seq":{number}'.encode() in (await raw.receive())[1]
    await raw.end()


async def test_many_who_say_nothing_keep_nobody_out(hasty: Installation) -> None:
    silent = [await RawSocket.connect(hasty.port) for _ in range(200)]
    raw = await RawSocket.connect(hasty.port)
    assert (await raw.upgrade("/ws/tasks?token=ann")).status == 101
    for one in [raw, *silent]:
        await one.end()
