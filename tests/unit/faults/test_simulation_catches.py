"""A simulator that was never seen red proves nothing: each broken engine is found by some seed.

The engine is broken here by putting a wrong method in the place of a right one, for one test.
What only delays a change is no fault that a law could name while the sweep is there: a joiner
that reads its position before it is subscribed, or a bus whose return nobody hears of, is healed
within a second, as the design wants it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from taskwire.realtime import joining, recovery
from taskwire.realtime.gateway import Gateway
from taskwire.realtime.hub import Channel, Hub, Listener
from taskwire.realtime.outbound import Outbound
from taskwire.realtime.ports import Extent, LogUnavailable
from taskwire.realtime.protocol import Cursor, ResetReason
from taskwire.realtime.recovery import Start
from taskwire.realtime.repair import Repairs
from taskwire.realtime.stream import Stream
from taskwire.realtime.sweep import Sweep
from tests.faults.simulation import log
from tests.faults.simulation.trial import try_seed

SEEDS_MAX = 200
Break = Callable[[pytest.MonkeyPatch], None]


def skip_the_gap_check(patch: pytest.MonkeyPatch) -> None:
    right = Stream.offer

    def offer(stream: Stream, seq: int, payload: bytes | None) -> Sequence[bytes]:
        if payload is None or seq <= stream.last or not stream.is_anchored:
            return right(stream, seq, payload)
        stream.last, stream.target = seq, max(seq, stream.target)
        return (payload,)

    patch.setattr(Stream, "offer", offer)


def deliver_old_numbers_again(patch: pytest.MonkeyPatch) -> None:
    right = Stream.offer

    def offer(stream: Stream, seq: int, payload: bytes | None) -> Sequence[bytes]:
        is_old = payload is not None and 0 < seq <= stream.last
        return (payload,) if is_old and payload else right(stream, seq, payload)

    patch.setattr(Stream, "offer", offer)


def replay_from_the_head(patch: pytest.MonkeyPatch) -> None:
    right = recovery.decide

    def decide(since: Cursor | None, epoch: str, extent: Extent) -> Start:
        return replace(right(since, epoch, extent), after=extent.head)

    patch.setattr(joining, "decide", decide)


def reset_whoever_has_a_cursor(patch: pytest.MonkeyPatch) -> None:
    def decide(since: Cursor | None, epoch: str, extent: Extent) -> Start:
        return Start(extent.head, ResetReason.EPOCH if since else None)

    patch.setattr(joining, "decide", decide)


def attach_a_tick_late(patch: pytest.MonkeyPatch) -> None:
    right = Hub.attach

    def attach(hub: Hub, channel: Channel, listener: Listener) -> None:
        asyncio.get_running_loop().call_soon(right, hub, channel, listener)

    patch.setattr(Hub, "attach", attach)


def take_a_failed_sweep_for_a_good_one(patch: pytest.MonkeyPatch) -> None:
    right = Sweep.sweep_heads

    async def sweep_heads(sweep: Sweep) -> None:
        epoch = sweep._epoch  # noqa: SLF001 - what it breaks is private
        try:
            await right(sweep)
        except LogUnavailable:
            sweep._epoch = epoch  # noqa: SLF001
            sweep._mark = repr(asyncio.get_running_loop().time())  # noqa: SLF001

    patch.setattr(Sweep, "sweep_heads", sweep_heads)


def sweep_without_an_overlap(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(log, "OVERLAP_S", 0.0)


def never_sweep(patch: pytest.MonkeyPatch) -> None:
    async def sweep_heads(sweep: Sweep) -> None:
        return

    patch.setattr(Sweep, "sweep_heads", sweep_heads)


def drop_what_a_slow_socket_cannot_take(patch: pytest.MonkeyPatch) -> None:
    right = Outbound.put

    def put(outbound: Outbound, wire: bytes, frames: int) -> bool:
        return right(outbound, wire, frames) or bool(outbound.take()) or True

    patch.setattr(Outbound, "put", put)


def believe_a_log_that_went_back(patch: pytest.MonkeyPatch) -> None:
    right = Stream.judge

    def judge(stream: Stream, epoch: str, extent: Extent, last: int) -> ResetReason | None:
        return right(stream, epoch, extent, min(last, extent.head))

    patch.setattr(Stream, "judge", judge)


def never_compare(patch: pytest.MonkeyPatch) -> None:
    def compare(
        repairs: Repairs, channel: Channel, epoch: str, extent: Extent, last: int, cause: str
    ) -> None: ...

    patch.setattr(Repairs, "compare", compare)


def leave_the_bus_subscribed(patch: pytest.MonkeyPatch) -> None:
    right = Hub.leave

    def leave(hub: Hub, channel: Channel, listener: Listener) -> bool:
        right(hub, channel, listener)
        return False

    patch.setattr(Hub, "leave", leave)


def let_revoked_sessions_listen(patch: pytest.MonkeyPatch) -> None:
    def revoke(gateway: Gateway, sessions: frozenset[str]) -> None: ...

    patch.setattr(Gateway, "revoke", revoke)


@pytest.mark.parametrize(
    ("broken", "law"),
    [
        (skip_the_gap_check, "C2"),
        (deliver_old_numbers_again, "C2"),
        (replay_from_the_head, "C2"),
        (reset_whoever_has_a_cursor, "C7"),
        (attach_a_tick_late, "C2"),
        (take_a_failed_sweep_for_a_good_one, "C4"),
        (sweep_without_an_overlap, "C4"),
        (never_sweep, "C10"),
        (drop_what_a_slow_socket_cannot_take, "C2"),
        (believe_a_log_that_went_back, "C4"),
        (never_compare, "C4"),
        (leave_the_bus_subscribed, "S6"),
        (let_revoked_sessions_listen, "C9"),
    ],
)
def test_a_broken_engine_is_found_by_the_law_it_breaks(
    broken: Break, law: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch)
    laws: set[str] = set()
    for seed in range(1, SEEDS_MAX + 1):
        laws |= {violation.law for violation in try_seed(seed).violations}
        if law in laws:
            return
    pytest.fail(f"no seed up to {SEEDS_MAX} broke {law}; broken were {sorted(laws)}")
