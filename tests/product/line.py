"""One socket to the product, as a client holds it. Each wait has a bound and fails by name."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import orjson
from websockets.asyncio.client import ClientConnection, connect

from tests.product.serving import Serving

WITHIN_S = 10.0

Frame = dict[str, Any]


class Line:
    """An open socket; `hello` is what greeted it."""

    def __init__(self, socket: ClientConnection, hello: Frame) -> None:
        self.socket = socket
        self.hello = hello

    @property
    def cursor(self) -> str:
        """The place at which it was greeted, as `since` takes it."""
        return f"{self.hello['data']['epoch']}.{self.hello['data']['seq']}"

    async def text(self, within_s: float = WITHIN_S) -> bytes:
        """The next frame but heartbeats, as its bytes."""
        while True:
            text = await asyncio.wait_for(self.socket.recv(decode=False), within_s)
            if not text.startswith(b'{"type":"heartbeat"'):
                return text

    async def frame(self, within_s: float = WITHIN_S) -> Frame:
        parsed: Frame = orjson.loads(await self.text(within_s))
        return parsed

    async def frames(self, count: int) -> list[Frame]:
        return [await self.frame() for _ in range(count)]

    async def heartbeat(self, within_s: float = WITHIN_S) -> Frame:
        while True:
            text = await asyncio.wait_for(self.socket.recv(decode=False), within_s)
            if text.startswith(b'{"type":"heartbeat"'):
                parsed: Frame = orjson.loads(text)
                return parsed

    async def send(self, message: object) -> None:
        await self.socket.send(orjson.dumps(message).decode())

    async def close_code(self, within_s: float = WITHIN_S) -> int:
        """Read on until the server hangs up, and tell why."""
        async with asyncio.timeout(within_s):
            await self.socket.wait_closed()
        code = self.socket.close_code
        assert code is not None
        return code


@asynccontextmanager
async def line(
    product: Serving,
    token: str,
    path: str = "/ws/tasks",
    *,
    since: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> AsyncIterator[Line]:
    """Open a socket and take its hello."""
    async with unheard_line(product, token, path, since=since, headers=headers) as opened:
        opened.hello = await opened.frame()
        assert opened.hello["type"] == "hello", opened.hello
        yield opened


@asynccontextmanager
async def unheard_line(
    product: Serving,
    token: str,
    path: str = "/ws/tasks",
    *,
    since: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> AsyncIterator[Line]:
    """Open a socket of which nothing is expected yet."""
    query = {"token": token} | ({} if since is None else {"since": since})
    address = f"{product.socket_url}{path}?{urlencode(query)}"
    opening = connect(
        address,
        ssl=product.tls if address.startswith("wss:") else None,
        additional_headers=headers,
        max_size=None,
        max_queue=None,  # a full queue stops its reading, and then it cannot even be closed
        ping_interval=None,
        open_timeout=WITHIN_S,
        close_timeout=2,
        compression=None,
        proxy=None,
    )
    async with opening as socket:
        yield Line(socket, {})
