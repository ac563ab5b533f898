"""The names of a person's two streams, in the log, on the bus and nowhere else twice."""

from __future__ import annotations


def tasks_channel(person_id: int | str) -> str:
    return f"user:{person_id}:tasks"


def notifications_channel(person_id: int | str) -> str:
    return f"user:{person_id}:notifications"
