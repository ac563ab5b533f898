"""One backup is one .tar.gz: the manifest, and the database as its own tool wrote it."""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from taskwire.adapters.backup.errors import BackupError

FORMAT = 1
MANIFEST = "manifest.json"
MANIFEST_BYTES_MAX = 64 * 1024
READ_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Contents:
    """What was copied, all of one moment."""

    schema: str
    epoch: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Manifest:
    """`member` is the database's file in the archive; `sha256` is that of its bytes."""

    taskwire: str
    made_at: str
    database: str
    contents: Contents
    member: str
    sha256: str
    format: int = FORMAT


def write_archive(path: Path, manifest: Manifest, database: Path) -> None:
    """Write aside and move into place: a file of that name is a whole backup, or is not there."""
    draft = path.with_name(f".{path.name}.part")
    try:
        with tarfile.open(draft, "w:gz", compresslevel=6) as archive:
            said = draft.with_suffix(".manifest")
            said.write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")
            archive.add(said, MANIFEST)
            said.unlink()
            archive.add(database, manifest.member)
        draft.chmod(0o600)
        draft.replace(path)
    except OSError as error:
        raise BackupError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def opened_archive(path: Path) -> Iterator[tuple[Manifest, Path]]:
    """Unpack into a temporary folder, and believe it only when its checksum is right."""
    with tempfile.TemporaryDirectory(prefix="taskwire-restore-") as folder:
        try:
            with tarfile.open(path, "r:gz") as archive:
                manifest = _manifest(archive)
                database = Path(folder) / "database"
                with database.open("wb") as target:
                    shutil.copyfileobj(_member(archive, manifest.member), target, READ_BYTES)
        except (OSError, EOFError, tarfile.TarError, KeyError, TypeError, ValueError) as error:
            raise BackupError(f"{path} is no whole backup of Taskwire ({error})") from error
        if sha256_of(database) != manifest.sha256:
            raise BackupError(f"{path} is damaged: its checksum is not the one it was made with")
        yield manifest, database


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _manifest(archive: tarfile.TarFile) -> Manifest:
    said = json.loads(_member(archive, MANIFEST).read(MANIFEST_BYTES_MAX))
    if said["format"] != FORMAT:
        raise ValueError(f"format {said['format']}: a newer Taskwire made it")
    return Manifest(**{**said, "contents": Contents(**said["contents"])})


def _member(archive: tarfile.TarFile, name: str) -> tarfile.ExFileObject:
    """By its name alone: nothing in an archive is ever written where it wants to be."""
    found = archive.extractfile(name)
    if found is None:
        raise ValueError(f"{name} is no file")
    return found  # type: ignore[return-value]
