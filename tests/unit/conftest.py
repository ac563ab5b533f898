"""Unit tests decide in memory, and in little of it: no network, no endless lists."""

import resource
import socket
from collections.abc import Iterator
from typing import NoReturn

import pytest

_REACHING_OUT = ("bind", "connect", "connect_ex", "sendto")
# A loop that never ends fills a machine of 23 GB within a minute, and the kernel then ends
# whatever it likes. Here the test itself gets a MemoryError long before.
_MEMORY_BYTES_MAX = 4 * 1024**3


@pytest.fixture(autouse=True, scope="module")
def bounded_memory() -> Iterator[None]:
    """Bound what this process may take, and give it back for the tests of other folders."""
    before = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY_BYTES_MAX, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_DATA, before)


@pytest.fixture(autouse=True)
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse addresses; the loop's own pair of sockets has none and stays allowed."""
    for name in _REACHING_OUT:
        monkeypatch.setattr(socket.socket, name, _refuse)
    monkeypatch.setattr(socket, "getaddrinfo", _refuse)


def _refuse(*_arguments: object, **_options: object) -> NoReturn:
    message = "a unit test opened a socket: move it to tests/integration, or pass it a fake"
    raise AssertionError(message)
