"""Passwords: typed, or from stdin."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

PasswordFromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from the first line of stdin.")
]


def read_password(*, from_stdin: bool, is_new: bool) -> str:
    """Never from the command line: everybody on the machine can read that."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=is_new, err=True))
