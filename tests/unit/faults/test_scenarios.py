"""The instrument of the scenarios: it must not be able to say PASS when nothing was measured."""

import asyncio
import math
from pathlib import Path

import pytest
from typing_extensions import override

from tests.faults.scenarios import report
from tests.faults.scenarios.crowd import Arrival
from tests.faults.scenarios.measured import Figure, Outcome, share_below
from tests.faults.scenarios.redis_away import delays_of
from tests.faults.scenarios.websocket_client import PING, PONG, TEXT, WebsocketClient
from tests.faults.scenarios.writers import Saved

KEPT = Figure("p99", 12.0, "ms", below=50)
MISSED = Figure("lost", 1, at_most=0)


@pytest.mark.parametrize(
    ("figure", "is_kept"),
    [
        (Figure("x", 49.9, below=50), True),
        (Figure("x", 50.0, below=50), False),
        (Figure("x", 0, at_most=0), True),
        (Figure("x", 1, at_most=0), False),
        (Figure("x", 100, at_least=100), True),
        (Figure("x", 99.99, at_least=100), False),
        (Figure("x", math.inf, below=50), False),
        (Figure("x", 7), True),
    ],
)
def test_a_figure_is_held_to_its_bound(figure: Figure, *, is_kept: bool) -> None:
    assert figure.is_kept is is_kept


def test_one_missed_figure_fails_the_scenario_and_is_named_with_its_bound() -> None:
    outcome = Outcome("x", "a promise", [KEPT, MISSED])
    assert outcome.verdict == "FAIL"
    assert "lost 1 (MISSED: 0)" in str(outcome)


def test_nothing_measured_is_no_good_news() -> None:
    assert share_below([], 0.99) == math.inf


def test_a_share_is_the_value_that_it_does_not_exceed() -> None:
    values = [float(value) for value in range(100)]
    assert [share_below(values, share) for share in (0.5, 0.99, 1.0)] == [50.0, 99.0, 99.0]


def test_a_delay_is_counted_for_every_screen_from_the_answer_on() -> None:
    saved = [Saved(1, "PUT", 5, asked_at_s=9.0, acked_at_s=10.0, tries=1)]
    arrivals = [Arrival(1, 5, 10.5), Arrival(1, 5, 9.9), Arrival(2, 5, 99.0)]
    assert delays_of(saved, arrivals) == [(10.0, 0.5), (10.0, 0.0)]


def test_a_report_keeps_what_was_measured_before(tmp_path: Path) -> None:
    saved, paper = tmp_path / "all.json", tmp_path / "all.md"
    report.save([Outcome("one", "a promise", [KEPT])], saved, paper)
    report.save([Outcome("two", "another", [MISSED])], saved, paper)
    text = paper.read_text()
    assert "## one: PASS" in text
    assert "| p99 | 12 ms | under 50 ms |" in text
    assert "## two: FAIL" in text
    assert "| lost | 1 | 0 (missed) |" in text


class Wire(asyncio.Transport):
    """Remembers what was written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data


@pytest.mark.parametrize("piece", [17, 1000, 100_000])
async def test_frames_are_heard_whole_however_they_are_cut(piece: int) -> None:
    texts = [b"a", b"b" * 126, b"c" * 70_000]
    head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
    bytes_ = head + b"".join(frame(TEXT, text) for text in texts) + frame(PING, b"p")
    heard: list[bytes] = []
    client, wire = WebsocketClient(b"GET", heard.append), Wire()
    client.connection_made(wire)
    for begin in range(0, len(bytes_), piece):
        client.data_received(bytes_[begin : begin + piece])
    assert heard == texts
    assert wire.written == b"GET" + bytes([0x80 | PONG, 0x81, 0, 0, 0, 0]) + b"p"


def frame(opcode: int, payload: bytes) -> bytes:
    """As a server sends it, without a mask."""
    size = len(payload)
    if size < 126:
        return bytes([0x80 | opcode, size]) + payload
    if size < 2**16:
        return bytes([0x80 | opcode, 126]) + size.to_bytes(2, "big") + payload
    return bytes([0x80 | opcode, 127]) + size.to_bytes(8, "big") + payload
