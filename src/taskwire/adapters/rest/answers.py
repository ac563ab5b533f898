"""How answers leave: bytes that are JSON already, with their place in the stream."""

from __future__ import annotations

from starlette.responses import Response

from taskwire.application.ports import Answer
from taskwire.domain.task import Task

POSITION = "Taskwire-Position"
JSON = "application/json"


def json_answer(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(body, status, headers, JSON)


def write_answer(answer: Answer) -> Response:
    headers = {POSITION: f"{answer.epoch}.{answer.seq}"}
    return Response(answer.body, answer.status, headers, JSON if answer.body else None)


def task_etag(task: Task) -> dict[str, str]:
    return {"ETag": f'"{task.version}"'}
