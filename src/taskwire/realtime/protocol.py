"""Frames and their bytes: what the engine says to a socket, and what it understands of one.

Numbered frames of the product pass through here unread but for their number; only the engine's
own words (hello, heartbeat, reset) are made in this file.

The protocol's history:
    1   hello, heartbeat, reset; the cursor `<epoch>.<seq>`; `auth` from the client.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple, Self

import orjson
from typing_extensions import override

PROTOCOL_VERSION: Final = 1

_CURSOR: Final = re.compile(r"([A-Za-z0-9_~:-]{1,64})\.(0|[1-9][0-9]{0,17})")
"""An epoch holds no dot, so `epoch.1.5` is malformed and not number 5 of a strange epoch."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a channel: everything up to `seq` is known, as counted in `epoch`."""

    epoch: str
    seq: int

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The cursor that `text` spells, or None when it spells none."""
        match = _CURSOR.fullmatch(text)
        return cls(match[1], int(match[2])) if match else None

    @override
    def __str__(self) -> str:
        return f"{self.epoch}.{self.seq}"


class ResetReason(StrEnum):
    """Why a cursor cannot be served: the page drops what it holds and takes a snapshot."""

    RETENTION = "retention"
    """The log no longer holds what comes next."""
    REWIND = "rewind"
    """The cursor is ahead of the log: a backup was restored."""
    EPOCH = "epoch"
    """The cursor counts in another epoch than the log."""


def encode_hello(epoch: str, seq: int, heartbeat_interval_s: float) -> bytes:
    """Make the first frame of every socket; `seq` is the head when the socket came."""
    seconds = int(heartbeat_interval_s) if heartbeat_interval_s >= 1 else heartbeat_interval_s
    data = {
        "protocol": PROTOCOL_VERSION,
        "epoch": epoch,
        "seq": seq,
        "heartbeat_seconds": seconds,
    }
    return orjson.dumps({"type": "hello", "data": data})


def encode_heartbeat(seq: int) -> bytes:
    """Tell a page the line is alive, and which number it should hold by now."""
    return b'{"type":"heartbeat","data":{"seq":%d}}' % seq


def encode_reset(reason: ResetReason, epoch: str, seq: int) -> bytes:
    """Tell a page to start again from a snapshot; the socket goes on with `seq + 1`."""
    return orjson.dumps(
        {"type": "reset", "data": {"reason": reason.value, "epoch": epoch, "seq": seq}}
    )


class Hint(NamedTuple):
    """What the bus brought: a frame, or (without payload) only the number of one in the log."""

    seq: int | None
    payload: bytes | None


def parse_hint(message: bytes) -> Hint | None:
    """Read a message of the bus; None when it is no JSON object or its number is none.

    A message without `seq` is somebody's free word and passes as it is. One with a number but
    without a type says only that the number exists.
    """
    try:
        parsed: Any = orjson.loads(message)
    except orjson.JSONDecodeError:
        return None
    if type(parsed) is not dict:
        return None
    seq = parsed.get("seq")
    if seq is None:
        return Hint(None, message)
    if type(seq) is not int or seq < 1:
        return None
    return Hint(seq, message if "type" in parsed else None)


@dataclass(frozen=True, slots=True)
class Authenticate:
    """`{"type":"auth"}`: a new proof of who is listening."""

    token: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A type of a later protocol: receivers ignore what they do not know."""


def parse_client_message(text: str) -> Authenticate | Unknown | None:
    """Read a client's frame; None when it is no message at all (the socket is closed, 4400)."""
    try:
        parsed: Any = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if type(parsed) is not dict or type(parsed.get("type")) is not str:
        return None
    if parsed["type"] != "auth":
        return Unknown()
    data = parsed.get("data")
    token = data.get("token") if type(data) is dict else None
    return Authenticate(token) if type(token) is str and token else None
