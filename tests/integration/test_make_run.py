"""`make run` ends as a whole, whichever of its processes hears the signal."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.process_trial import Kin, Trial, trial, wait_until
from tooling.places import ROOT

# The longest an orderly stop may take, and the longest after a `kill -9`.
STOPS_WITHIN_S = 15.0
DIES_WITHIN_S = 3.0


@pytest.fixture(name="make_run")
def a_running_make(tmp_path: Path) -> Iterator[Trial]:
    become_make = f"import os; os.execvp('make', ['make', '-C', '{ROOT}', 'run'])"
    environment = {"TASKWIRE_DATA_DIR": str(tmp_path / "data"), "PORT": "0", "REDIS_URL": ""}
    with trial(["-c", become_make], tmp_path / "log", environment) as running:
        running.wait_for("Stop   Ctrl-C", within_s=45)
        yield running


def test_an_interrupt_that_only_make_hears_stops_taskwire_in_order(make_run: Trial) -> None:
    family = make_run.family()
    make_run.process.send_signal(signal.SIGINT)
    assert make_run.wait_for_end(STOPS_WITHIN_S) == -signal.SIGINT
    assert "stopped" in make_run.output
    _expect_nothing_left(family)


def test_ctrl_c_in_a_terminal_stops_taskwire_in_order(make_run: Trial) -> None:
    family = make_run.family()
    os.killpg(make_run.process.pid, signal.SIGINT)
    assert make_run.wait_for_end(STOPS_WITHIN_S) == -signal.SIGINT
    assert "stopped" in make_run.output
    _expect_nothing_left(family)


def test_nothing_is_left_when_make_is_killed(make_run: Trial) -> None:
    family = make_run.family()
    make_run.process.kill()
    _expect_nothing_left(family)


def _expect_nothing_left(family: list[Kin]) -> None:
    # Whoever said the last word still has to end, and its parent after it.
    wait_until(lambda: _alive(family) == [], DIES_WITHIN_S, f"the end of {family}")


def _alive(family: list[Kin]) -> list[Kin]:
    return [kin for kin in family if kin.is_alive]
