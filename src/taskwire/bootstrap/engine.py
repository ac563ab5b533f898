"""The real-time engine of a serving process, on the database's log and Redis' bus."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from taskwire.adapters.database.change_log import DatabaseChangeLog
from taskwire.adapters.redis.probe import Probe, ProbeCounters
from taskwire.adapters.redis.publisher import Publisher
from taskwire.adapters.redis.subscriber import Subscriber, SubscriberCounters
from taskwire.adapters.redis.url import parse_redis_url
from taskwire.adapters.security.socket_grants import SocketGrants
from taskwire.adapters.security.tokens import JwtTokens
from taskwire.adapters.websocket.frames import FrameFormat
from taskwire.application.revocations import Revocations
from taskwire.bootstrap.stores import Stores
from taskwire.realtime.counters import Counters
from taskwire.realtime.gateway import Gateway
from taskwire.realtime.limits import Limits
from taskwire.realtime.sweep import Sweep
from taskwire.settings import Settings


@dataclass(frozen=True, slots=True)
class Engine:
    """The real-time engine with its bus, and what they count."""

    gateway: Gateway
    subscriber: Subscriber
    probe: Probe
    tokens: JwtTokens
    revocations: Revocations

    @property
    def counters(self) -> dict[str, object]:
        """By the name of the part that counts."""
        return {
            "realtime": self.gateway.counters,
            "subscriber": self.subscriber.counters,
            "probe": self.probe.counters,
        }


@asynccontextmanager
async def open_engine(
    settings: Settings, stores: Stores, publisher: Publisher
) -> AsyncIterator[Engine]:
    tokens = JwtTokens(
        settings.secret_keys,
        access_lifetime_s=settings.access_token_lifetime_s,
        ticket_lifetime_s=settings.ws_ticket_lifetime_s,
    )
    revocations = Revocations(settings.access_token_lifetime_s, time.monotonic())
    grants = SocketGrants(tokens, stores.sessions, revocations)
    log = DatabaseChangeLog(stores.database, settings.sweep_overlap_s)
    subscriber = Subscriber(parse_redis_url(settings.redis_url), SubscriberCounters())
    gateway = Gateway(
        log=log,
        bus=subscriber,
        authenticator=grants,
        wire_format=FrameFormat(),
        limits=_limits(settings),
        counters=Counters(),
    )
    probe = Probe(
        subscriber,
        publisher,
        ProbeCounters(),
        interval_s=settings.probe_interval_s,
        deadline_s=settings.probe_deadline_s,
    )
    sweep = Sweep(gateway, log, grants, interval_s=settings.sweep_interval_s)
    await sweep.sweep_sessions()  # before the first request: who was signed out stays out
    runs = [subscriber.run(), probe.run(), gateway.run(), sweep.run()]
    tasks = [asyncio.create_task(run) for run in runs]
    try:
        yield Engine(gateway, subscriber, probe, tokens, revocations)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _limits(settings: Settings) -> Limits:
    return Limits(
        sockets_max=settings.sockets_max,
        sockets_per_user_max=settings.sockets_per_user_max,
        sockets_per_address_max=settings.sockets_per_address_max,
        socket_lifetime_s=settings.socket_lifetime_s,
        heartbeat_interval_s=settings.heartbeat_interval_s,
        messages_per_s=settings.socket_messages_per_s,
        messages_burst=settings.socket_messages_burst,
        outbound_bytes_max=settings.outbound_bytes_max,
        outbound_frames_max=settings.outbound_frames_max,
        long_polls_max=settings.long_polls_max,
    )
