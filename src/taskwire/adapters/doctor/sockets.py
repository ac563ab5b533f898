"""Real sockets through the public address, and a change that is written and has to come out of them.

Several sockets, because a proxy deals them out to several processes, and one of those may be deaf:
its Redis subscription delivers nothing, and the sweep brings each change up to a second late.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import httpx2
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, InvalidStatus, WebSocketException

from taskwire.adapters.doctor.finding import Finding, ill, well, worth_a_look

SOCKETS = 4
CHANGES = 5
OPEN_S = 10.0
ARRIVE_S = 8.0
FAST_S = 0.3
"""Through Redis a change takes milliseconds; by the sweep, half a second on average."""

TITLE = "Written by taskwire doctor, and deleted at once"

REFUSALS = {
    401: "the token was refused: does the server have another SECRET_KEY, or another clock?",
    403: "the Origin was refused: the proxy must pass Host and X-Forwarded-Proto, or set PUBLIC_URL",
    404: "404: the proxy does not lead /ws/ to Taskwire",
    429: "429: the proxy's limit on sockets was reached",
    503: "503: Taskwire is starting, stopping, or has no database",
}
NO_UPGRADE = "{status} instead of 101: the proxy does not pass `Upgrade` and `Connection`"


@dataclass(frozen=True, slots=True)
class Patient:
    """Where to look, and as whom."""

    url: str
    token: str


async def look_at_sockets(patient: Patient) -> list[Finding]:
    try:
        async with contextlib.AsyncExitStack() as stack, _signed_in(patient) as http:
            opened = [await stack.enter_async_context(_socket(patient)) for _ in range(SOCKETS)]
            delays = await _delays(http, opened)
    except InvalidStatus as error:
        status = error.response.status_code
        return [ill("socket", REFUSALS.get(status, NO_UPGRADE.format(status=status)))]
    except (InvalidHandshake, OSError, TimeoutError, WebSocketException) as error:
        return [ill("socket", f"it does not open: {str(error) or type(error).__name__}")]
    except httpx2.HTTPError as error:
        return [ill("change", f"it cannot be written: {str(error) or type(error).__name__}")]
    return [well("socket", f"{SOCKETS} of {SOCKETS} opened, with 101"), judge(delays)]


def judge(delays: Sequence[Sequence[float | None]]) -> Finding:
    """`delays` has a row for each socket: how long each change took to it, None for never."""
    lost = sum(delay is None for row in delays for delay in row)
    if lost:
        total = sum(len(row) for row in delays)
        return ill("change", f"{lost} of {total} did not come within {ARRIVE_S:.0f} s: see the log")
    medians = [statistics.median([delay for delay in row if delay is not None]) for row in delays]
    slow = [median for median in medians if median > FAST_S]
    if slow:
        told = f"{len(slow)} of {len(medians)} sockets hear only by the sweep"
        return worth_a_look("change", f"{told} ({max(slow):.1f} s): Redis does not deliver there")
    return well("change", f"on every socket after {max(medians) * 1000:.0f} ms")


@contextlib.asynccontextmanager
async def _signed_in(patient: Patient) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(
        base_url=patient.url,
        headers={"Authorization": f"Bearer {patient.token}"},
        timeout=OPEN_S,
        verify=False,
        trust_env=False,
    ) as http:
        yield http


@contextlib.asynccontextmanager
async def _socket(patient: Patient) -> AsyncIterator[ClientConnection]:
    """With an Origin, as a browser has one; returns once it is greeted."""
    base = urlsplit(patient.url)
    is_secure = base.scheme == "https"
    address = (
        f"{'wss' if is_secure else 'ws'}://{base.netloc}/ws/tasks?token={quote(patient.token)}"
    )
    async with connect(
        address,
        origin=f"{base.scheme}://{base.netloc}",  # type: ignore[arg-type]
        ssl=_unverified() if is_secure else None,
        open_timeout=OPEN_S,
        close_timeout=1,
        ping_interval=None,
        compression=None,
        proxy=None,
    ) as socket:
        async with asyncio.timeout(OPEN_S):
            await socket.recv()
        yield socket


def _unverified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def _delays(
    http: httpx2.AsyncClient, sockets: Sequence[ClientConnection]
) -> list[list[float | None]]:
    answer = (await http.post("/api/tasks", json={"title": TITLE})).raise_for_status()
    task_id, rows = answer.json()["id"], []
    await asyncio.gather(*(_arrival(socket, task_id, 1, time.monotonic()) for socket in sockets))
    try:
        for version in range(2, CHANGES + 2):
            began_s = time.monotonic()
            title = {"title": f"{TITLE} ({version})"}
            (await http.put(f"/api/tasks/{task_id}", json=title)).raise_for_status()
            heard = (_arrival(socket, task_id, version, began_s) for socket in sockets)
            rows.append(await asyncio.gather(*heard))
    finally:
        await http.delete(f"/api/tasks/{task_id}")
    return [list(row) for row in zip(*rows, strict=True)]


async def _arrival(
    socket: ClientConnection, task_id: int, version: int, began_s: float
) -> float | None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(ARRIVE_S):
            while True:
                data = json.loads(await socket.recv()).get("data", {})
                if (data.get("id"), data.get("version")) == (task_id, version):
                    return time.monotonic() - began_s
    return None
