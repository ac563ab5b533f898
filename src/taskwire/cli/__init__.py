"""The command line. Each command reads the settings, and calls one thing.

Modules are imported where they are used: `up` stays small for its whole life, and `--help` answers
at once.
"""

from __future__ import annotations

import os
import sys

import typer

from taskwire.cli import backups, examination, people, processes, secret_files, watching
from taskwire.cli.trouble import said_in_one_line

app = typer.Typer(
    help="Taskwire: a task manager in which every change is on every screen at once.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    *processes.COMMANDS,
    backups.backup,
    backups.restore,
    examination.doctor,
    secret_files.secrets,
    watching.watch,
):
    app.command()(command)
app.add_typer(people.users, name="users")


def main() -> None:
    """The one place where trouble becomes a line on stderr and an exit code."""
    os.umask(0o077)  # the database and its journals are as private as the secrets
    try:
        with said_in_one_line():
            app()
    except KeyboardInterrupt:
        sys.exit(130)
