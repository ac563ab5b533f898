"""Channels and who listens to them."""

from collections.abc import Sequence

from taskwire.realtime.hub import SMALL_BYTES_MAX, Batch, Channel, Hub, Send, decline


class Ear:
    """A listener that remembers, has messages to wait, or cannot keep up."""

    def __init__(self, *, keeps_up: bool = True, waits: bool = False) -> None:
        self.sent: list[bytes] = []
        self.batches: list[Batch] = []
        self.keeps_up = keeps_up
        self.send: Send = decline if waits else self.sent.append

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


def room_of(hub: Hub, *ears: Ear) -> Channel:
    for ear in ears:
        hub.attach(hub.join("a")[0], ear)
    channel = hub.get("a")
    assert channel is not None
    return channel


def test_one_small_message_goes_straight_to_each_socket() -> None:
    ann, ben = Ear(), Ear()
    hub = Hub(lambda _payloads: (_ for _ in ()).throw(AssertionError))
    assert hub.broadcast(room_of(hub, ann, ben), [b"1"]) == []
    assert (ann.sent, ben.sent) == ([b"1"], [b"1"])


def test_a_large_message_is_encoded_once_for_all() -> None:
    hub, ann = Hub(join_lines), Ear()
    large = b"x" * (SMALL_BYTES_MAX + 1)
    hub.broadcast(room_of(hub, ann), [large])
    assert (ann.sent, ann.batches[0].wire) == ([], large)


def test_those_whose_messages_wait_get_a_batch_and_those_who_cannot_keep_up_are_named() -> None:
    hub, ann, behind = Hub(join_lines), Ear(), Ear(waits=True)
    slow = Ear(waits=True, keeps_up=False)
    assert hub.broadcast(room_of(hub, ann, behind, slow), [b"1"]) == [slow]
    assert (ann.sent, ann.batches) == ([b"1"], [])
    assert behind.batches[0].payloads == [b"1"]


def test_a_listener_that_falls_behind_under_the_loop_is_asked_for_a_batch_from_then_on() -> None:
    hub, ann, ben, behind = Hub(join_lines), Ear(), Ear(), Ear(waits=True)
    channel = room_of(hub, ann, ben, behind)

    def fill_up(payload: bytes) -> None:
        ann.sent.append(payload)
        ann.send = decline
        channel.shift(ann)

    ann.send = fill_up
    channel.shift(ann)
    assert hub.broadcast(channel, [b"1"]) == []
    assert hub.broadcast(channel, [b"2"]) == []
    assert (ann.sent, [batch.payloads for batch in ann.batches]) == ([b"1"], [[b"2"]])
    assert ben.sent == [b"1", b"2"]
    assert [batch.payloads for batch in behind.batches] == [[b"1"], [b"2"]]


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
