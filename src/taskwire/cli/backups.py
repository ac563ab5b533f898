"""`taskwire backup` and `taskwire restore`."""

# ruff: noqa: PLC0415 - imported where it is used: see the package
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from taskwire.cli.prepared import prepare
from taskwire.cli.trouble import fail

if TYPE_CHECKING:
    from taskwire.adapters.backup.archive import Manifest


def backup(
    file: Annotated[
        Path | None, typer.Argument(help="What to write; a name with the time if left out.")
    ] = None,
) -> None:
    """Copy the database into one file, while everything runs, and check the copy."""
    settings = prepare("backup")
    from taskwire.bootstrap.backing_up import back_up

    path = file or Path(f"taskwire-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}.tar.gz")
    with _explained():
        manifest = back_up(settings, path)
    print(f"{path} ({path.stat().st_size / 1e6:.1f} MB) holds {_told(manifest)}")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `taskwire backup` wrote.")],
    *,
    force: Annotated[bool, typer.Option(help="Replace a database that holds people.")] = False,
    verify_only: Annotated[bool, typer.Option(help="Check the file and change nothing.")] = False,
) -> None:
    """Put a backup in place of the database. Everybody signs in anew and takes a new snapshot."""
    settings = prepare("restore")
    from taskwire.bootstrap.backing_up import restore as put_in_place
    from taskwire.bootstrap.backing_up import verify

    with _explained():
        if verify_only:
            print(f"{file} is good: {_told(verify(file))}")
            return
        manifest = put_in_place(settings, file, replaces=force)
    print(f"restored: {_told(manifest)}")
    print("the log has a new epoch, and all sign-ins have ended")


def _told(manifest: Manifest) -> str:
    counts = manifest.contents.counts
    return (
        f"{counts['people']} people, {counts['tasks']} tasks and {counts['events']} events,"
        f" made {manifest.made_at[:19]}Z by Taskwire {manifest.taskwire},"
        f" schema {manifest.contents.schema}"
    )


@contextmanager
def _explained() -> Iterator[None]:
    from taskwire.adapters.backup.errors import BackupError

    try:
        yield
    except BackupError as trouble:
        fail(str(trouble), 1)
