"""What the routes call, made by bootstrap; a route knows nothing else of the inside."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from starlette.requests import Request

from taskwire.application.accounts import Accounts
from taskwire.application.calendar.accounts import CalendarAccounts
from taskwire.application.exports import Exports
from taskwire.application.feeds import Feeds
from taskwire.application.imports import Imports
from taskwire.application.jobs import Jobs
from taskwire.application.notifications import Notifications
from taskwire.application.preferences import PreferencesDesk
from taskwire.application.push_subscriptions import PushSubscriptions
from taskwire.application.tasks import Tasks


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """Frames after a cursor, byte for byte as sockets get them, and the cursor after them."""

    items: list[bytes]
    epoch: str
    seq: int


class ChangesReader(Protocol):
    async def __call__(self, channel: str, cursor: str | None, wait_s: float) -> ChangesPage: ...


@dataclass(frozen=True, slots=True)
class Readiness:
    """`is_serving` False means 503; otherwise any check that is not "ok" means degraded."""

    is_serving: bool
    checks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RestOptions:
    public_url: str
    allowed_origins: tuple[str, ...]
    body_bytes_max: int
    import_bytes_max: int
    changes_wait_max_s: float
    refresh_lifetime_s: int
    page: Path
    version: str

    @property
    def is_secure(self) -> bool:
        return self.public_url.startswith("https:")


@dataclass(frozen=True, slots=True)
class Services:
    options: RestOptions
    accounts: Accounts
    tasks: Tasks
    notifications: Notifications
    imports: Imports
    jobs: Jobs
    calendar: CalendarAccounts | None
    """None: the operator has not set Google up."""
    exports: Exports
    feeds: Feeds
    preferences: PreferencesDesk
    push: PushSubscriptions
    changes: ChangesReader
    readiness: Callable[[], Awaitable[Readiness]]
    metrics: Callable[[], Awaitable[bytes]]


def services_of(request: Request) -> Services:
    services: Services = request.app.state.services
    return services
