"""`taskwire doctor`."""

# ruff: noqa: PLC0415 - imported where it is used: see the package
from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from taskwire.cli.passwords import PasswordFromStdin, read_password
from taskwire.cli.prepared import prepare, read_settings
from taskwire.cli.trouble import fail

if TYPE_CHECKING:
    from taskwire.adapters.doctor.finding import Finding


def doctor(
    url: Annotated[str, typer.Option(help="The public address; PUBLIC_URL if left out.")] = "",
    email: Annotated[
        str, typer.Option(envvar="TASKWIRE_EMAIL", help="Look from outside alone, as this person.")
    ] = "",
    *,
    password_stdin: PasswordFromStdin = False,
) -> None:
    """Look at every part, open real sockets through the public address, and say what is wrong.

    Without --email it runs where the settings are, as a person whom it makes and removes. With it,
    from anywhere; the password may be in TASKWIRE_PASSWORD.
    """
    settings = read_settings() if email else prepare("doctor")
    address = (url or settings.public_url or f"http://localhost:{settings.port}").rstrip("/")
    if email:
        password = os.environ.get("TASKWIRE_PASSWORD", "")
        password = password or read_password(from_stdin=password_stdin, is_new=False)
    from taskwire.bootstrap.examining import Examination

    examination = Examination(settings, address)

    async def examine() -> list[Finding]:
        if email:
            return await examination.from_outside(await _token(address, email, password))
        return await examination.whole()

    _tell(asyncio.run(examine()))


async def _token(address: str, email: str, password: str) -> str:
    from taskwire.adapters.watch.account import Account, SignInRefused

    try:
        async with Account(address, email, password) as account:
            return await account.access_token()
    except (SignInRefused, OSError) as trouble:
        fail(f"nobody can sign in at {address}: {trouble}", 1)


def _tell(findings: list[Finding]) -> None:
    from taskwire.adapters.doctor.finding import Health

    for finding in findings:
        print(f"{finding.health} {finding.subject}: {finding.line}")
    if any(finding.health is Health.ILL for finding in findings):
        sys.exit(1)
