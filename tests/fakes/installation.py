"""The whole engine on a port, over a real Redis and a log in memory: what integration tests use."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

from fastapi import FastAPI

from taskwire.adapters.redis.probe import Probe, ProbeCounters
from taskwire.adapters.redis.publisher import Publisher, PublisherCounters
from taskwire.adapters.redis.subscriber import Subscriber, SubscriberCounters
from taskwire.adapters.redis.url import parse_redis_url
from taskwire.adapters.websocket.door import Doorkeeper
from taskwire.adapters.websocket.frames import FrameFormat
from taskwire.adapters.websocket.handshake import Rules
from taskwire.adapters.websocket.proxies import TrustedProxies
from taskwire.adapters.websocket.punctual_http import Patience
from taskwire.adapters.websocket.server import PatientServer, make_server
from taskwire.realtime.counters import Counters
from taskwire.realtime.drain import Drain
from taskwire.realtime.gateway import Gateway
from taskwire.realtime.limits import Limits
from taskwire.realtime.sweep import Sweep
from tests.fakes.memory_authenticator import MemoryAuthenticator
from tests.fakes.memory_log import MemoryLog

CHANNELS = {
    "/ws/tasks": lambda subject: f"user:{subject}:tasks",
    "/ws/notifications": lambda subject: f"user:{subject}:notifications",
}


@dataclass
class Installation:
    """Everything one `serve` process holds, within reach of a test."""

    port: int
    log: MemoryLog
    authenticator: MemoryAuthenticator
    gateway: Gateway
    drain: Drain
    server: PatientServer
    subscriber: Subscriber
    publisher: Publisher
    probe: Probe

    @property
    def http_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def url(self, path: str = "/ws/tasks", **query: str) -> str:
        pairs = "&".join(f"{name}={value}" for name, value in query.items())
        return f"ws://127.0.0.1:{self.port}{path}" + (f"?{pairs}" if pairs else "")

    def write(self, channel: str, **data: object) -> int:
        """Commit and announce, as a use case does. Returns the number."""
        frame = self.log.commit(channel, **data)
        assert frame.seq is not None, "a committed frame has a number"
        self.publisher.announce(channel, frame.seq, frame.payload)
        return frame.seq


@dataclass
class Options:
    """What a test may set apart."""

    limits: Limits = field(default_factory=Limits)
    sweep_interval_s: float = 1.0
    probe_interval_s: float = 2.0
    probe_deadline_s: float = 3.0
    drain_spread_s: float = 0.2
    message_bytes_max: int = 64 * 1024
    allowed_origins: tuple[str, ...] = ()
    proxies: str = "127.0.0.1"
    patience: Patience = field(default_factory=Patience)

    def with_limits(self, **limits: float) -> "Options":
        return replace(self, limits=replace(self.limits, **limits))  # type: ignore[arg-type]


@contextlib.asynccontextmanager
async def installed(
    redis_url: str, options: Options | None = None, app: FastAPI | None = None
) -> AsyncIterator[Installation]:
    """Run an installation for the time of the block, on the loop of the test."""
    options = options or Options()
    log, authenticator = MemoryLog(), MemoryAuthenticator()
    url = parse_redis_url(redis_url)
    subscriber = Subscriber(url, SubscriberCounters())
    publisher = Publisher(url, PublisherCounters())
    gateway = Gateway(
        log=log,
        bus=subscriber,
        authenticator=authenticator,
        wire_format=FrameFormat(),
        limits=options.limits,
        counters=Counters(),
    )
    probe = Probe(
        subscriber,
        publisher,
        ProbeCounters(),
        interval_s=options.probe_interval_s,
        deadline_s=options.probe_deadline_s,
    )
    sweep = Sweep(gateway, log, authenticator, interval_s=options.sweep_interval_s)
    drain = Drain(gateway, spread_s=options.drain_spread_s)
    rules = Rules(CHANNELS, options.allowed_origins, TrustedProxies(options.proxies))
    doorkeeper = Doorkeeper(gateway, rules, message_bytes_max=options.message_bytes_max)
    started: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    server = make_server(
        app or FastAPI(),
        doorkeeper,
        drain,
        host="127.0.0.1",
        port=0,
        forwarded_allow_ips=options.proxies,
        shutdown_timeout_s=5.0,
        patience=options.patience,
        on_started=started.set_result,
    )
    runs = (gateway.run(), sweep.run(), subscriber.run(), probe.run())
    tasks = [asyncio.create_task(run) for run in runs]
    serving = asyncio.create_task(server.serve())
    try:
        yield Installation(
            await started, log, authenticator, gateway, drain, server, subscriber, publisher, probe
        )
    finally:
        server.should_exit = True
        await serving
        await publisher.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
