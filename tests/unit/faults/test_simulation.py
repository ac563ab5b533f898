"""The simulator itself: virtual time, one run per seed, and an answer that means something."""

import asyncio
import os
import subprocess
import sys
from collections import Counter

import pytest

from taskwire.realtime.stream import Stream
from tests.faults.checker.model import Verdict
from tests.faults.simulation.__main__ import conclude, main, run_seeds
from tests.faults.simulation.clock import StuckError, run_virtually
from tests.faults.simulation.coverage import DEMANDED, missing
from tests.faults.simulation.judgement import digest_of
from tests.faults.simulation.plan import make_plan
from tests.faults.simulation.world import simulate
from tooling.places import ROOT

SHOW_DIGESTS = """
from tests.faults.simulation.judgement import digest_of
from tests.faults.simulation.world import simulate
print(*(digest_of(simulate(seed)) for seed in range(1, 9)))
"""


def test_the_engine_keeps_all_laws_whatever_these_seeds_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run_seeds(first=1, count=40) is Verdict.PASS, capsys.readouterr().out


def test_a_seed_is_the_same_run_again() -> None:
    assert [digest_of(simulate(seed)) for seed in (16, 21)] == [
        digest_of(simulate(seed)) for seed in (16, 21)
    ]


def test_other_seeds_are_other_runs() -> None:
    assert make_plan(1) != make_plan(2)
    assert digest_of(simulate(1)) != digest_of(simulate(2))


def test_a_seed_is_the_same_run_in_another_interpreter_with_other_hashes() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", SHOW_DIGESTS],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        for hash_seed in ("1", "4711")
    }
    assert told == {" ".join(digest_of(simulate(seed)) for seed in range(1, 9))}


def test_a_failing_seed_is_named_with_the_law_and_the_command_that_replays_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Stream, "notice", lambda _stream, _head: None)
    assert main(["--seeds", "3"]) == 1
    told = capsys.readouterr().out
    assert "python -m tests.faults.simulation --seed 1" in told
    assert "  C10: " in told
    assert told.endswith("FAIL\n")


def test_a_seed_is_replayed_with_its_history(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seed", "2"]) == 0
    told = capsys.readouterr().out
    assert '"kind":"invoke"' in told
    assert f"digest {digest_of(simulate(2))}" in told
    assert told.endswith("seed 2: all laws hold\n")


def test_runs_in_which_some_fault_never_happened_are_unknown() -> None:
    enough: Counter[str] = Counter({str(what): 10 for what in DEMANDED})
    assert missing(enough, seeds=500) == []
    del enough["bus deaf"]
    assert missing(enough, seeds=500) == ["bus deaf: 0 of 10"]
    assert conclude(0, missing(enough, seeds=500)) is Verdict.UNKNOWN


def test_time_jumps_to_the_next_timer_and_equal_timers_keep_their_order() -> None:
    ran: list[int] = []

    async def wait_long() -> float:
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        for number in range(50):
            loop.call_at(began_s + 3600, ran.append, number)
        await asyncio.wait_for(asyncio.Event().wait(), 7200)
        raise AssertionError

    async def measure() -> float:
        began_s = asyncio.get_running_loop().time()
        with pytest.raises(TimeoutError):
            await wait_long()
        return asyncio.get_running_loop().time() - began_s

    assert run_virtually(measure()) == pytest.approx(7200)
    assert ran == list(range(50))


async def _wait_for_ever() -> None:
    await asyncio.Event().wait()


async def _spin() -> None:
    while True:  # noqa: ASYNC110 - a loop that waits for nothing is what is tried
        await asyncio.sleep(0)


@pytest.mark.parametrize("stuck", [_wait_for_ever, _spin])
def test_a_run_that_is_stuck_ends(stuck: object) -> None:
    assert callable(stuck)
    with pytest.raises(StuckError):
        run_virtually(stuck())
