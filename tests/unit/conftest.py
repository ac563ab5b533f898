"""Unit tests decide in memory: one that reaches for the network has found the wrong folder."""

import socket
from typing import NoReturn

import pytest

_REACHING_OUT = ("bind", "connect", "connect_ex", "sendto")


@pytest.fixture(autouse=True)
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse addresses; the loop's own pair of sockets has none and stays allowed."""
    for name in _REACHING_OUT:
        monkeypatch.setattr(socket.socket, name, _refuse)
    monkeypatch.setattr(socket, "getaddrinfo", _refuse)


def _refuse(*_arguments: object, **_options: object) -> NoReturn:
    message = "a unit test opened a socket: move it to tests/integration, or pass it a fake"
    raise AssertionError(message)
