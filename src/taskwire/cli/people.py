"""`taskwire users`: people, administered by whoever may read the settings."""

# ruff: noqa: PLC0415 - imported where it is used: see the package
from __future__ import annotations

import asyncio
import csv
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO, TypeVar

import typer

from taskwire.cli.passwords import PasswordFromStdin, read_password
from taskwire.cli.prepared import prepare
from taskwire.cli.trouble import fail

if TYPE_CHECKING:
    from taskwire.bootstrap.admin import Admin

users = typer.Typer(help="Make, list and remove people.", no_args_is_help=True)

SESSIONS_NOTICED_S = 2.0
"""Every process asks once a second which sign-ins have ended."""

Result = TypeVar("Result")
Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]


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
        rows = read_people(bulk)
        _as_admin(lambda admin: admin.add_people(rows))
        print(f"{len(rows)} people added")
        return
    if not email:
        raise typer.BadParameter("an e-mail address, or --bulk")
    password = read_password(from_stdin=password_stdin, is_new=True)
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
    password = read_password(from_stdin=password_stdin, is_new=True)
    _as_admin(lambda admin: admin.set_password(email, password), waits=True)
    print(f"{email} has a new password, and has to sign in with it everywhere")


@users.command("sign-out")
def users_sign_out(email: Email) -> None:
    """End all sign-ins of a person, and close their sockets."""
    _as_admin(lambda admin: admin.sign_out_everywhere(email), waits=True)
    print(f"{email} is signed out everywhere")


def _as_admin(act: Callable[[Admin], Awaitable[Result]], *, waits: bool = False) -> Result:
    settings = prepare("users")
    from taskwire.bootstrap.admin import open_admin

    async def run() -> Result:
        async with open_admin(settings) as admin:
            result = await act(admin)
        if waits:
            await asyncio.sleep(SESSIONS_NOTICED_S)
        return result

    return asyncio.run(run())


def read_people(source: str) -> list[tuple[str, str, str]]:
    with _opened(source) as file:
        rows = [(number, row) for number, row in enumerate(csv.reader(file), 1) if row]
    for number, row in rows:
        if len(row) != 3:  # noqa: PLR2004 - email, name, password
            fail(f"line {number} of {source} is not email,name,password", 1)
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
        fail(f"{source} cannot be read: {error}", 1)
