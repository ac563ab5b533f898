"""Each reason for hanging up, and whether to come back. Browser and server share this table.

1000-1015 belong to RFC 6455, 4000-4999 to us; ours end like the HTTP status they resemble.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Advice(Enum):
    """What a client does after a close."""

    COME_BACK = "come back"
    STAY_AWAY = "stay away"


@dataclass(frozen=True, slots=True)
class CloseReason:
    """Why a socket ends. `text` travels in the close frame; `when` is for people."""

    code: int
    name: str
    text: str
    advice: Advice
    when: str


GOING_AWAY: Final = CloseReason(
    1001,
    "GOING_AWAY",
    "silent",
    Advice.COME_BACK,
    "nothing was heard of the client for two heartbeats",
)
# Faults of the WebSocket protocol itself: most often something between us mangles bytes. Clients
# come back, but not in a hurry: they would meet the same thing again.
PROTOCOL_ERROR: Final = CloseReason(
    1002, "PROTOCOL_ERROR", "protocol error", Advice.COME_BACK, "a frame broke RFC 6455"
)
NOT_TEXT: Final = CloseReason(
    1003, "NOT_TEXT", "text only", Advice.COME_BACK, "a binary frame came"
)
NOT_UTF8: Final = CloseReason(
    1007, "NOT_UTF8", "not UTF-8", Advice.COME_BACK, "a text frame was not UTF-8"
)
TOO_LARGE: Final = CloseReason(
    1009,
    "TOO_LARGE",
    "message too large",
    Advice.COME_BACK,
    "a message was over its bound, put together",
)
INTERNAL: Final = CloseReason(
    1011, "INTERNAL", "internal error", Advice.COME_BACK, "the server failed; its log says where"
)
RESTART: Final = CloseReason(
    1012, "RESTART", "restart", Advice.COME_BACK, "the process is going; another one is there"
)
LATER: Final = CloseReason(
    1013,
    "LATER",
    "try again later",
    Advice.COME_BACK,
    "the process is full, or cannot read its log",
)
BAD_MESSAGE: Final = CloseReason(
    4400,
    "BAD_MESSAGE",
    "bad message",
    Advice.STAY_AWAY,
    "a message or a `since` that makes no sense",
)
UNAUTHORIZED: Final = CloseReason(
    4401,
    "UNAUTHORIZED",
    "token ended",
    Advice.COME_BACK,
    "the right to listen ended: come with a new token",
)
FORBIDDEN: Final = CloseReason(
    4403, "FORBIDDEN", "forbidden", Advice.STAY_AWAY, "this person may not listen here"
)
SLOW: Final = CloseReason(
    4408, "SLOW", "too slow", Advice.COME_BACK, "the client read slower than its channel spoke"
)
TOO_MANY: Final = CloseReason(
    4429,
    "TOO_MANY",
    "too many",
    Advice.COME_BACK,
    "too many sockets of a person or address, or messages",
)

CLOSE_REASONS: Final[tuple[CloseReason, ...]] = (
    GOING_AWAY,
    PROTOCOL_ERROR,
    NOT_TEXT,
    NOT_UTF8,
    TOO_LARGE,
    INTERNAL,
    RESTART,
    LATER,
    BAD_MESSAGE,
    UNAUTHORIZED,
    FORBIDDEN,
    SLOW,
    TOO_MANY,
)

BY_CODE: Final = {reason.code: reason for reason in CLOSE_REASONS}
