"""A person's calendar under a secret address: whoever has the address reads it, nobody writes.

The secret has 256 bits, is shown once and kept as its hash alone. Making a new address ends the one
before; a sign-out or a new password does not: the address belongs to a calendar program.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from taskwire.application.exports import Exports, WrittenFile, feed_document
from taskwire.domain.errors import NotFoundError, ThrottledError

SECRET_BYTES = 32
WINDOW_S = 60
READERS_REMEMBERED_MAX = 10_000
FEED_VERSION = 1
"""Part of the feed's tag: raise it when the same tasks are written differently."""

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class FeedOwner:
    """Whose feed it is, and where their tasks are in the stream."""

    person_id: int
    epoch: str
    seq: int


class FeedStore(Protocol):
    async def created_at(self, person_id: int) -> datetime | None: ...

    async def put(self, person_id: int, digest: str) -> None:
        """The only address of this person from now on."""
        ...

    async def drop(self, person_id: int) -> None: ...

    async def owner(self, digest: str) -> FeedOwner | None: ...


@dataclass(slots=True)
class RequestRate:
    """So many requests a minute for each person, counted in this process."""

    per_minute_max: int
    clock: Callable[[], float] = time.monotonic
    _began_s: float = 0.0
    _counts: dict[int, int] = field(default_factory=dict)

    def take(self, person_id: int) -> None:
        """Count a request; ThrottledError when there were too many."""
        now_s = self.clock()
        is_over = now_s - self._began_s >= WINDOW_S or len(self._counts) >= READERS_REMEMBERED_MAX
        if is_over:
            self._began_s = now_s
            self._counts.clear()
        count = self._counts.get(person_id, 0) + 1
        self._counts[person_id] = count
        if count > self.per_minute_max:
            left_s = int(self._began_s + WINDOW_S - now_s) + 1
            raise ThrottledError(left_s, "This calendar is read too often.")


@dataclass(frozen=True, slots=True)
class Feeds:
    store: FeedStore
    exports: Exports
    rate: RequestRate

    async def created_at(self, person_id: int) -> datetime | None:
        return await self.store.created_at(person_id)

    async def create(self, person_id: int) -> str:
        """A new secret; the one before is worth nothing from now on."""
        secret = secrets.token_urlsafe(SECRET_BYTES)
        await self.store.put(person_id, _digest(secret))
        return secret

    async def revoke(self, person_id: int) -> None:
        await self.store.drop(person_id)

    async def find(self, secret: str) -> FeedOwner:
        """Whose secret it is; a wrong one is simply not there."""
        owner = await self.store.owner(_digest(secret)) if _SECRET.fullmatch(secret) else None
        if owner is None:
            raise NotFoundError
        self.rate.take(owner.person_id)
        return owner

    async def write(self, owner: FeedOwner) -> WrittenFile:
        return await self.exports.write(owner.person_id, feed_document)


def feed_tag(shown: FeedOwner | WrittenFile) -> str:
    """The same tag, the same bytes: a feed shows nothing but tasks."""
    return f'"{shown.epoch}.{shown.seq}.{FEED_VERSION}"'


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
