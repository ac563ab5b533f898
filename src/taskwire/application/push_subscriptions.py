"""What a browser does with Web Push: ask for the key, subscribe, leave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from taskwire.application.delivery_ports import PushKeys, PushSubscriptionStore
from taskwire.application.ports import Answer, Claims, KeyTaken, Missing, WriteKey
from taskwire.domain.errors import KeyReusedError, NotFoundError


class PushOffError(NotFoundError):
    """This installation has no VAPID key."""

    code = "push_off"


@dataclass(frozen=True, slots=True)
class PushSubscriptions:
    """`check` raises InvalidError for an endpoint or keys that nothing should be sent to."""

    store: PushSubscriptionStore
    public_key: str
    check: Callable[[PushKeys], None]

    def key(self) -> str:
        if not self.public_key:
            raise PushOffError("Web Push is off here: this server has no VAPID_PRIVATE_KEY.")
        return self.public_key

    async def add(self, who: Claims, keys: PushKeys, write: WriteKey | None) -> Answer:
        self.key()
        self.check(keys)
        return _answered(await self.store.add(who.person_id, who.session_id, keys, write))

    async def remove(self, who: Claims, subscription_id: int, write: WriteKey | None) -> Answer:
        return _answered(await self.store.remove(who.person_id, subscription_id, write))


def _answered(result: Answer | Missing | KeyTaken) -> Answer:
    match result:
        case Answer():
            return result
        case Missing():
            raise NotFoundError
        case KeyTaken():
            raise KeyReusedError
