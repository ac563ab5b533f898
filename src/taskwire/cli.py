"""The command line. Each command reads the settings, and calls one thing.

Modules are imported where they are used: `up` stays small for its whole life, and `--help` answers
at once.
"""

# ruff: noqa: PLC0415 - see above
from __future__ import annotations

import asyncio
import csv
import os
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TextIO, TypeVar

import typer

from taskwire.adapters.processes.errors import (
    EXIT_FIX_FIRST,
    EXIT_TRY_LATER,
    MIGRATE_SPEAKS,
    CannotStart,
)

if TYPE_CHECKING:
    from taskwire.bootstrap.admin import Admin
    from taskwire.settings import Settings

app = typer.Typer(
    help="Taskwire: a task manager in which every change is on every screen at once.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
users = typer.Typer(help="Make, list and remove people.", no_args_is_help=True)
app.add_typer(users, name="users")

SESSIONS_NOTICED_S = 2.0
"""Every process asks once a second which sign-ins have ended."""

PATIENCE_S = 2.0

Result = TypeVar("Result")
Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]
PasswordFromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from the first line of stdin.")
]


def main() -> None:
    """The one place where trouble becomes a line on stderr and an exit code."""
    os.umask(0o077)  # the database and its journals are as private as the secrets
    try:
        with _said_in_one_line():
            app()
    except KeyboardInterrupt:
        sys.exit(130)


@app.command()
def up() -> None:
    """Start everything on this machine: database, Redis, worker, and the page."""
    from taskwire.adapters.processes.completion import complete
    from taskwire.adapters.processes.open_files import raise_open_files_limit
    from taskwire.adapters.processes.up import Wishes, run_up

    settings = _read_settings()
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


@app.command()
def serve() -> None:
    """Serve REST, sockets and the page; nothing else."""
    from taskwire.adapters.processes.open_files import raise_open_files_limit

    settings = _prepare("serve")
    raise_open_files_limit()
    from taskwire.bootstrap.serving import serve as serve_until_told

    sys.exit(serve_until_told(settings))


@app.command()
def worker(
    *,
    beat: Annotated[bool, typer.Option(help="Also send the periodic tasks.")] = False,
    concurrency: Annotated[int | None, typer.Option(min=1, help="How many jobs at once.")] = None,
) -> None:
    """Do the background work."""
    settings = _prepare("worker")
    _require_redis(settings)
    from taskwire.adapters.jobs.worker import WorkerShape, run_worker
    from taskwire.adapters.processes.parent_death import die_with_parent
    from taskwire.bootstrap.admin import wait_for_schema
    from taskwire.bootstrap.worker import open_worker

    wait_for_schema(settings)
    shape = WorkerShape(concurrency or settings.worker_concurrency, beat, settings.worker_stop_s)
    sys.exit(run_worker(settings, lambda: open_worker(settings), shape, die_with_parent))


@app.command()
def beat() -> None:
    """Send the periodic tasks; a second one does no harm."""
    settings = _prepare("beat")
    _require_redis(settings)
    from taskwire.adapters.jobs.worker import run_beat
    from taskwire.bootstrap.admin import wait_for_schema

    wait_for_schema(settings)
    sys.exit(run_beat(settings))


@app.command()
def migrate() -> None:
    """Bring the database to this version's schema."""
    settings = _prepare("migrate")
    from taskwire.bootstrap.admin import migrate as run_migrations

    with _told_when_it_takes_long(settings):
        run_migrations(settings)


@app.command()
def watch(
    url: Annotated[str, typer.Option(help="Where Taskwire answers.")] = "http://localhost:8000",
    email: Annotated[str, typer.Option(envvar="TASKWIRE_EMAIL", help="Whose events.")] = "",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="The frames as they come.")] = False,
    password_stdin: PasswordFromStdin = False,
) -> None:
    """Print a person's live events. The password may be in TASKWIRE_PASSWORD."""
    from rich.console import Console

    from taskwire.adapters.watch.account import Account, SignInRefused
    from taskwire.adapters.watch.client import StaysAway, follow
    from taskwire.adapters.watch.printing import Printer

    email = email or typer.prompt("E-mail", err=True)
    password = os.environ.get("TASKWIRE_PASSWORD", "")
    password = password or _password(from_stdin=password_stdin, is_new=False)
    printer = Printer(Console(), as_json=as_json)

    async def run() -> None:
        async with Account(url.rstrip("/"), email, password) as account:
            await follow(account, url, printer.frame, printer.notice)

    try:
        asyncio.run(run())
    except (SignInRefused, StaysAway) as refusal:
        _fail(str(refusal), 1)
    except KeyboardInterrupt:
        pass  # it is how one stops watching


@users.command("add")
def users_add(
    email: Annotated[str, typer.Argument(help="Not needed with --bulk.")] = "",
    name: Annotated[
        str, typer.Option(help="What others see; the e-mail's first part if left out.")
    ] = "",
    *,
    bulk: Annotated[
        str,
        typer.Option(metavar="FILE", help="Many at once: lines email,name,password; - is stdin."),
    ] = "",
    password_stdin: PasswordFromStdin = False,
) -> None:
    """Add a person, or many."""
    if bulk:
        rows = _read_people(bulk)
        _as_admin(lambda admin: admin.add_people(rows))
        print(f"{len(rows)} people added")
        return
    if not email:
        raise typer.BadParameter("an e-mail address, or --bulk")
    password = _password(from_stdin=password_stdin, is_new=True)
    person_id = _as_admin(
        lambda admin: admin.add_person(email, name or email.partition("@")[0], password)
    )
    print(f"{email} is person {person_id}")


@users.command("list")
def users_list() -> None:
    """List all people."""
    from rich.console import Console
    from rich.table import Table

    table = Table("id", "e-mail", "name", "since", box=None)
    for person in _as_admin(lambda admin: admin.list_people()):
        table.add_row(str(person.id), person.email, person.name, f"{person.created_at:%Y-%m-%d}")
    Console().print(table, markup=False)


@users.command("delete")
def users_delete(
    email: Email, *, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False
) -> None:
    """Delete a person with everything of theirs, and close their sockets."""
    if not yes:
        typer.confirm(f"Delete {email} with all tasks? This cannot be undone", abort=True)
    _as_admin(lambda admin: admin.delete_person(email), waits=True)
    print(f"{email} is deleted and signed out everywhere")


@users.command("set-password")
def users_set_password(email: Email, *, password_stdin: PasswordFromStdin = False) -> None:
    """Give a person a new password."""
    password = _password(from_stdin=password_stdin, is_new=True)
    _as_admin(lambda admin: admin.set_password(email, password), waits=True)
    print(f"{email} has a new password, and has to sign in with it everywhere")


@users.command("sign-out")
def users_sign_out(email: Email) -> None:
    """End all sign-ins of a person, and close their sockets."""
    _as_admin(lambda admin: admin.sign_out_everywhere(email), waits=True)
    print(f"{email} is signed out everywhere")


def _as_admin(act: Callable[[Admin], Awaitable[Result]], *, waits: bool = False) -> Result:
    settings = _prepare("users")
    from taskwire.bootstrap.admin import open_admin

    async def run() -> Result:
        async with open_admin(settings) as admin:
            result = await act(admin)
        if waits:
            await asyncio.sleep(SESSIONS_NOTICED_S)
        return result

    return asyncio.run(run())


def _prepare(process: str) -> Settings:
    """The settings, complete, and logs that may be written to from here on."""
    from taskwire.adapters.processes.completion import complete
    from taskwire.logs import configure_logs

    settings = _read_settings()
    configure_logs(process, settings.log_level)
    complete(settings)
    return settings


def _read_settings() -> Settings:
    from pydantic import ValidationError

    from taskwire.adapters.jobs.broker_url import BadRedisUrl, broker_from
    from taskwire.settings import Settings

    try:
        settings = Settings()
        if settings.redis_url:
            broker_from(settings.redis_url)  # now, and not when the first job is sent
    except BadRedisUrl as error:
        raise CannotStart(str(error)) from error
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise CannotStart(f"the setting {name} is wrong: {first['msg']}") from error
    except OSError as error:
        raise CannotStart(f"{error.filename} cannot be read: {error.strerror}") from error
    return settings


def _require_redis(settings: Settings) -> None:
    """Beside a running `up` its Redis is used; alone, a worker without one would wait for ever."""
    from taskwire.adapters.processes.data_folder import DataFolder

    if os.environ.get("REDIS_URL") or os.environ.get("REDIS_URL_FILE"):
        return
    if not DataFolder(settings.taskwire_data_dir).redis_socket.exists():
        message = "there is no Redis here: set REDIS_URL, or start everything with `taskwire up`"
        raise CannotStart(message, may_pass=True)


def _password(*, from_stdin: bool, is_new: bool) -> str:
    """Never from the command line: everybody on the machine can read that."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=is_new, err=True))


def _read_people(source: str) -> list[tuple[str, str, str]]:
    with _opened(source) as file:
        rows = [(number, row) for number, row in enumerate(csv.reader(file), 1) if row]
    for number, row in rows:
        if len(row) != 3:  # noqa: PLR2004 - email, name, password
            _fail(f"line {number} of {source} is not email,name,password", 1)
    return [(email.strip(), name.strip(), password) for _, (email, name, password) in rows]


@contextmanager
def _opened(source: str) -> Iterator[TextIO]:
    if source == "-":
        yield sys.stdin
        return
    try:
        with Path(source).open(encoding="utf-8", newline="") as file:
            yield file
    except (OSError, UnicodeDecodeError) as error:
        _fail(f"{source} cannot be read: {error}", 1)


@contextmanager
def _said_in_one_line() -> Iterator[None]:
    """Expected trouble needs no traceback; the rest keeps it, because it is a fault of ours."""
    from taskwire.domain.errors import RefusedError, UnavailableError

    try:
        yield
    except CannotStart as trouble:
        _fail(str(trouble), trouble.exit_code)
    except UnavailableError:
        line = "the database does not answer: see that it runs, and check DATABASE_URL"
        _leave_with_database_trouble(line, EXIT_TRY_LATER)
    except RefusedError as trouble:
        _fail(trouble.message, 1)
    except Exception as trouble:
        exit_code = _exit_code_of_schema_trouble(trouble)
        if exit_code is None:
            raise
        _leave_with_database_trouble(str(trouble), exit_code)


def _leave_with_database_trouble(line: str, exit_code: int) -> NoReturn:
    """Under `up` all processes meet the same trouble at once, and `migrate` speaks for them."""
    if os.environ.get(MIGRATE_SPEAKS):
        sys.exit(exit_code)
    _fail(line, exit_code)


def _exit_code_of_schema_trouble(trouble: Exception) -> int | None:
    """Asked late, because the module takes a second to load, and what raises it has loaded it."""
    from taskwire.adapters.database.schema import SchemaMissingError, SchemaNewerError

    if isinstance(trouble, SchemaNewerError):
        return EXIT_FIX_FIRST
    return EXIT_TRY_LATER if isinstance(trouble, SchemaMissingError) else None


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


def _fail(message: str, exit_code: int) -> NoReturn:
    print(f"taskwire: {message}", file=sys.stderr, flush=True)
    sys.exit(exit_code)


if __name__ == "__main__":
    main()
