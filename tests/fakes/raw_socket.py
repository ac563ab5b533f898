"""A WebSocket client without manners: it sends the bytes it is given, right or wrong."""

import asyncio
import base64
import os
from dataclasses import dataclass

MASK = b"\x01\x02\x03\x04"
CLOSE = 0x8


def frame(opcode: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0) -> bytes:
    """A masked frame as a client sends it."""
    first = (0x80 if fin else 0) | (rsv << 4) | opcode
    masked = bytes(byte ^ MASK[index % 4] for index, byte in enumerate(payload))
    return bytes([first]) + _length(len(payload)) + MASK + masked


def _length(size: int) -> bytes:
    if size <= 125:
        return bytes([0x80 | size])
    if size <= 0xFFFF:
        return bytes([0x80 | 126]) + size.to_bytes(2, "big")
    return bytes([0x80 | 127]) + size.to_bytes(8, "big")


@dataclass
class Answer:
    """The head of an HTTP answer, and its body as far as its length says."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class RawSocket:
    """One TCP connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def connect(cls, port: int) -> "RawSocket":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def upgrade(self, target: str, *lines: str, method: str = "GET") -> Answer:
        """Ask for an upgrade; `lines` replace or follow the usual headers."""
        key = base64.b64encode(os.urandom(16)).decode()
        headers = {
            "Host": "127.0.0.1",
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": key,
        }
        for line in lines:
            name, _, value = line.partition(": ")
            headers[name] = value
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.writer.write(f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode())
        return await self.answer()

    async def answer(self) -> Answer:
        head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), 5)
        status_line, *lines = head.decode().rstrip().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        size = int(headers.get("content-length", "0"))
        body = await asyncio.wait_for(self.reader.readexactly(size), 5)
        return Answer(int(status_line.split()[1]), headers, body)

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def receive(self) -> tuple[int, bytes]:
        """The next frame: opcode and payload."""
        head = await asyncio.wait_for(self.reader.readexactly(2), 5)
        size = head[1] & 0x7F
        if size > 125:
            size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8), "big")
        return head[0] & 0xF, await self.reader.readexactly(size)

    async def receive_until(self, opcode: int) -> bytes:
        """The payload of the next frame of a kind."""
        while True:
            kind, payload = await self.receive()
            if kind == opcode:
                return payload

    async def close_code(self, *, answers: bool = True) -> int | None:
        """The code of the close frame, None for one without; then the line must end."""
        payload = await self.receive_until(CLOSE)
        if answers:
            self.send(frame(CLOSE, payload))
        await asyncio.wait_for(self.reader.read(), 5)
        return int.from_bytes(payload[:2], "big") if payload else None

    async def end(self) -> None:
        self.writer.close()
        await asyncio.wait((asyncio.ensure_future(self.writer.wait_closed()),))
