"""The process around the sockets: it starts, says its port, drains at a signal and ends with 0."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

ROOT = Path(__file__).parents[2]
SERVER = """
import asyncio, sys, uvloop
from tests.fakes.installation import installed

async def main():
    async with installed(sys.argv[1]) as house:
        house.authenticator.issue("ann", "1")
        print(house.port, flush=True)
        while not house.server.should_exit:
            await asyncio.sleep(0.01)

uvloop.run(main())
"""


@pytest.fixture
async def process(redis_url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVER, redis_url, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    yield process
    if process.returncode is None:
        process.kill()
        await process.wait()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
async def test_at_a_signal_every_socket_is_told_to_come_back_and_the_code_is_0(
    process: asyncio.subprocess.Process, sign: signal.Signals
) -> None:
    assert process.stdout is not None
    port = int(await process.stdout.readline())
    async with connect(f"ws://127.0.0.1:{port}/ws/tasks?token=ann") as socket:
        await socket.recv()
        process.send_signal(sign)
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012
    assert await asyncio.wait_for(process.wait(), 10) == 0
