"""FastAPI as the tutorials do it: a Redis Pub/Sub connection per socket, `listen()`, `send_text`.

With one mercy: the pool of connections is made large enough, or it would end at 100 sockets.
"""

import os

import redis.asyncio as redis
from fastapi import FastAPI, WebSocket

app = FastAPI()
client = redis.Redis.from_url(os.environ["REDIS_URL"], max_connections=100_000)


@app.websocket("/ws/{lane}")
async def listen(websocket: WebSocket, lane: str) -> None:
    await websocket.accept()
    pubsub = client.pubsub()
    await pubsub.subscribe(f"lane:{lane}")
    async for message in pubsub.listen():
        if message["type"] == "message":
            await websocket.send_text(message["data"].decode())
