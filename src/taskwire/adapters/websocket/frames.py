"""The few bytes of RFC 6455 that the server writes, and the close codes a client may send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_TEXT: Final = 0x81
_SHORT_MAX: Final = 125
_MEDIUM_MAX: Final = 0xFFFF

CODES_BY_RFC: Final = frozenset({1000, 1001, 1002, 1003, *range(1007, 1015)})
"""1004-1006 and 1015 are reserved: they never travel in a frame (RFC 6455, section 7.4.1)."""
CODES_BY_OTHERS: Final = range(3000, 5000)


class FrameFormat:
    """Payloads as text frames. Server frames are unmasked, so one encoding serves all sockets."""

    ping: Final = b"\x89\x00"

    def join(self, payloads: Sequence[bytes]) -> bytes:
        """All payloads as the bytes of one write."""
        parts: list[bytes] = []
        for payload in payloads:
            parts.append(_header(len(payload)))
            parts.append(payload)
        return b"".join(parts)


def _header(size: int) -> bytes:
    if size <= _SHORT_MAX:
        return bytes((_TEXT, size))
    if size <= _MEDIUM_MAX:
        return bytes((_TEXT, 126)) + size.to_bytes(2, "big")
    return bytes((_TEXT, 127)) + size.to_bytes(8, "big")


def is_code_allowed(code: int) -> bool:
    """Whether a client may say this code in a close frame."""
    return code in CODES_BY_RFC or code in CODES_BY_OTHERS
