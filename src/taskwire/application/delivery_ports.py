"""What sending to people needs of the world."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol, TypeAlias

from taskwire.application.ports import Answer, KeyTaken, Missing, WriteKey
from taskwire.domain.delivery import Again, Outcome, Over
from taskwire.domain.notification import Notification
from taskwire.domain.preferences import Preferences

# --- preferences and subscriptions --------------------------------------------------------------


class PreferenceStore(Protocol):
    async def find(self, person_id: int) -> Preferences: ...

    async def change(
        self,
        person_id: int,
        alter: Callable[[Preferences], Preferences],
        show: Callable[[Preferences], bytes],
        write: WriteKey | None,
    ) -> Answer | KeyTaken:
        """Alter what is there in one transaction, and answer with what `show` makes of it."""
        ...


@dataclass(frozen=True, slots=True)
class PushKeys:
    """Where a browser wants its messages, and what they are locked with; all of it is secret."""

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)


class PushSubscriptionStore(Protocol):
    async def add(
        self, person_id: int, session_id: str, keys: PushKeys, write: WriteKey | None
    ) -> Answer | KeyTaken:
        """201 with an id; 200 with the same id when this person has the endpoint already.

        An endpoint is one browser's: it follows whoever signed in there last. It ends with its
        sign-in.
        """
        ...

    async def remove(
        self, person_id: int, subscription_id: int, write: WriteKey | None
    ) -> Answer | Missing | KeyTaken: ...


# --- deliveries ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DueTask:
    title: str
    due_at: datetime | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Digest:
    """A person's day; the lists are cut, the counts are not."""

    day: date
    tasks: Sequence[DueTask]
    tasks_count: int
    unread: Sequence[Notification]
    unread_count: int


@dataclass(frozen=True, slots=True)
class PushParcel:
    keys: PushKeys
    notification: Notification


@dataclass(frozen=True, slots=True)
class LetterParcel:
    email: str
    notification: Notification


@dataclass(frozen=True, slots=True)
class DigestParcel:
    email: str
    name: str
    digest: Digest


@dataclass(frozen=True, slots=True)
class NoParcel:
    """What was to be sent is not there any more, or need not go out."""

    reason: str


Parcel: TypeAlias = PushParcel | LetterParcel | DigestParcel | NoParcel


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A delivery that is this worker's for a while; `attempts` tells it from an older claim."""

    id: int
    attempts: int
    channel: str
    kind: str
    created_at: datetime
    preferences: Preferences
    parcel: Parcel


class DeliveryStore(Protocol):
    """The row is the truth; a message to a worker is only a nudge."""

    async def claim(self, limit: int) -> Sequence[ClaimedDelivery]:
        """Take what is due, each for a bounded time; a claimed one that is not settled comes back."""
        ...

    async def settle(self, claimed: ClaimedDelivery, verdict: Over | Again) -> None:
        """Note what came of it, unless somebody claimed it since."""
        ...

    async def start_digests(self, limit: int) -> int:
        """Write the deliveries of the digests that are due: one for each person and day."""
        ...

    async def state(self) -> Mapping[str, float]:
        """Numbers for operators."""
        ...


class DeliveryQueue(Protocol):
    def nudge_deliveries(self) -> None:
        """Tell a worker that something may be due to be sent; never blocks, may be lost."""
        ...


class PushSender(Protocol):
    async def send(self, keys: PushKeys, payload: bytes, urgency: str, topic: str) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail. `id` is the same for each attempt, so that a mailbox can know a double."""

    id: str
    to: str
    subject: str
    text: str
    html: str = field(repr=False)


class LetterSender(Protocol):
    async def send(self, letter: Letter) -> Outcome: ...
