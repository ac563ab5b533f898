"""python-socketio on uvicorn, with its Redis manager; each socket enters the room of its lane."""

import os
from typing import Any
from urllib.parse import parse_qs

import socketio

manager = socketio.AsyncRedisManager(os.environ["REDIS_URL"])
server = socketio.AsyncServer(async_mode="asgi", client_manager=manager)
app = socketio.ASGIApp(server)


@server.event
async def connect(sid: str, environ: dict[str, Any]) -> None:
    await server.enter_room(sid, parse_qs(environ["QUERY_STRING"])["lane"][0])
