"""`taskwire secrets`: what containers read by `…_FILE`."""

# ruff: noqa: PLC0415 - imported where it is used: see the package
from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def secrets(
    folder: Annotated[Path, typer.Argument(help="Made if it is missing.")],
    *,
    database_host: Annotated[
        str, typer.Option(help="Where PostgreSQL will answer, host or host:port.")
    ] = "db",
    redis_host: Annotated[str, typer.Option(help="Where Redis will answer, likewise.")] = "redis",
) -> None:
    """Make each secret that is missing in a folder, as files that only their owner can read."""
    from taskwire.adapters.processes.secret_files import make_secret_files

    made = make_secret_files(folder, database_host=database_host, redis_host=redis_host)
    print(f"made in {folder}: {', '.join(made) or 'nothing, all are there'}")
