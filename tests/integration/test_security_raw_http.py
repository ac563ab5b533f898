"""Requests that no honest client sends: refused, and nothing of a second one hidden in the first."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI, Request

from tests.fakes.installation import Installation, installed
from tests.fakes.raw_socket import RawSocket

WITHIN_S = 30.0


@pytest.fixture
def seen() -> list[str]:
    """The paths that reached the application."""
    return []


@pytest.fixture
async def raw(redis_url: str, seen: list[str]) -> AsyncIterator[RawSocket]:
    app = FastAPI()

    @app.api_route("/{path:path}", methods=["GET", "POST"])
    async def anything(request: Request, path: str) -> str:
        seen.append(path)
        return path + (await request.body()).decode()

    async with installed(redis_url, app=app) as house:
        raw = await RawSocket.connect(house.port)
        yield raw
        await raw.end()
        await _still_serves(house)


async def _still_serves(house: Installation) -> None:
    raw = await RawSocket.connect(house.port)
    raw.send(b"GET /good HTTP/1.1\r\nHost: h\r\n\r\n")
    assert (await raw.answer()).status == 200
    await raw.end()


SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n"
POST = b"POST /first HTTP/1.1\r\nHost: h\r\n"

TOO_LARGE: dict[str, bytes] = {
    "an endless header": b"GET /first HTTP/1.1\r\nX: " + b"x" * 100_000,
    "headers without end": b"GET /first HTTP/1.1\r\n" + b"X: 1\r\n" * 20_000,
    "a head that ends too late": b"GET /first HTTP/1.1\r\nX: "
    + b"x" * 70_000
    + b"\r\n\r\n"
    + SMUGGLED,
    "an address without end": b"GET /" + b"x" * 100_000,
    "an upgrade that ends too late": b"GET /ws/tasks HTTP/1.1\r\nConnection: upgrade\r\n"
    b"Upgrade: websocket\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
    "an endless trailer": POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: " + b"x" * 300_000,
}
REFUSED: dict[str, bytes] = {
    "a length and chunks": POST
    + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    + SMUGGLED,
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: 36\r\n\r\n" + SMUGGLED,
    "a negative length": POST + b"Content-Length: -1\r\n\r\n" + SMUGGLED,
    "a length that is none": POST + b"Content-Length: 0x10\r\n\r\n" + SMUGGLED,
    "an endless length": POST + b"Content-Length: " + b"9" * 40 + b"\r\n\r\n",
    "chunks by another name": POST + b"Transfer-Encoding: xchunked\r\n\r\n" + SMUGGLED,
    "a chunk that is none": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + SMUGGLED,
    "a name with a space": POST + b"Content-Length : 0\r\n\r\n" + SMUGGLED,
    "a line that is folded": POST + b"X: a\r\n b\r\n\r\n" + SMUGGLED,
    "lines that end bare": b"GET /first HTTP/1.1\nHost: h\n\n" + SMUGGLED,
    "NUL in a value": b"GET /first HTTP/1.1\r\nHost: h\r\nX: a\x00b\r\n\r\n" + SMUGGLED,
    "a method that is none": b"BREW /first HTTP/1.1\r\nHost: h\r\n\r\n" + SMUGGLED,
    "a version that is none": b"GET /first HTTP/9.9\r\nHost: h\r\n\r\n" + SMUGGLED,
    "the other protocol": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 100,
    **TOO_LARGE,
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_request_that_can_be_read_in_two_ways_is_not_read(
    raw: RawSocket, seen: list[str], name: str
) -> None:
    raw.send(REFUSED[name])
    status_line = await asyncio.wait_for(raw.reader.readline(), WITHIN_S)
    assert status_line.split()[1] == (b"431" if name in TOO_LARGE else b"400")
    rest = await asyncio.wait_for(raw.reader.read(), WITHIN_S)
    assert rest.count(b"HTTP/1.1 ") == 0, "one answer, and the connection ends"
    assert "smuggled" not in seen


async def test_a_client_that_is_still_sending_hears_why_it_is_refused(raw: RawSocket) -> None:
    """Closed over unread bytes, the line would be reset, and the answer lost on the way."""
    raw.send(TOO_LARGE["an endless header"])
    for _ in range(20):
        raw.send(b"x" * 1_000_000)
        await raw.writer.drain()
    assert (await raw.answer()).status == 431
    assert await asyncio.wait_for(raw.reader.read(), WITHIN_S) == b""


async def test_nobody_is_heard_out_without_end(raw: RawSocket) -> None:
    raw.send(TOO_LARGE["an endless header"])

    async def go_on() -> None:
        for _ in range(1_000):
            raw.send(b"x" * 1_000_000)
            await raw.writer.drain()

    with pytest.raises(ConnectionError):
        await go_on()


async def test_large_requests_one_after_the_other_are_no_large_head(
    raw: RawSocket, seen: list[str]
) -> None:
    """Each head is counted by itself, whatever came before it on the line."""
    body = b"x" * 60_000
    one = POST + b"X: " + b"x" * 30_000 + b"\r\nContent-Length: 60000\r\n\r\n" + body
    for _ in range(5):
        raw.send(one)
    for _ in range(5):
        assert (await raw.answer()).status == 200
    assert seen == ["first"] * 5
