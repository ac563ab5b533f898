"""Lines `lane<TAB>message` from stdin to the groups, by the channel layer itself."""

import asyncio
import sys

import channels_site  # noqa: F401 - it configures Django
from channels.layers import get_channel_layer


async def main() -> None:
    layer = get_channel_layer()
    print("ready", flush=True)
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        lane, _, text = line.decode().rstrip("\n").partition("\t")
        await layer.group_send(f"lane.{lane}", {"type": "say", "text": text})


asyncio.run(main())
