"""One readable line for each thing that happens. What people typed is shown, never interpreted."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.text import Text

_STYLES = {
    "task_created": "green",
    "task_update": "cyan",
    "task_deleted": "red",
    "notification_created": "yellow",
    "notification_update": "yellow",
    "job_update": "blue",
    "reset": "magenta",
    "hello": "dim",
}

_SENTENCES = {
    "hello": "{path} at {epoch}.{seq}",
    "reset": "start again ({reason}) at {epoch}.{seq}",
    "task_deleted": "#{task_id}",
    "job_update": "{kind} {status} {done}/{total}",
}


class _Missing(dict[str, Any]):
    """A field that a frame lacks is shown as a question mark."""

    def __missing__(self, key: str) -> str:
        return "?"


class Printer:
    """Colours on a terminal, plain lines in a pipe, and with `as_json` the frames themselves."""

    def __init__(self, console: Console, *, as_json: bool) -> None:
        self._console = console
        self._as_json = as_json

    def frame(self, path: str, text: str) -> None:
        if self._as_json:
            self._write(Text(text))
            return
        frame = json.loads(text)
        kind = str(frame["type"])
        line = Text(f"{_now()}  ", style="dim")
        line.append(f"{_number(frame):>6}  ", style="dim")
        line.append(f"{kind:<21}", style=_STYLES.get(kind, ""))
        line.append(one_line(describe(path, frame)))
        self._write(line)

    def notice(self, path: str, sentence: str) -> None:
        """About the line, not the person's things: not part of the JSON output."""
        if not self._as_json:
            self._write(Text(f"{_now()}  {path}: {one_line(sentence)}", style="dim"))

    def _write(self, line: Text) -> None:
        self._console.print(line, soft_wrap=True, highlight=False)


def describe(path: str, frame: dict[str, Any]) -> str:
    data = frame.get("data")
    data = data if isinstance(data, dict) else {}
    kind = str(frame["type"])
    if kind in {"task_created", "task_update"}:
        return _task(data)
    if kind in {"notification_created", "notification_update"}:
        return f"{data.get('title', '')} ({'read' if data.get('read_at') else 'unread'})"
    if kind in _SENTENCES:
        return _SENTENCES[kind].format_map(_Missing(data, path=path))
    return json.dumps(data, ensure_ascii=False)


def one_line(text: str) -> str:
    """A title may hold line breaks and terminal codes; none of them may reach the terminal."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)


def _task(task: dict[str, Any]) -> str:
    mark = "✓" if task.get("is_completed") else "·"
    due = task.get("due_at") or task.get("due_on")
    when = f"  due {due}" if due else ""
    return f"#{task.get('id')} {mark} {task.get('title', '')}{when}"


def _number(frame: dict[str, Any]) -> str:
    return str(frame["seq"]) if "seq" in frame else "-"


def _now() -> str:
    return datetime.now().astimezone().strftime("%H:%M:%S")
