"""Every state of a channel's rest against every event; mypy refuses a table with a hole."""

from collections.abc import Callable, Sequence
from typing import TypedDict

import pytest

from taskwire.realtime import pacing as module
from taskwire.realtime.counters import Counters
from taskwire.realtime.hub import Batch, Channel, Hub, Send, decline
from taskwire.realtime.pacing import Pacing
from tests.fakes.memory_socket import LineFormat
from tests.fakes.tables import cells
from tests.fakes.waiting import wait_until


class PacingRow(TypedDict):
    """What the listeners get at once, and the state after it; refused: it cannot happen."""

    broadcast: str
    message: str
    message_beyond_the_bound: str
    compared_with_the_log: str
    rest_over: str
    rest_over_and_nobody_there: str


class PacingTable(TypedDict):
    FREE: PacingRow
    RESTING: PacingRow
    HOLDING: PacingRow


PACING_TABLE: PacingTable = {
    "FREE": {
        "broadcast": "x → RESTING",
        "message": "refused",
        "message_beyond_the_bound": "refused",
        "compared_with_the_log": " → FREE",
        "rest_over": " → FREE",
        "rest_over_and_nobody_there": " → FREE",
    },
    "RESTING": {
        "broadcast": "x → RESTING",
        "message": " → HOLDING",
        "message_beyond_the_bound": "mmm → RESTING",
        "compared_with_the_log": " → RESTING",
        "rest_over": " → FREE",
        "rest_over_and_nobody_there": " → FREE",
    },
    "HOLDING": {
        "broadcast": "x → HOLDING",
        "message": " → HOLDING",
        "message_beyond_the_bound": "hmm → RESTING",
        "compared_with_the_log": "h → RESTING",
        "rest_over": "h → FREE",
        "rest_over_and_nobody_there": " → FREE",
    },
}


class Ear:
    """Takes batches alone, as whoever has a queue of its own."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.send: Send = decline

    def deliver(self, batch: Batch) -> bool:
        self.heard.extend(batch.payloads)
        return True


class Stage:
    """A channel of one listener, which counts as many, and rests no time at all."""

    def __init__(self) -> None:
        self.hub = Hub(LineFormat().join)
        self.ear = Ear()
        self.channel, _ = self.hub.join("a")
        self.hub.attach(self.channel, self.ear)
        self.pacing = Pacing(self.hub, self._hear, Counters(), lambda: 0.0)

    def _hear(self, channel: Channel, messages: Sequence[bytes]) -> None:
        # What is heard at the end of a rest begins the next one; here only the end is looked at.
        self.hub.broadcast(channel, messages)

    def enter(self, state: str) -> None:
        if state == "FREE":
            return
        self.pacing.broadcast(self.channel, [b"before"])
        if state == "HOLDING":
            self.pacing.put_off(self.channel, b"h")
        self.ear.heard.clear()

    @property
    def state(self) -> str:
        if self.channel.put_off is None:
            return "FREE"
        return "HOLDING" if self.channel.put_off else "RESTING"

    async def rest_over(self) -> None:
        await wait_until(lambda: self.channel.put_off is None)


def message(stage: Stage) -> None:
    stage.pacing.put_off(stage.channel, b"m")


def too_many(stage: Stage) -> None:
    while True:
        stage.pacing.put_off(stage.channel, b"m")
        if not stage.channel.put_off:
            return


PACING_EVENTS: dict[str, Callable[[Stage], object]] = {
    "broadcast": lambda stage: stage.pacing.broadcast(stage.channel, [b"x"]),
    "message": message,
    "message_beyond_the_bound": too_many,
    "compared_with_the_log": lambda stage: stage.pacing.catch_up(stage.channel),
    "rest_over": lambda _: None,
    "rest_over_and_nobody_there": lambda stage: stage.hub.leave(stage.channel, stage.ear),
}


@pytest.mark.parametrize(("state", "event", "expected"), cells(PACING_TABLE))
async def test_every_state_of_a_rest_against_every_event(
    state: str, event: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LISTENERS_MIN", 1)
    monkeypatch.setattr(module, "PUT_OFF_MAX", 3)
    stage = Stage()
    stage.enter(state)
    try:
        PACING_EVENTS[event](stage)
    except AssertionError:
        assert expected == "refused"
        return
    if event.startswith("rest_over"):
        await stage.rest_over()
    assert f"{b''.join(stage.ear.heard).decode()} → {stage.state}" == expected
