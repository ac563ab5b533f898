"""`taskwire up`: everything on one machine, by one command.

    lock the data folder ─► open the port ─► Redis ─► migrate │ serve ─► "open this page" ─► worker

`serve` loads its code while `migrate` works, and waits for its schema by itself. The worker comes
last, because on two cores a third process that loads code keeps the page back for a second.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from socket import socket

from taskwire.adapters.processes.bell import Bell
from taskwire.adapters.processes.child import ChildPlan
from taskwire.adapters.processes.completion import REDIS_PASSWORD_FILE
from taskwire.adapters.processes.data_folder import DataFolder
from taskwire.adapters.processes.embedded_redis import (
    redis_answers,
    redis_command,
    redis_configuration,
)
from taskwire.adapters.processes.errors import MIGRATE_SPEAKS
from taskwire.adapters.processes.listener import address_of, open_listener
from taskwire.adapters.processes.page_probe import PageProbe
from taskwire.adapters.processes.supervisor import Supervisor

REDIS_LOG_FILE = "redis.log"
REDIS_START_S = 5.0
PAGE_PATIENCE_S = 30.0
PAGE_LOOK_S = 0.25
ENDS_IN_ORDER = ("migrate", "serve", "worker", "redis")
"""Sockets are told to come back first; jobs end; and Redis carries their last words."""

STOP_MARGIN_S = 2.0
"""On top of what a child allows itself to stop in: it should end by itself, not be killed."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person asked of `up`. `taskwire` is the command line that runs a subcommand."""

    folder: Path
    host: str
    port: int
    public_url: str
    has_own_redis: bool
    serve_stop_s: float
    worker_stop_s: float
    taskwire: Sequence[str]


def run_up(wishes: Wishes, say: Callable[[str], None]) -> int:
    """Return the exit code when all has ended. Raises `CannotStart` before anything is started."""
    began_s = time.monotonic()
    folder = DataFolder(wishes.folder)
    lock = folder.lock()
    listener = open_listener(wishes.host, wishes.port)
    with Bell() as bell:
        supervisor = Supervisor(bell, say)
        try:
            _start(supervisor, wishes, folder, listener)
            if _wait_for_page(supervisor, bell, listener, say):
                say(f"ready in {time.monotonic() - began_s:.1f} s")
                say(_where_to_look(wishes, address_of(listener)[1]))
                supervisor.start(_worker(wishes, folder))
            supervisor.watch()
        finally:
            say("stopping …")
            listener.close()  # or a browser would wait in a queue that nobody serves any more
            exit_code = supervisor.stop(ENDS_IN_ORDER)
    lock.release()
    say("stopped")
    return exit_code


def _start(supervisor: Supervisor, wishes: Wishes, folder: DataFolder, listener: socket) -> None:
    if wishes.has_own_redis:
        _start_redis(supervisor, folder)
    for plan in (_migrate(wishes, folder), _serve(wishes, folder, listener)):
        if not supervisor.is_ending:
            supervisor.start(plan)


def _start_redis(supervisor: Supervisor, folder: DataFolder) -> None:
    path, password = folder.redis_socket, folder.secret(REDIS_PASSWORD_FILE)
    environment = {"TASKWIRE_DATA_DIR": str(folder.path)}  # nothing else: it needs none of ours
    log_path = folder.path / REDIS_LOG_FILE
    log_path.write_bytes(b"")  # what it said in an earlier life would grow without end
    stdin = redis_configuration(path, password, log_path)
    supervisor.start(ChildPlan("redis", redis_command(), environment, stdin, has_own_log=True))
    is_up = supervisor.wait_until(lambda: redis_answers(path, password), REDIS_START_S, 0.01)
    if not is_up and not supervisor.is_ending:
        supervisor.fail(f"redis did not answer within {REDIS_START_S:.0f} s: see {log_path}")


def _migrate(wishes: Wishes, folder: DataFolder) -> ChildPlan:
    command = [*wishes.taskwire, "migrate"]
    return ChildPlan("migrate", command, _environment(folder), runs_once=True)


def _serve(wishes: Wishes, folder: DataFolder, listener: socket) -> ChildPlan:
    port = listener.fileno()
    return ChildPlan(
        "serve",
        [*wishes.taskwire, "serve"],
        {**_environment(folder), "LISTEN_FD": str(port), MIGRATE_SPEAKS: "yes"},
        inherited_fds=(port,),
        stop_wait_s=wishes.serve_stop_s + STOP_MARGIN_S,
    )


def _worker(wishes: Wishes, folder: DataFolder) -> ChildPlan:
    command = [*wishes.taskwire, "worker", "--beat"]
    stop_wait_s = wishes.worker_stop_s + STOP_MARGIN_S
    return ChildPlan("worker", command, _environment(folder), stop_wait_s=stop_wait_s)


def _environment(folder: DataFolder) -> dict[str, str]:
    """No secret is in it: each child finds them in the folder, or has them from the person."""
    return {**os.environ, "TASKWIRE_DATA_DIR": str(folder.path)}


def _wait_for_page(
    supervisor: Supervisor, bell: Bell, listener: socket, say: Callable[[str], None]
) -> bool:
    """Without a limit: a migration of much data takes its time, and must not be cut short."""
    probe = PageProbe(bell, address_of(listener))
    try:
        is_up = supervisor.wait_until(probe.has_answered, PAGE_PATIENCE_S, PAGE_LOOK_S)
        if not is_up and not supervisor.is_ending:
            say(f"the page does not answer after {PAGE_PATIENCE_S:.0f} s; still starting …")
            is_up = supervisor.wait_until(probe.has_answered, math.inf, PAGE_LOOK_S)
    finally:
        probe.close()
    return is_up


def _where_to_look(wishes: Wishes, port: int) -> str:
    is_local = wishes.host in {"127.0.0.1", "::1", "localhost", "0.0.0.0", "::"}  # noqa: S104
    host = "localhost" if is_local else wishes.host
    page = wishes.public_url or f"http://{host}:{port}"
    return f"\n  Open   {page}\n  Data   {wishes.folder.expanduser().absolute()}\n  Stop   Ctrl-C\n"
