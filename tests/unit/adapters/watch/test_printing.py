import io
import json

import pytest
from rich.console import Console

from taskwire.adapters.watch.printing import Printer, describe, one_line

TASK = {"id": 7, "title": "Milk", "is_completed": True, "due_on": "2026-12-01"}


def printed(frame: object, *, as_json: bool = False) -> str:
    out = io.StringIO()
    printer = Printer(Console(file=out, width=40), as_json=as_json)
    printer.frame("/ws/tasks", json.dumps(frame))
    printer.notice("/ws/tasks", "closed")
    return out.getvalue()


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        ({"type": "task_update", "seq": 1, "data": TASK}, "#7 ✓ Milk  due 2026-12-01"),
        ({"type": "task_deleted", "seq": 1, "data": {"task_id": 9}}, "#9"),
        (
            {"type": "job_update", "data": {"kind": "import", "status": "running"}},
            "import running ?/?",
        ),
        ({"type": "notification_created", "data": {"title": "Due"}}, "Due (unread)"),
        ({"type": "presence", "data": {"who": "ü"}}, '{"who": "ü"}'),
        ({"type": "task_update", "data": None}, "#None · "),
    ],
)
def test_a_line_says_what_happened(frame: dict[str, object], expected: str) -> None:
    assert describe("/ws/tasks", frame) == expected


def test_a_long_title_stays_on_one_line_and_keeps_its_brackets() -> None:
    task = {**TASK, "title": "[bold]" + "x" * 300}
    lines = printed({"type": "task_update", "seq": 128, "data": task}).splitlines()
    assert len(lines) == 2
    assert "[bold]xxx" in lines[0]
    assert "128" in lines[0]


def test_a_title_cannot_speak_to_the_terminal() -> None:
    assert "\x1b" not in one_line("a\x1b]0;owned\x07\r\nb")
    assert "\n" not in one_line("a\nb")


def test_json_is_the_frames_and_nothing_else() -> None:
    frame = {"type": "task_update", "seq": 1, "data": {"title": "x" * 300}}
    lines = printed(frame, as_json=True).splitlines()
    assert [json.loads(line) for line in lines] == [frame]
