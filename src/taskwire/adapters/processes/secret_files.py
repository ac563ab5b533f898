"""All secrets of one installation as files, for containers: made once, each where it is missing.

A password is in several forms: as PostgreSQL and Redis want to be told it, and as an address.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from taskwire.adapters.processes.completion import new_vapid_key
from taskwire.adapters.processes.data_folder import DataFolder

READ_ONLY = 0o400
REDIS_PORT = 6379


def make_secret_files(path: Path, *, database_host: str, redis_host: str) -> Sequence[str]:
    """The names of those that were made now; whoever runs this owns them, and nobody else reads.

    A host may be followed by its port.
    """
    folder = DataFolder(path)
    before = set(_names(path))
    folder.secret("secret_key")
    folder.secret("vapid_private_key", new_vapid_key)
    database, redis = folder.secret("database_password"), folder.secret("redis_password")
    folder.keep("database_url", f"postgresql://taskwire:{database}@{database_host}/taskwire")
    place = redis_host if ":" in redis_host else f"{redis_host}:{REDIS_PORT}"
    folder.keep("redis_url", f"redis://:{redis}@{place}/0")
    folder.keep("redis.conf", f"requirepass {redis}")
    for name in _names(path):
        (path / name).chmod(READ_ONLY)
    return sorted(set(_names(path)) - before)


def _names(path: Path) -> list[str]:
    return [file.name for file in path.iterdir() if not file.name.startswith(".")]
