"""`taskwire serve`: REST, sockets and the page in one process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import uvloop
from fastapi import FastAPI

import taskwire
from taskwire.adapters.database.schema import wait_for_schema
from taskwire.adapters.jobs.nudger import CeleryNudger
from taskwire.adapters.processes.listener import listening_socket
from taskwire.adapters.redis.publisher import Publisher
from taskwire.adapters.rest.app import create_app
from taskwire.adapters.rest.services import RestOptions, Services
from taskwire.adapters.websocket.door import Doorkeeper
from taskwire.adapters.websocket.handshake import Rules
from taskwire.adapters.websocket.proxies import TrustedProxies
from taskwire.adapters.websocket.punctual_http import Patience
from taskwire.adapters.websocket.server import make_server
from taskwire.application.accounts import Accounts, Throttle
from taskwire.application.channels import notifications_channel, tasks_channel
from taskwire.application.exports import Exports
from taskwire.application.feeds import Feeds, RequestRate
from taskwire.application.jobs import Jobs
from taskwire.application.notifications import Notifications
from taskwire.application.tasks import Tasks
from taskwire.bootstrap.answers import Changes, MetricsPage, ReadinessCheck
from taskwire.bootstrap.delivery import make_preferences, make_push_subscriptions
from taskwire.bootstrap.engine import Engine, open_engine
from taskwire.bootstrap.google import GoogleClients, open_google
from taskwire.bootstrap.stores import (
    Stores,
    make_imports,
    make_passwords,
    make_publisher,
    open_stores,
)
from taskwire.realtime.drain import Drain
from taskwire.realtime.gateway import Gateway
from taskwire.settings import Settings

# Counters that are values of the moment; all others only grow.
_VALUES = frozenset(
    {"sockets", "long_polls", "sweep_lag_s", "is_connected", "channels", "lag_s", "delay_s"}
)


@dataclass(frozen=True, slots=True)
class Serving:
    """A process that serves: the application, who opens sockets, and how it ends."""

    app: FastAPI
    doorkeeper: Doorkeeper
    drain: Drain


def serve(settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT; the exit code."""
    return uvloop.run(_serve(settings))


async def _serve(settings: Settings) -> int:
    async with open_serving(settings) as serving:
        server = make_server(
            serving.app,
            serving.doorkeeper,
            serving.drain,
            host=settings.host,
            port=settings.port,
            forwarded_allow_ips=settings.forwarded_allow_ips,
            shutdown_timeout_s=settings.shutdown_timeout_s,
            patience=_patience(settings),
        )
        listener = listening_socket(settings.host, settings.port, settings.listen_fd)
        await server.serve(sockets=[listener])
        return 0 if server.started else 1


@asynccontextmanager
async def open_serving(settings: Settings) -> AsyncIterator[Serving]:
    async with AsyncExitStack() as closing:
        stores = await closing.enter_async_context(open_stores(settings))
        await wait_for_schema(stores.database, settings.database_wait_s)
        publisher = make_publisher(settings)
        closing.push_async_callback(publisher.close)
        nudger = CeleryNudger(settings)
        closing.callback(nudger.close)
        google = await closing.enter_async_context(open_google(settings))
        engine = await closing.enter_async_context(open_engine(settings, stores, publisher))
        yield Serving(
            create_app(_services(settings, stores, engine, publisher, nudger, google)),
            _doorkeeper(settings, engine.gateway),
            Drain(engine.gateway, spread_s=settings.drain_spread_s),
        )


def _patience(settings: Settings) -> Patience:
    return Patience(
        head_s=settings.request_head_wait_s,
        body_s=settings.request_body_wait_s,
        stall_s=settings.answer_stall_s,
    )


def _doorkeeper(settings: Settings, gateway: Gateway) -> Doorkeeper:
    rules = Rules(
        channel_by_path={"/ws/tasks": tasks_channel, "/ws/notifications": notifications_channel},
        allowed_origins=settings.allowed_origins,
        proxies=TrustedProxies(settings.forwarded_allow_ips),
    )
    return Doorkeeper(gateway, rules, message_bytes_max=settings.socket_message_bytes_max)


def _services(
    settings: Settings,
    stores: Stores,
    engine: Engine,
    publisher: Publisher,
    nudger: CeleryNudger,
    google: GoogleClients | None,
) -> Services:
    throttle = Throttle(
        per_account_max=settings.sign_in_failures_per_account_max,
        per_address_max=settings.sign_in_failures_per_address_max,
        registrations_per_address_max=settings.registration_failures_per_address_max,
        window_s=settings.sign_in_failures_window_s,
    )
    accounts = Accounts(
        people=stores.people,
        sessions=stores.sessions,
        passwords=make_passwords(settings),
        tokens=engine.tokens,
        revocations=engine.revocations,
        throttle=throttle,
        hints=publisher,
        queue=nudger,
    )
    tasks = Tasks(stores.tasks, publisher)
    exports = Exports(stores.exports)
    counters = engine.counters | {"publisher": publisher.counters}
    return Services(
        options=_rest_options(settings),
        accounts=accounts,
        tasks=tasks,
        notifications=Notifications(stores.notifications, publisher),
        imports=make_imports(settings, stores, nudger, publisher),
        jobs=Jobs(stores.jobs, publisher),
        calendar=None if google is None else google.accounts(stores, tasks, publisher),
        exports=exports,
        feeds=Feeds(stores.feeds, exports, RequestRate(settings.feed_requests_per_minute_max)),
        preferences=make_preferences(settings, stores, publisher),
        push=make_push_subscriptions(settings, stores),
        changes=Changes(engine.gateway),
        readiness=ReadinessCheck(settings, stores, engine),
        metrics=MetricsPage(
            stores,
            counters,
            _VALUES,
            lambda: {"nudges_lost": nudger.lost_count, "publisher_queue": publisher.waiting},
        ),
    )


def _rest_options(settings: Settings) -> RestOptions:
    return RestOptions(
        public_url=settings.public_url,
        allowed_origins=settings.allowed_origins,
        body_bytes_max=settings.body_bytes_max,
        import_bytes_max=settings.import_bytes_max,
        changes_wait_max_s=settings.changes_wait_max_s,
        refresh_lifetime_s=settings.refresh_token_lifetime_s,
        page=Path(taskwire.__file__).parent / "page",
        version=version("taskwire"),
    )
