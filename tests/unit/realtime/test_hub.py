"""Channels and who listens to them."""

from collections.abc import Sequence

from taskwire.realtime.hub import Batch, Hub


class Ear:
    """A listener that remembers, or cannot keep up."""

    def __init__(self, *, keeps_up: bool = True) -> None:
        self.batches: list[Batch] = []
        self.keeps_up = keeps_up

    def deliver(self, batch: Batch) -> bool:
        self.batches.append(batch)
        return self.keeps_up


def join_lines(payloads: Sequence[bytes]) -> bytes:
    return b"\n".join(payloads)


def test_the_first_listener_subscribes_and_the_last_one_unsubscribes() -> None:
    hub, ann, ben = Hub(join_lines), Ear(), Ear()
    channel, is_first = hub.join("a")
    assert is_first
    assert hub.join("a") == (channel, False)
    hub.attach(channel, ann)
    assert not hub.leave(channel, ann)
    assert hub.leave(channel, ben)
    assert (len(hub), hub.get("a"), hub.serves(channel)) == (0, None, False)


def test_whoever_comes_after_the_last_one_left_begins_anew() -> None:
    hub, ann = Hub(join_lines), Ear()
    channel, _ = hub.join("a")
    hub.leave(channel, ann)
    another, is_first = hub.join("a")
    assert is_first
    assert not hub.serves(channel)
    assert list(hub) == [another]


def test_frames_are_encoded_once_and_sent_to_all_who_are_live() -> None:
    hub, ann, ben, joining = Hub(join_lines), Ear(), Ear(), Ear()
    for ear in (ann, ben):
        hub.attach(hub.join("a")[0], ear)
    channel, _ = hub.join("a")
    assert hub.broadcast(channel, [b"1", b"2"]) == []
    assert ann.batches[0] is ben.batches[0]
    assert (ann.batches[0].payloads, ann.batches[0].wire) == ([b"1", b"2"], b"1\n2")
    assert joining.batches == []


def test_nothing_is_encoded_for_nobody() -> None:
    hub = Hub(lambda _payloads: (_ for _ in ()).throw(AssertionError))
    assert hub.broadcast(hub.join("a")[0], [b"1"]) == []


def test_those_who_cannot_keep_up_are_named() -> None:
    hub, ann, slow = Hub(join_lines), Ear(), Ear(keeps_up=False)
    for ear in (ann, slow):
        hub.attach(hub.join("a")[0], ear)
    channel = hub.get("a")
    assert channel is not None
    assert hub.broadcast(channel, [b"1"]) == [slow]


def test_a_channels_frames_are_kept_while_somebody_joins_it() -> None:
    hub, ann, ben = Hub(join_lines), Ear(), Ear()
    channel, _ = hub.join("a")
    hub.join("a")
    channel.stream.anchor("e1", 0)
    hub.attach(channel, ann)
    channel.stream.offer(1, b"1")
    assert channel.stream.recent(after=0) == [b"1"]
    hub.leave(channel, ben)
    assert channel.stream.recent(after=0) == []
