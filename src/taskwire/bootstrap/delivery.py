"""Web Push and mail, put together from the settings; each may be absent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

import structlog

from taskwire.adapters.mail.message import mailbox
from taskwire.adapters.mail.sender import SmtpLetterSender
from taskwire.adapters.mail.smtp_url import smtp_server
from taskwire.adapters.processes.errors import CannotStart
from taskwire.adapters.web_push.guard import EndpointRules
from taskwire.adapters.web_push.keys import BadKey
from taskwire.adapters.web_push.sender import HttpPushSender
from taskwire.adapters.web_push.vapid import Vapid
from taskwire.application.deliveries import Deliveries, DeliveryBounds
from taskwire.application.delivery_ports import ClaimedDelivery
from taskwire.application.ports import Hints
from taskwire.application.preferences import PreferencesDesk
from taskwire.application.push_subscriptions import PushSubscriptions
from taskwire.bootstrap.stores import Stores
from taskwire.settings import Settings

TURN_S = 20.0

log = structlog.get_logger(__name__)


def make_preferences(settings: Settings, stores: Stores, hints: Hints) -> PreferencesDesk:
    return PreferencesDesk(
        stores.preferences,
        hints,
        has_email=bool(settings.smtp_url),
        has_push=bool(settings.vapid_private_key),
    )


def make_push_subscriptions(settings: Settings, stores: Stores) -> PushSubscriptions:
    vapid = _vapid(settings)
    if vapid is None:
        log.warning("web_push_is_off", reason="VAPID_PRIVATE_KEY is not set")
    return PushSubscriptions(
        stores.subscriptions, vapid.public_key if vapid else "", _rules(settings).check
    )


@asynccontextmanager
async def open_deliveries(settings: Settings, stores: Stores) -> AsyncIterator[Deliveries]:
    async with AsyncExitStack() as closing:
        vapid, push = _vapid(settings), None
        if vapid is not None:
            push = await closing.enter_async_context(
                HttpPushSender(
                    vapid,
                    _rules(settings),
                    timeout_s=settings.delivery_timeout_s,
                    ttl_s=settings.push_ttl_s,
                )
            )
        yield Deliveries(
            store=stores.deliveries,
            push=push,
            mail=_mail(settings),
            bounds=DeliveryBounds(
                attempts_max=settings.delivery_attempts_max,
                batch_size=settings.delivery_batch_size,
                turn_s=TURN_S,
            ),
            link=settings.public_url,
            now=lambda: datetime.now(UTC),
            log=_log_trouble,
        )


def _mail(settings: Settings) -> SmtpLetterSender | None:
    if not settings.smtp_url:
        return None
    return SmtpLetterSender(
        smtp_server(settings.smtp_url),
        mailbox(settings.mail_from),
        timeout_s=settings.delivery_timeout_s,
    )


def _vapid(settings: Settings) -> Vapid | None:
    if not settings.vapid_private_key:
        return None
    try:
        return Vapid(settings.vapid_private_key, _contact(settings))
    except BadKey as error:
        raise CannotStart(f"VAPID_PRIVATE_KEY is wrong: {error}") from error


def _contact(settings: Settings) -> str:
    """Whom a push service may write to about us; none for an installation without an address."""
    if settings.mail_from:
        return f"mailto:{mailbox(settings.mail_from).addr_spec}"
    return settings.public_url if settings.public_url.startswith("https:") else ""


def _rules(settings: Settings) -> EndpointRules:
    return EndpointRules(allows_loopback=not settings.public_url.startswith("https:"))


def _log_trouble(word: str, claimed: ClaimedDelivery, reason: str) -> None:
    """Without the address, the title or the endpoint: whoever reads logs may know none of them."""
    log.warning(
        "delivery_failed",
        and_so=word,
        delivery=claimed.id,
        channel=claimed.channel,
        kind=claimed.kind,
        attempt=claimed.attempts,
        reason=reason,
    )
