"""A database as whoever steals it has it: the bytes of the file, or what pg_dump writes."""

import subprocess
from pathlib import Path

from tooling.servers import postgresql as source


def dumped(url: str) -> bytes:
    if not url.startswith("sqlite:///"):
        binaries = source.find_binaries()
        assert binaries is not None, "the database runs from there"
        return subprocess.run(
            [binaries / "pg_dump", f"--dbname={url}"], check=True, capture_output=True
        ).stdout
    file = Path(url.removeprefix("sqlite:///"))
    return b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))


def shows(dump: bytes, secret: str) -> bool:
    """In clear, or as PostgreSQL writes bytes: a secret in a column of bytes is no more hidden."""
    return secret.encode() in dump or secret.encode().hex().encode() in dump
