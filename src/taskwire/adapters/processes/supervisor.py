"""Keeps the children of `taskwire up` alive, and ends them in order. One thread, no event loop.

    start in order ──► watch: died ──► RestartPolicy ──► start again, or end everything
                         │ a signal
                         ▼
    stop one after the other: ask, wait a bounded time, kill

It has one thread because the kernel binds a child's life to the thread that forked it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from taskwire.adapters.processes.bell import Bell
from taskwire.adapters.processes.child import Child, ChildPlan
from taskwire.adapters.processes.errors import EXIT_FIX_FIRST, EXIT_TRY_LATER
from taskwire.adapters.processes.restart_policy import GiveUp, Restart

TURN_S = 1.0
KILLED_WAIT_S = 2.0
HURRIED_WAIT_S = 0.5


class Supervisor:
    """`say` gets one readable line for each thing a person may want to know."""

    def __init__(self, bell: Bell, say: Callable[[str], None]) -> None:
        self._bell = bell
        self._say = say
        self._children: list[Child] = []
        self._failure: int | None = None

    @property
    def is_ending(self) -> bool:
        return self._failure is not None or self._bell.stops_asked > 0

    def start(self, plan: ChildPlan) -> None:
        child = Child(plan)
        self._children.append(child)
        child.start(time.monotonic())

    def wait_until(self, is_true: Callable[[], bool], timeout_s: float, every_s: float) -> bool:
        """Watch the children until something holds; False at the time limit or when all ends."""
        deadline_s = time.monotonic() + timeout_s
        while not is_true():
            if self.is_ending or time.monotonic() >= deadline_s:
                return False
            self._turn(every_s)
        return True

    def watch(self) -> None:
        """Return when a signal or a child that cannot live asks for the end."""
        while not self.is_ending:
            self._turn(TURN_S)

    def stop(self, order: Sequence[str]) -> int:
        """End all, by their names in this order; returns the exit code of the whole."""
        for child in sorted(self._children, key=lambda child: order.index(child.plan.name)):
            self._stop(child)
        return self._failure or 0

    def fail(self, message: str, exit_code: int = 1) -> None:
        """Ask for the end because of trouble; the first trouble is the one that counts."""
        if self._failure is not None:
            return
        self._failure = exit_code
        if message:
            self._say(message)

    def _turn(self, timeout_s: float) -> None:
        self._bell.wait(min(timeout_s, self._next_start_in_s()))
        for child in self._children:
            if self.is_ending:
                return
            self._look_after(child)
            if child.plan.runs_once and not child.is_done:
                return  # who was started after it may die of the same trouble: its word comes first

    def _next_start_in_s(self) -> float:
        due = [child.starts_again_s for child in self._children if child.starts_again_s is not None]
        return min(due) - time.monotonic() if due else TURN_S

    def _look_after(self, child: Child) -> None:
        if child.is_done or child.is_running:
            return
        if child.starts_again_s is None:
            self._bury(child)
        elif time.monotonic() >= child.starts_again_s:
            child.start(time.monotonic())

    def _bury(self, child: Child) -> None:
        assert child.process is not None, "a child is started before it is looked after"
        code, name = child.process.returncode, child.plan.name
        if child.plan.runs_once:
            child.is_done = True
            if code != 0:
                self.fail(_unless_told(code, f"{name} {_ended(code)}"), code if code > 0 else 1)
            return
        now_s = time.monotonic()
        match child.policy.died(code, now_s - child.started_s):
            case Restart(delay_s):
                self._say(f"{name} {_ended(code)}; it starts again in {delay_s:.1f} s")
                child.starts_again_s = now_s + delay_s
            case GiveUp(reason):
                self.fail(f"{name} {_ended(code)}: {reason}", code if code > 0 else 1)

    def _stop(self, child: Child) -> None:
        child.starts_again_s = None
        if not child.is_running:
            return
        child.ask_to_stop()
        if not self._ends_within(child, child.plan.stop_wait_s):
            self._say(f"{child.plan.name} did not stop when asked; it is killed")
            child.kill()
            self._ends_within(child, KILLED_WAIT_S)

    def _ends_within(self, child: Child, wait_s: float) -> bool:
        """A second Ctrl-C hurries: from then on each child gets half a second."""
        asked_s = time.monotonic()
        while child.is_running:
            limit_s = min(wait_s, HURRIED_WAIT_S) if self._bell.stops_asked > 1 else wait_s
            left_s = asked_s + limit_s - time.monotonic()
            if left_s <= 0:
                return False
            self._bell.wait(left_s)
        return True


def _ended(code: int) -> str:
    return f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"


def _unless_told(code: int, message: str) -> str:
    """These codes mean that the child has said in its own words what to fix."""
    return "" if code in {EXIT_FIX_FIRST, EXIT_TRY_LATER} else message
