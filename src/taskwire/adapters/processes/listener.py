"""The one listening socket. `up` opens it and hands it to `serve`, and keeps it open itself.

So a busy port is known before anything is started, and while `serve` is restarted a browser's
connection waits in the queue for half a second instead of being refused.
"""

from __future__ import annotations

import errno
import socket

from taskwire.adapters.processes.errors import CannotStart

CONNECTIONS_WAITING_MAX = 2048


def listening_socket(host: str, port: int, inherited_fd: int | None = None) -> socket.socket:
    """The socket that `up` handed over, otherwise a new one. Port 0: any free port."""
    if inherited_fd is not None:
        return socket.socket(fileno=inherited_fd)
    return open_listener(host, port)


def open_listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(CONNECTIONS_WAITING_MAX)
    except OSError as error:
        listener.close()
        raise CannotStart(_what_to_fix(error, host, port)) from error
    return listener


def address_of(listener: socket.socket) -> tuple[str, int]:
    """Where a program on this machine reaches the listener, also when it listens everywhere."""
    host, port = listener.getsockname()[:2]
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port  # noqa: S104 - it reads, not binds


def _what_to_fix(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is taken by another program: stop it, or set PORT"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"port {port} may not be opened by this user: set PORT to one above 1023"
    return f"HOST {host} is not an address of this machine ({error.strerror or error})"
