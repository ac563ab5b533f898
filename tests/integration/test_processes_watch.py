"""`taskwire watch` in a process of its own, against a running product."""

import json
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.integration.process_trial import Trial, trial, wait_until
from tests.product.person import PASSWORD, Person
from tests.product.serving import Serving

StartWatch = Callable[..., AbstractContextManager[Trial]]


@pytest.fixture
def watch(product: Serving, tmp_path: Path) -> StartWatch:
    def start(email: str, *options: str, password: str = PASSWORD) -> AbstractContextManager[Trial]:
        command = ["-P", "-m", "taskwire.cli", "watch", "--url", product.url, "--email", email]
        environment = {"TASKWIRE_PASSWORD": password, "NO_PROXY": "127.0.0.1"}
        return trial([*command, *options], tmp_path / "log", environment)

    return start


async def test_a_change_is_a_line_and_another_persons_is_not(
    watch: StartWatch, ann: Person, ben: Person
) -> None:
    with watch(ann.email) as watching:
        wait_until(lambda: watching.output.count("hello") == 2, saying=watching.output)
        await ben.add("Not for Ann")
        task = await ann.add("Water the plants")
        await ann.put(task["id"], is_completed=True)
        watching.wait_for(f"#{task['id']} ✓ Water the plants")
        assert "Not for Ann" not in watching.output


async def test_as_json_each_line_is_a_frame_as_it_came(watch: StartWatch, ann: Person) -> None:
    with watch(ann.email, "--json") as watching:
        wait_until(lambda: watching.output.count("hello") == 2, saying=watching.output)
        task = await ann.add("Water the plants")
        watching.wait_for("task_created")
        frames = [json.loads(line) for line in watching.output.splitlines()]
        assert {"type": "task_created", "seq": 1, "data": task} in frames


async def test_ctrl_c_ends_it_without_a_word(watch: StartWatch, ann: Person) -> None:
    with watch(ann.email) as watching:
        wait_until(lambda: watching.output.count("hello") == 2, saying=watching.output)
        watching.process.send_signal(signal.SIGINT)
        assert watching.wait_for_end() == 0
        assert "Traceback" not in watching.output


async def test_a_wrong_password_is_one_line(watch: StartWatch, ann: Person) -> None:
    with watch(ann.email, password="wrong horse") as watching:
        assert watching.wait_for_end() == 1
        assert watching.output.startswith("taskwire: ")
        assert watching.output.count("\n") == 1
