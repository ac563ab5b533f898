"""One channel's order: next, old, gap."""

import pytest

from taskwire.realtime.ports import Extent, Frame
from taskwire.realtime.protocol import ResetReason
from taskwire.realtime.stream import FUTILE_READS_MAX, HELD_MAX, Stream


def payload(seq: int) -> bytes:
    return b"%d" % seq


def frames(*seqs: int) -> list[Frame]:
    return [Frame(seq, payload(seq)) for seq in seqs]


@pytest.fixture
def stream() -> Stream:
    """A stream that has broadcast up to 10."""
    stream = Stream()
    stream.anchor("e1", 10)
    return stream


def test_the_next_number_is_due_at_once(stream: Stream) -> None:
    assert (list(stream.offer(11, b"11")), stream.last) == ([b"11"], 11)


@pytest.mark.parametrize("seq", [1, 9, 10])
def test_an_old_number_is_dropped(stream: Stream, seq: int) -> None:
    assert (list(stream.offer(seq, payload(seq))), stream.last) == ([], 10)


def test_a_number_beyond_a_gap_is_held_until_the_gap_is_filled(stream: Stream) -> None:
    assert list(stream.offer(13, b"13")) == []
    assert list(stream.offer(12, b"12")) == []
    assert stream.is_behind
    assert list(stream.offer(11, b"11")) == [b"11", b"12", b"13"]
    assert not stream.is_behind


def test_a_number_without_its_frame_makes_the_stream_behind(stream: Stream) -> None:
    assert list(stream.offer(11, None)) == []
    assert stream.is_behind
    assert stream.take(frames(11)) == [b"11"]


def test_the_log_fills_a_gap_and_releases_what_was_held(stream: Stream) -> None:
    stream.offer(13, b"13")
    assert stream.take(frames(11, 12, 13)) == [b"11", b"12", b"13"]
    assert stream.last == 13


def test_frames_of_the_log_that_went_out_meanwhile_are_not_repeated(stream: Stream) -> None:
    stream.offer(11, b"11")
    assert stream.take(frames(11, 12)) == [b"12"]


def test_an_unnumbered_frame_of_the_log_is_nobodys(stream: Stream) -> None:
    assert stream.take([Frame(None, b"?")]) == []


def test_what_is_held_is_bounded_and_the_rest_comes_from_the_log(stream: Stream) -> None:
    far = range(12, 12 + HELD_MAX + 5)
    for seq in far:
        stream.offer(seq, payload(seq))
    assert len(stream.offer(11, b"11")) == HELD_MAX + 1
    assert stream.is_behind


def test_held_frames_that_the_log_brought_are_forgotten(stream: Stream) -> None:
    stream.offer(12, b"12")
    stream.offer(14, b"14")
    stream.take(frames(11, 12, 13))
    assert list(stream.offer(15, b"15")) == [b"15"]


def test_a_head_in_the_log_beyond_the_last_makes_the_stream_behind(stream: Stream) -> None:
    stream.notice(10)
    assert not stream.is_behind
    stream.notice(11)
    assert stream.is_behind


def test_before_its_anchor_a_stream_believes_numbers_and_no_frames() -> None:
    stream = Stream()
    assert list(stream.offer(11, b"11 of the log before a restore")) == []
    assert not stream.is_behind
    stream.anchor("e2", 10)
    assert (stream.last, stream.is_behind) == (10, True)
    assert stream.take([Frame(11, b"11")]) == [b"11"]


def test_what_was_heard_before_the_anchor_and_is_in_the_log_is_old() -> None:
    stream = Stream()
    stream.offer(9, b"9")
    stream.anchor("e1", 10)
    assert not stream.is_behind
    assert list(stream.offer(11, b"11")) == [b"11"]


def test_a_stream_is_anchored_once(stream: Stream) -> None:
    with pytest.raises(AssertionError):
        stream.anchor("e1", 11)


def test_frames_are_kept_only_while_somebody_joins(stream: Stream) -> None:
    stream.record()
    stream.offer(11, b"11")
    stream.record()
    stream.offer(13, b"13")
    stream.offer(12, b"12")
    assert stream.recent(after=10) == [b"11", b"12", b"13"]
    assert (stream.recent(after=9), stream.recent(after=13)) == ([], [])
    stream.forget()
    assert stream.recent(after=10) == []


def test_a_restart_forgets_what_was_kept(stream: Stream) -> None:
    stream.record()
    stream.offer(11, b"11")
    stream.restart(ResetReason.EPOCH, "e2", 11)
    assert stream.recent(after=10) == []


# --- judge ---------------------------------------------------------------------------------------


def test_a_log_that_agrees_changes_nothing(stream: Stream) -> None:
    assert stream.judge("e1", Extent(0, 10), 10) is None
    assert not stream.is_behind


def test_a_longer_log_makes_the_stream_behind(stream: Stream) -> None:
    assert stream.judge("e1", Extent(0, 12), 10) is None
    assert stream.is_behind


def test_another_epoch_is_a_reset(stream: Stream) -> None:
    assert stream.judge("e2", Extent(0, 10), 10) is ResetReason.EPOCH


def test_a_head_behind_what_went_out_before_the_question_is_a_rewind(stream: Stream) -> None:
    assert stream.judge("e1", Extent(0, 9), 10) is ResetReason.REWIND


def test_a_frame_that_overtook_the_answer_is_no_rewind(stream: Stream) -> None:
    stream.offer(11, b"11")
    assert stream.judge("e1", Extent(0, 10), last_when_asked=10) is None


def test_a_log_that_lost_what_comes_next_is_a_reset(stream: Stream) -> None:
    assert stream.judge("e1", Extent(11, 20), 10) is ResetReason.RETENTION


def test_an_announced_number_that_the_log_does_not_know_is_disbelieved(stream: Stream) -> None:
    stream.offer(1_000_000, b"forged")
    stream.note_futile_read()
    assert stream.judge("e1", Extent(0, 10), 10) is None
    assert not stream.is_behind


def test_a_held_frame_is_not_forgotten_for_an_answer_that_is_merely_older(stream: Stream) -> None:
    stream.offer(12, b"12")
    assert stream.judge("e1", Extent(0, 10), 10) is None
    assert list(stream.offer(11, b"11")) == [b"11", b"12"]


def test_a_log_that_names_a_head_and_never_gives_it_ends_in_a_reset(stream: Stream) -> None:
    stream.notice(11)
    for _ in range(FUTILE_READS_MAX):
        assert stream.judge("e1", Extent(0, 11), 10) is None
        stream.note_futile_read()
    assert stream.judge("e1", Extent(0, 11), 10) is ResetReason.RETENTION


def test_a_read_that_helped_forgives_those_that_did_not(stream: Stream) -> None:
    stream.note_futile_read()
    stream.take(frames(11))
    assert stream.futile_reads == 0


def test_forged_numbers_that_were_found_out_do_not_add_up(stream: Stream) -> None:
    """Found by the simulator, seed 16: three forged numbers, hours apart, were one reset.

    Each was read for in vain and disbelieved, but the futile reads were counted on. Then a log
    that was merely one number ahead was judged to have lost that number.
    """
    for seq in (100, 200, 300):
        stream.offer(seq, None)
        stream.note_futile_read()
        assert stream.judge("e1", Extent(0, 10), 10) is None
    assert stream.judge("e1", Extent(0, 11), 10) is None
    assert stream.is_behind


def test_an_answer_to_a_question_from_before_a_restart_is_no_second_reason(stream: Stream) -> None:
    """Found by the simulator, seed 167: a joiner and a repair asked at once after a restore.

    The first answer restarted the stream at a lower number. The second one was held against the
    number from before, and everybody was reset again, as if the log had gone back twice.
    """
    stream.restart(ResetReason.EPOCH, "e2", 7)
    assert stream.judge("e2", Extent(0, 7), last_when_asked=10) is None


def test_a_restarted_stream_goes_on_after_the_new_head(stream: Stream) -> None:
    stream.offer(12, b"12")
    stream.restart(ResetReason.EPOCH, "e2", 3)
    assert (stream.epoch, stream.last, stream.turn, stream.is_behind) == ("e2", 3, 1, False)
    assert stream.reset_reason is ResetReason.EPOCH
    assert list(stream.offer(4, b"4")) == [b"4"]
