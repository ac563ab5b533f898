"""Access to one person's calendar during a run: a token that is there, fresh, and asked for once.

Only the holder of the lease comes here, so a grant is never refreshed twice at a time; that breaks
connections elsewhere.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from taskwire.application.calendar.ports import (
    Access,
    CalendarError,
    CalendarStore,
    Claim,
    Consents,
)
from taskwire.domain.calendar.troubles import Trouble

T = TypeVar("T")

RENEWED_BEFORE_END_S = 120
ACCESSES_MAX = 10_000


@dataclass(slots=True)
class AccessCache:
    """Access tokens live in the memory of a process and nowhere else."""

    now_s: Callable[[], float]
    _kept: dict[int, tuple[Access, float]] = field(default_factory=dict)

    def get(self, person_id: int) -> Access | None:
        access, ends_at_s = self._kept.get(person_id, (None, 0.0))
        return access if self.now_s() + RENEWED_BEFORE_END_S < ends_at_s else None

    def put(self, person_id: int, access: Access) -> None:
        if len(self._kept) >= ACCESSES_MAX:
            self._kept.clear()
        self._kept[person_id] = (access, self.now_s() + access.expires_in_s)

    def drop(self, person_id: int) -> None:
        self._kept.pop(person_id, None)


@dataclass(slots=True)
class Session:
    claim: Claim
    store: CalendarStore
    consents: Consents
    cache: AccessCache

    async def call(self, ask: Callable[[Access], Awaitable[T]]) -> T:
        """Ask with a good token; when it was refused after all, once more with a new one."""
        access = self.cache.get(self.claim.person_id) or await self._renew()
        try:
            return await ask(access)
        except CalendarError as error:
            if error.trouble is not Trouble.SIGN_IN:
                raise
        return await ask(await self._renew())

    async def _renew(self) -> Access:
        person_id = self.claim.person_id
        self.cache.drop(person_id)
        refresh_token = await self.store.refresh_token(person_id)
        if refresh_token is None:
            raise CalendarError(Trouble.SIGN_IN, "there is no refresh token that we can read")
        grant = await self.consents.refresh(refresh_token)
        if grant.refresh_token is not None:
            await self.store.replace_refresh_token(self.claim, grant.refresh_token)
        self.cache.put(person_id, grant.access)
        return grant.access
