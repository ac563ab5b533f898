"""Runs Celery's worker and beat inside this process, and leaves no orphan behind.

Prefork leaves two kinds of children: the pool's, and the embedded beat. A worker killed with SIGKILL
used to leave its beat alive, sending on; so each child asks the kernel to die with us.
"""

from __future__ import annotations

import os
import signal
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass

from celery import Celery, signals

from taskwire.adapters.jobs.celery_app import make_celery
from taskwire.adapters.jobs.names import TICK
from taskwire.adapters.jobs.pool_process import PoolProcess
from taskwire.adapters.jobs.ports import JobSettings, OpenWorker
from taskwire.adapters.jobs.tasks import register_tasks

DieWithParent = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class WorkerShape:
    processes: int
    has_beat: bool
    stop_wait_s: float


def run_worker(
    settings: JobSettings, open_worker: OpenWorker, shape: WorkerShape, die: DieWithParent
) -> int:
    """Work until a signal; call it from the main thread."""
    celery, process = make_celery(settings), PoolProcess(open_worker)
    register_tasks(celery, process, settings)
    _connect(celery, process, shape, die)
    worker = celery.Worker(
        concurrency=shape.processes,
        beat=shape.has_beat,
        pool_cls="prefork",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
    )
    _silence_stdout()
    worker.start()
    return int(worker.exitcode or 0)


def run_beat(settings: JobSettings) -> int:
    _keep_our_logs()
    make_celery(settings).Beat(quiet=True, remote_control=False).run()
    return 0


def _connect(celery: Celery, process: PoolProcess, shape: WorkerShape, die: DieWithParent) -> None:
    """`weak=False`: these are closures, and a signal that holds them weakly forgets them at once."""
    worker_id = os.getpid()

    def on_pool_process(**_: object) -> None:
        die(worker_id)
        process.open()

    def on_beat(**_: object) -> None:
        die(worker_id)

    def on_pool_process_end(**_: object) -> None:
        process.close()

    def on_stop(how: str = "", **_: object) -> None:
        if how == "Warm":
            _lose_patience_after(shape.stop_wait_s)

    def on_ready(**_: object) -> None:
        celery.send_task(TICK)  # or the first sign of life would come with beat's first round

    signals.worker_ready.connect(on_ready, weak=False)
    signals.worker_process_init.connect(on_pool_process, weak=False)
    signals.worker_process_shutdown.connect(on_pool_process_end, weak=False)
    signals.beat_embedded_init.connect(on_beat, weak=False)
    signals.worker_shutting_down.connect(on_stop, weak=False)
    _keep_our_logs()


def _keep_our_logs() -> None:
    """Celery sets up logging of its own unless somebody answers this signal."""

    def already_set_up(**_: object) -> None:
        pass

    signals.setup_logging.connect(already_set_up, weak=False)
    # It warns of root because of pickle. We take JSON only, and in a container root is usual.
    warnings.filterwarnings("ignore", message=".*superuser privileges.*")


def _silence_stdout() -> None:
    """Celery greets and takes leave on stdout, past all logging: in plain words among our JSON.

    The descriptor stays open, because a closed one is given to the next connection.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def _lose_patience_after(wait_s: float) -> None:
    """A warm stop waits for the running job without limit, and a job may take ten minutes.

    SIGQUIT makes it cold: the job's message goes back, and another worker carries on from the
    place that the database knows.
    """
    timer = threading.Timer(wait_s, os.kill, args=(os.getpid(), signal.SIGQUIT))
    timer.daemon = True
    timer.start()
