"""The commands that are processes: up, serve, worker, beat, migrate."""

# ruff: noqa: PLC0415 - imported where it is used: see the package
from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from taskwire.cli.prepared import prepare, read_settings, require_redis

if TYPE_CHECKING:
    from taskwire.settings import Settings

PATIENCE_S = 2.0


def up() -> None:
    """Start everything on this machine: database, Redis, worker, and the page."""
    from taskwire.adapters.processes.completion import complete
    from taskwire.adapters.processes.open_files import raise_open_files_limit
    from taskwire.adapters.processes.up import Wishes, run_up

    settings = read_settings()
    has_own_redis = not settings.redis_url
    complete(settings)
    raise_open_files_limit()
    wishes = Wishes(
        folder=settings.taskwire_data_dir,
        host=settings.host,
        port=settings.port,
        public_url=settings.public_url,
        has_own_redis=has_own_redis,
        serve_stop_s=settings.shutdown_timeout_s,
        worker_stop_s=settings.worker_stop_s,
        taskwire=[sys.executable, "-P", "-m", "taskwire.cli"],
    )
    sys.exit(run_up(wishes, lambda line: print(line, flush=True)))


def serve() -> None:
    """Serve REST, sockets and the page; nothing else."""
    from taskwire.adapters.processes.open_files import raise_open_files_limit

    settings = prepare("serve")
    raise_open_files_limit()
    from taskwire.bootstrap.serving import serve as serve_until_told

    sys.exit(serve_until_told(settings))


def worker(
    *,
    beat: Annotated[bool, typer.Option(help="Also send the periodic tasks.")] = False,
    concurrency: Annotated[int | None, typer.Option(min=1, help="How many jobs at once.")] = None,
) -> None:
    """Do the background work."""
    settings = prepare("worker")
    require_redis(settings)
    from taskwire.adapters.jobs.worker import WorkerShape, run_worker
    from taskwire.adapters.processes.parent_death import die_with_parent
    from taskwire.bootstrap.admin import wait_for_schema
    from taskwire.bootstrap.worker import open_worker

    wait_for_schema(settings)
    shape = WorkerShape(concurrency or settings.worker_concurrency, beat, settings.worker_stop_s)
    sys.exit(run_worker(settings, lambda: open_worker(settings), shape, die_with_parent))


def beat() -> None:
    """Send the periodic tasks; a second one does no harm."""
    settings = prepare("beat")
    require_redis(settings)
    from taskwire.adapters.jobs.worker import run_beat
    from taskwire.bootstrap.admin import wait_for_schema

    wait_for_schema(settings)
    sys.exit(run_beat(settings))


def migrate() -> None:
    """Bring the database to this version's schema."""
    settings = prepare("migrate")
    from taskwire.bootstrap.admin import migrate as run_migrations

    with _told_when_it_takes_long(settings):
        run_migrations(settings)


COMMANDS = (up, serve, worker, beat, migrate)


@contextmanager
def _told_when_it_takes_long(settings: Settings) -> Iterator[None]:
    import structlog

    log = structlog.get_logger("taskwire.cli")
    words = {"at_most_s": settings.database_wait_s, "set_by": "DATABASE_URL"}
    timer = threading.Timer(PATIENCE_S, log.warning, ["waiting_for_the_database"], words)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
