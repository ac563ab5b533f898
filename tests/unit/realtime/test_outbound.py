"""One socket's bounded queue."""

from taskwire.realtime.outbound import Outbound


def test_what_waits_is_joined_into_one_write_in_order() -> None:
    outbound = Outbound(bytes_max=100, frames_max=10)
    assert outbound.put(b"a", 1)
    assert outbound.put(b"bc", 2)
    assert outbound.take() == b"abc"
    assert outbound.take() == b""


def test_too_many_bytes_are_refused() -> None:
    outbound = Outbound(bytes_max=3, frames_max=10)
    assert outbound.put(b"abc", 1)
    assert not outbound.put(b"d", 1)


def test_too_many_frames_are_refused() -> None:
    outbound = Outbound(bytes_max=100, frames_max=2)
    assert outbound.put(b"a", 2)
    assert not outbound.put(b"b", 1)


def test_what_was_taken_no_longer_counts() -> None:
    outbound = Outbound(bytes_max=3, frames_max=2)
    outbound.put(b"abc", 2)
    outbound.take()
    assert outbound.put(b"def", 2)
