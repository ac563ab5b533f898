"""The folder that holds what must survive: the database, the secrets, and a lock for `up`.

Secrets are made once and never have a default: a constant that ships with the code is known to
everybody who can read it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from taskwire.adapters.processes.errors import CannotStart

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
SECRET_BYTES = 48
SECRET_LENGTH_MIN = 43
"""Characters of 32 bytes in base64; what is shorter was cut off."""
SOCKET_PATH_BYTES_MAX = 100
"""The kernel's limit is 107 bytes on Linux and 103 on macOS."""


def any_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


class DataFolder:
    """Makes the folder when it is missing; a folder that cannot be used raises `CannotStart`."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()
        with self._explained():
            if not self.path.exists():
                self.path.mkdir(mode=PRIVATE_FOLDER, parents=True)
            probe, name = tempfile.mkstemp(dir=self.path, prefix=".probe-")
            os.close(probe)
            Path(name).unlink()

    def lock(self) -> FolderLock:
        """Hold the folder for one `taskwire up`; raises `CannotStart` naming who holds it."""
        with self._explained():
            descriptor = os.open(self.path / "up.lock", os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
        return FolderLock(descriptor, self.path)

    def secret(self, name: str, make: Callable[[], str] = any_secret) -> str:
        """The secret of that name, made now if it is the first time anybody asks."""
        path = self.path / name
        with self._explained(), self._one_at_a_time():
            if not path.exists():
                self._write_atomically(path, make())
            value = path.read_text(encoding="utf-8").strip()
        if len(value) < SECRET_LENGTH_MIN:
            message = f"the secret in {path} is damaged: restore it, or delete it to get a new one"
            raise CannotStart(message)
        return value

    def keep(self, name: str, value: str) -> None:
        """Write a file that holds a secret, unless it is there already."""
        with self._explained(), self._one_at_a_time():
            if not (self.path / name).exists():
                self._write_atomically(self.path / name, value)

    @property
    def redis_socket(self) -> Path:
        """Where the embedded Redis listens: here, unless the path is too long for a socket."""
        path = self.path / "redis.sock"
        if len(os.fsencode(path)) <= SOCKET_PATH_BYTES_MAX:
            return path
        return self._short_private_folder() / "redis.sock"

    def _short_private_folder(self) -> Path:
        """The same folder for the same data each time, so that every process finds it.

        Its name can be guessed, so somebody else may have made it first to listen in: then refuse.
        """
        digest = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:12]
        base = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
        folder = base / f"taskwire-{os.getuid()}-{digest}"
        with self._explained():
            folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
            found = folder.lstat()
        is_ours = found.st_uid == os.getuid() and not found.st_mode & 0o077
        if not is_ours or folder.is_symlink():
            message = f"{folder} belongs to somebody else: set TASKWIRE_DATA_DIR to a shorter path"
            raise CannotStart(message)
        return folder

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        """Two processes that start together must agree on one secret."""
        descriptor = os.open(self.path / ".secrets.lock", os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _write_atomically(self, path: Path, value: str) -> None:
        """A reader sees the whole secret or none, also after a power cut."""
        descriptor, draft = tempfile.mkstemp(dir=self.path, prefix=f".{path.name}-")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(value + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(PRIVATE_FILE)
        Path(draft).replace(path)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            message = f"the data folder {self.path} cannot be used ({error.strerror}): "
            raise CannotStart(message + "set TASKWIRE_DATA_DIR to one you may write") from error


class FolderLock:
    """An flock: the kernel lets go of it however the holder dies. Children do not inherit it."""

    def __init__(self, descriptor: int, folder: Path) -> None:
        self._descriptor = descriptor
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            message = f"`taskwire up` already runs on {folder} as process {holder}: stop that first"
            raise CannotStart(message) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)
