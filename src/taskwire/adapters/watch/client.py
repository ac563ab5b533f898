"""Follows both channels of a person: sockets, tickets, patience. Decisions are in `channel.py`."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import quote, urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from taskwire.adapters.watch.account import Account, SignInRefused
from taskwire.adapters.watch.channel import (
    Channel,
    Heard,
    Reopen,
    may_come_back,
    retry_delay_s,
)

PATHS = ("/ws/tasks", "/ws/notifications")
RENEW_EVERY_S = 600.0
"""A socket may live 15 minutes from its last proof; ten leave room for a slow answer."""

Listener = Callable[[str, str], None]
"""Called with the path and the text of a frame."""
Notice = Callable[[str, str], None]
"""Called with the path and a sentence about the line itself."""


class StaysAway(Exception):  # noqa: N818 - reads as what happened
    """The server said not to come back."""


async def follow(account: Account, url: str, on_frame: Listener, on_notice: Notice) -> None:
    """Run until cancelled. Raises `SignInRefused` or `StaysAway` when there is no use."""
    try:
        async with asyncio.TaskGroup() as group:
            for path in PATHS:
                group.create_task(_Line(account, url, path, on_frame, on_notice).run())
    except ExceptionGroup as troubles:
        # Not except*: some releases of Python 3.11 wrap what is raised there in another group.
        refusals = troubles.subgroup((SignInRefused, StaysAway))
        if refusals is None:
            raise
        raise refusals.exceptions[0] from None


class _Line:
    """One path, socket after socket."""

    def __init__(
        self, account: Account, url: str, path: str, on_frame: Listener, on_notice: Notice
    ) -> None:
        self._account = account
        self._url = url
        self._path = path
        self._on_frame = on_frame
        self._on_notice = on_notice
        self._channel = Channel()
        self._attempt = 0

    async def run(self) -> None:
        while True:
            trouble = await self._one_socket()
            delay_s = retry_delay_s(self._attempt, random.random())  # noqa: S311 - jitter
            self._attempt += 1
            self._on_notice(self._path, f"{trouble}; again in {delay_s:.1f} s")
            await asyncio.sleep(delay_s)

    async def _one_socket(self) -> str:
        """Return why it ended."""
        try:
            address = await self._address()
            async with connect(
                address, max_size=2**20, open_timeout=10, ping_interval=None
            ) as socket:
                return await self._listen(socket)
        except ConnectionClosed as error:
            return self._closed(error)
        except InvalidStatus as error:
            return f"refused with {error.response.status_code}"
        except (OSError, TimeoutError, InvalidHandshake) as error:
            return f"no connection ({str(error) or type(error).__name__})"

    async def _address(self) -> str:
        token = quote(await self._account.ticket(), safe="")
        base = urlsplit(self._url)
        scheme = "wss" if base.scheme == "https" else "ws"
        cursor = self._channel.cursor
        since = f"&since={quote(str(cursor))}" if cursor else ""
        return f"{scheme}://{base.netloc}{base.path.rstrip('/')}{self._path}?token={token}{since}"

    async def _listen(self, socket: ClientConnection) -> str:
        self._channel.opened(time.monotonic())
        renewal = asyncio.create_task(self._renew_for_ever(socket))
        try:
            while True:
                async with asyncio.timeout(self._channel.silent_after_s):
                    text = await socket.recv(decode=True)
                trouble = self._receive(text)
                if trouble:
                    return trouble
        except TimeoutError:
            return "the line went silent"
        finally:
            renewal.cancel()

    def _receive(self, text: str) -> str:
        match self._channel.receive(text, time.monotonic()):
            case Heard():
                self._attempt = (
                    0  # not at the upgrade: a full server upgrades, then hangs up without hello
                )
                self._on_frame(self._path, text)
            case Reopen(reason):
                return reason
            case _:
                pass
        return ""

    async def _renew_for_ever(self, socket: ClientConnection) -> None:
        """A token in band keeps the socket; should it fail, the server's 4401 makes a new one."""
        while True:
            await asyncio.sleep(RENEW_EVERY_S)
            with suppress(OSError, SignInRefused, ConnectionClosed):
                token = await self._account.access_token()
                await socket.send(f'{{"type":"auth","data":{{"token":"{token}"}}}}')

    def _closed(self, error: ConnectionClosed) -> str:
        code = error.rcvd.code if error.rcvd else None
        reason = error.rcvd.reason if error.rcvd else ""
        if not may_come_back(code):
            raise StaysAway(f"the server closed {self._path} with {code} {reason}".rstrip())
        return f"closed with {code} {reason}".rstrip() if code else "the line broke"
