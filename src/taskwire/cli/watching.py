"""`taskwire watch`: a person's live events, from outside."""

# ruff: noqa: PLC0415 - imported where it is used: see the package
from __future__ import annotations

import asyncio
import os
from typing import Annotated

import typer

from taskwire.cli.passwords import PasswordFromStdin, read_password
from taskwire.cli.trouble import fail


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
    password = password or read_password(from_stdin=password_stdin, is_new=False)
    printer = Printer(Console(), as_json=as_json)

    async def run() -> None:
        async with Account(url.rstrip("/"), email, password) as account:
            await follow(account, url, printer.frame, printer.notice)

    try:
        asyncio.run(run())
    except (SignInRefused, StaysAway) as refusal:
        fail(str(refusal), 1)
    except KeyboardInterrupt:
        pass  # it is how one stops watching
