"""The write path of tutorials: an ORM session per request, get, commit, refresh, publish awaited.

No log, no idempotency, no versions. Signed in as ours is: a JWT in the Authorization header.
Sockets by a connection manager with one Redis subscriber, so that writes alone make the difference.
"""

import asyncio
import json
import os
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import jwt
import redis.asyncio as redis
from fastapi import Depends, FastAPI, Header, HTTPException, WebSocket
from pydantic import BaseModel
from sqlalchemy import DateTime
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

KEY = os.environ["SECRET_KEY"]
engine = create_async_engine(os.environ["DATABASE_URL"])
make_session = async_sessionmaker(engine, expire_on_commit=False)
client = redis.Redis.from_url(os.environ["REDIS_URL"])
sockets: defaultdict[str, set[WebSocket]] = defaultdict(set)


class Base(DeclarativeBase): ...


class Task(Base):
    __tablename__ = "tasks"
    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int]
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    is_completed: Mapped[bool] = mapped_column(default=False)
    priority: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class TaskUpdate(BaseModel):
    title: str


class TaskOut(BaseModel, from_attributes=True):
    id: int
    title: str
    description: str
    is_completed: bool
    priority: int
    updated_at: datetime


async def listen() -> None:
    pubsub = client.pubsub()
    await pubsub.psubscribe("user:*:tasks")
    async for message in pubsub.listen():
        if message["type"] == "pmessage":
            for socket in list(sockets[message["channel"].decode()]):
                await socket.send_text(message["data"].decode())


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    listening = asyncio.create_task(listen())
    yield
    listening.cancel()


app = FastAPI(lifespan=lifespan)


async def session() -> AsyncIterator[AsyncSession]:
    async with make_session() as one:
        yield one


def person(authorization: Annotated[str, Header()]) -> int:
    try:
        claims = jwt.decode(authorization.removeprefix("Bearer "), KEY, algorithms=["HS256"])
    except jwt.InvalidTokenError as error:
        raise HTTPException(401) from error
    return int(claims["sub"])


@app.post("/api/tasks", status_code=201)
async def create(
    asked: TaskUpdate,
    owner: Annotated[int, Depends(person)],
    db: Annotated[AsyncSession, Depends(session)],
) -> TaskOut:
    task = Task(owner_id=owner, title=asked.title, updated_at=datetime.now(UTC))
    db.add(task)
    await db.commit()
    await db.refresh(task)
    return TaskOut.model_validate(task)


@app.put("/api/tasks/{task_id}")
async def update(
    task_id: int,
    asked: TaskUpdate,
    owner: Annotated[int, Depends(person)],
    db: Annotated[AsyncSession, Depends(session)],
) -> TaskOut:
    task = await db.get(Task, task_id)
    if task is None or task.owner_id != owner:
        raise HTTPException(404)
    task.title = asked.title
    task.updated_at = datetime.now(UTC)
    await db.commit()
    await db.refresh(task)
    told: dict[str, Any] = TaskOut.model_validate(task).model_dump(mode="json")
    message = json.dumps({"type": "task_update", "data": told})
    await client.publish(f"user:{owner}:tasks", message)
    return TaskOut.model_validate(task)


@app.websocket("/ws/tasks")
async def watch(websocket: WebSocket, token: str) -> None:
    claims = jwt.decode(token, KEY, algorithms=["HS256"])
    name = f"user:{claims['sub']}:tasks"
    await websocket.accept()
    sockets[name].add(websocket)
    try:
        await websocket.receive_text()
    finally:
        sockets[name].discard(websocket)
