from types import SimpleNamespace
from typing import cast

from structlog.testing import capture_logs

from taskwire.adapters.processes.completion import new_vapid_key
from taskwire.bootstrap.delivery import make_push_subscriptions
from taskwire.bootstrap.stores import Stores
from taskwire.settings import Settings

STORES = cast("Stores", SimpleNamespace(subscriptions=None))


def said_with(vapid_private_key: str) -> list[str]:
    with capture_logs() as logs:
        make_push_subscriptions(Settings(vapid_private_key=vapid_private_key), STORES)
    return [line["event"] for line in logs]


def test_who_serves_without_a_key_for_push_is_told_so_at_the_start() -> None:
    assert said_with("") == ["web_push_is_off"]
    assert said_with(new_vapid_key()) == []
