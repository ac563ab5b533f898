"""A name server that knows one name, as a container network's own does: all addresses of a service."""

import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

_ANSWER = 0x8180
_TYPE_A, _CLASS_IN = 1, 1
_TTL_S = 1
_HEADER = struct.Struct("!6H")
_RECORD = struct.Struct("!3HIH4s")
# An answer's name is that of the question, which begins right after the header.
_SAME_NAME = 0xC000 | _HEADER.size
_END = b"end"


@contextmanager
def name_server(addresses: Sequence[str]) -> Iterator[int]:
    """Answer each question for an IPv4 address with these; yields the UDP port on 127.0.0.1."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_serve, args=(listener, addresses))
        thread.start()
        yield listener.getsockname()[1]
        listener.sendto(_END, listener.getsockname())
        thread.join()


def _serve(listener: socket.socket, addresses: Sequence[str]) -> None:
    while True:
        question, client = listener.recvfrom(512)
        if question == _END:
            return
        listener.sendto(_answer(question, addresses), client)


def _answer(question: bytes, addresses: Sequence[str]) -> bytes:
    number = _HEADER.unpack_from(question)[0]
    header = _HEADER.pack(number, _ANSWER, 1, len(addresses), 0, 0)
    records = (
        _RECORD.pack(_SAME_NAME, _TYPE_A, _CLASS_IN, _TTL_S, 4, socket.inet_aton(address))
        for address in addresses
    )
    return header + question[_HEADER.size :] + b"".join(records)
