"""Pins what `PicowsProtocol` relies on of picows: a new version is let in only by these."""

from importlib.metadata import version

import picows
from picows.picows import WSProtocol  # type: ignore[attr-defined]

from taskwire.adapters.websocket.protocol import READ_BUFFER_BYTES, PicowsProtocol


def test_picows_is_the_version_that_was_read() -> None:
    assert version("picows") == "2.3.1"


def test_its_protocol_has_the_methods_that_are_called_or_replaced() -> None:
    for name in ("connection_made", "connection_lost", "get_buffer", "buffer_updated"):
        assert callable(getattr(WSProtocol, name))
    assert not hasattr(WSProtocol, "data_received")
    assert issubclass(PicowsProtocol, WSProtocol)


def test_its_smallest_read_buffer_holds_our_head() -> None:
    head = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" * 4
    assert len(head) < READ_BUFFER_BYTES - 256


def test_kinds_of_frames_compare_as_the_numbers_of_rfc_6455() -> None:
    kinds = picows.WSMsgType
    assert [int(k) for k in (kinds.CONTINUATION, kinds.TEXT, kinds.BINARY)] == [0, 1, 2]  # type: ignore[call-overload]
    assert [int(k) for k in (kinds.CLOSE, kinds.PING, kinds.PONG)] == [8, 9, 10]  # type: ignore[call-overload]
