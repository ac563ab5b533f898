"""One child of `taskwire up`: how it is started, and how it is asked, then made, to end."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from taskwire.adapters.processes.parent_death import dies_with_me
from taskwire.adapters.processes.restart_policy import RestartPolicy


@dataclass(frozen=True, slots=True)
class ChildPlan:
    """What to start. Secrets go in by `environment` or `stdin`: a command line is public."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    stdin: bytes = b""
    inherited_fds: tuple[int, ...] = ()
    stop_wait_s: float = 5.0
    runs_once: bool = False
    has_own_log: bool = False


@dataclass(slots=True)
class Child:
    plan: ChildPlan
    policy: RestartPolicy = field(default_factory=RestartPolicy)
    process: subprocess.Popen[bytes] | None = None
    started_s: float = 0.0
    starts_again_s: float | None = None
    is_done: bool = False

    def start(self, now_s: float) -> None:
        """Only from the main thread: see `parent_death`.

        A session of its own, because Ctrl-C in a terminal goes to the whole process group and the
        children must outlive it until the parent stops them in order.
        """
        self.starts_again_s = None
        self.started_s = now_s
        self.process = subprocess.Popen(
            self.plan.command,
            env=dict(self.plan.environment),
            stdin=subprocess.PIPE if self.plan.stdin else subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if self.plan.has_own_log else None,
            pass_fds=self.plan.inherited_fds,
            start_new_session=True,
            preexec_fn=dies_with_me(),  # noqa: PLW1509 - `up` has one thread
        )
        self._feed()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        if self.process is not None:
            self.process.terminate()

    def kill(self) -> None:
        """The child and what it has started: they are one session, so one group."""
        if self.process is not None and self.is_running:
            os.killpg(self.process.pid, signal.SIGKILL)

    def _feed(self) -> None:
        assert self.process is not None, "fed right after its start"
        if self.process.stdin is None:
            return
        try:
            self.process.stdin.write(self.plan.stdin)  # a few hundred bytes: the pipe takes them
            self.process.stdin.close()
        except BrokenPipeError:
            pass  # it died at once; the supervisor sees that by its exit code
