"""`websockets.broadcast` on uvloop, with one Redis subscriber: `python broadcast.py PORT`."""

import os
import sys
from collections import defaultdict

import redis.asyncio as redis
import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve

lanes: defaultdict[str, set[ServerConnection]] = defaultdict(set)


async def hold(connection: ServerConnection) -> None:
    assert connection.request is not None
    sockets = lanes[f"lane:{connection.request.path[1:]}"]
    sockets.add(connection)
    try:
        await connection.wait_closed()
    finally:
        sockets.discard(connection)


async def main() -> None:
    pubsub = redis.Redis.from_url(os.environ["REDIS_URL"]).pubsub()
    await pubsub.psubscribe("lane:*")
    async with serve(
        hold, "127.0.0.1", int(sys.argv[1]), compression=None, ping_interval=None, backlog=4096
    ):
        print("listening", flush=True)
        async for message in pubsub.listen():
            if message["type"] == "pmessage":
                broadcast(lanes[message["channel"].decode()], message["data"].decode())


uvloop.run(main())
