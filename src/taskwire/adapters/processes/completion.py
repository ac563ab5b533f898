"""Fills in what was not set, the same way in every process: each finds the same files.

So `up` passes no secret to its children at all, and a `taskwire serve` beside it joins in.
"""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path
from typing import Protocol

from taskwire.adapters.processes.data_folder import DataFolder
from taskwire.adapters.processes.embedded_redis import redis_url
from taskwire.adapters.processes.errors import CannotStart

SECRET_KEY_FILE = "secret_key"  # noqa: S105 - a file name
REDIS_PASSWORD_FILE = "redis_password"  # noqa: S105 - a file name
VAPID_FILE = "vapid_private_key"
DATABASE_FILE = "taskwire.db"
SECRET_BYTES_MIN = 32

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""A private key of the curve is a number from 1 to one less than this (SEC 2, 2.4.2)."""


class Incomplete(Protocol):
    """The settings whose default is found in the data folder."""

    taskwire_data_dir: Path
    secret_key: str
    database_url: str
    redis_url: str
    vapid_private_key: str


def complete(settings: Incomplete) -> None:
    """What the environment says stays. Raises `CannotStart` for a secret that can be guessed.

    The folder is touched only when something is missing: a container that is given everything may
    have no disk to write to.
    """
    if not (settings.secret_key and settings.database_url and settings.redis_url):
        _from_folder(settings, DataFolder(settings.taskwire_data_dir))
    _check_database_place(settings.database_url)
    for key in settings.secret_key.split(","):
        if len(key.strip().encode()) < SECRET_BYTES_MIN:
            message = f"SECRET_KEY must have at least {SECRET_BYTES_MIN} bytes: "
            raise CannotStart(message + "make one with `openssl rand -base64 48`")


def _from_folder(settings: Incomplete, folder: DataFolder) -> None:
    if not settings.secret_key:
        settings.secret_key = folder.secret(SECRET_KEY_FILE)
    if not settings.database_url:
        settings.database_url = f"sqlite:///{folder.path / DATABASE_FILE}"
    if not settings.redis_url:
        password = folder.secret(REDIS_PASSWORD_FILE)
        settings.redis_url = redis_url(folder.redis_socket, password)
    if not settings.vapid_private_key:
        settings.vapid_private_key = folder.secret(VAPID_FILE, new_vapid_key)


def new_vapid_key() -> str:
    number = 1 + secrets.randbelow(P256_ORDER - 1)
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()


def _check_database_place(url: str) -> None:
    """Told now: to the database driver a missing folder looks like a server that may come back."""
    if not url.startswith("sqlite:"):
        return
    folder = Path(url.partition("://")[2].removeprefix("/") or ".").parent
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise CannotStart(f"{folder} of DATABASE_URL is no folder that may be written to")
