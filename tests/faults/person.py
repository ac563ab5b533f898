"""Somebody with tasks and devices."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass
class Person:
    """`canary` begins every title of theirs and nobody else's; `session` names their sign-in."""

    id: int
    email: str
    password: str
    token: str
    canary: str
    session: str = ""

    @property
    def channel(self) -> str:
        return f"user:{self.id}:tasks"


def save_people(people: list[Person], path: Path) -> None:
    path.write_text(json.dumps([asdict(person) for person in people]), encoding="utf-8")


def load_people(path: Path) -> list[Person]:
    return [Person(**one) for one in json.loads(path.read_text(encoding="utf-8"))]
