"""Sends what is due: pushes, mails, digests. Called by a nudge and by a tick; twice does no harm.

What is to be sent stands in rows, written together with the notification. A worker claims some for
a while, sends, and notes what came of it; one that dies in between leaves rows that are due again.
The other side cannot take part in our transaction, so a message may go out twice when a worker dies
between its answer and our note. It then has the same id, by which a browser or a mailbox joins it.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import orjson

from taskwire.application.delivery_ports import (
    ClaimedDelivery,
    DeliveryStore,
    DigestParcel,
    Letter,
    LetterParcel,
    LetterSender,
    NoParcel,
    PushParcel,
    PushSender,
)
from taskwire.application.letters.digests import digest_letter
from taskwire.application.letters.notices import notice_letter
from taskwire.domain.delivery import Again, Dropped, Outcome, Over, after, send_at
from taskwire.domain.notification import REMINDER_DUE, SIGN_IN, Notification

PAYLOAD_TEXT_MAX = 300
"""Characters of title and of body: at six bytes each (an escaped control character) a push stays
within the 4,096 bytes that push services take."""

_URGENT = frozenset({REMINDER_DUE, SIGN_IN})


@dataclass(frozen=True, slots=True)
class DeliveryBounds:
    attempts_max: int
    batch_size: int
    turn_s: float
    """After so long no further batch is begun: the worker has other things to do as well."""


@dataclass(slots=True)
class DeliveryCounters:
    push: Counter[str] = field(default_factory=Counter)
    email: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Deliveries:
    """A road that is not there (None) refuses what was to go by it."""

    store: DeliveryStore
    push: PushSender | None
    mail: LetterSender | None
    bounds: DeliveryBounds
    link: str
    now: Callable[[], datetime]
    log: Callable[[str, ClaimedDelivery, str], None]
    chance: Callable[[], float] = random.random
    counters: DeliveryCounters = field(default_factory=DeliveryCounters)

    async def run(self) -> int:
        """One turn: the digests that are due, then what is to be sent; how many were worked on."""
        ends_at = self.now() + timedelta(seconds=self.bounds.turn_s)
        size, worked = self.bounds.batch_size, 0
        while self.now() < ends_at:
            # With each batch: at eight in the morning there may be thousands.
            started = await self.store.start_digests(size)
            batch = await self.store.claim(size)
            await asyncio.gather(*(self._deliver(claimed) for claimed in batch))
            worked += len(batch)
            if max(started, len(batch)) < size:
                break
        return worked

    async def _deliver(self, claimed: ClaimedDelivery) -> None:
        now = self.now()
        welcome_at = send_at(claimed.kind, claimed.preferences, now)
        if welcome_at > now:  # it failed in the evening, and its next try fell into the night
            await self.store.settle(claimed, Again(welcome_at, "quiet hours"))
            return
        outcome = await self._send(claimed)
        verdict = after(
            outcome, claimed.attempts, self.bounds.attempts_max, self.now(), self.chance()
        )
        await self.store.settle(claimed, verdict)
        self._note(claimed, verdict)

    async def _send(self, claimed: ClaimedDelivery) -> Outcome:
        match claimed.parcel:
            case NoParcel(reason):
                return Dropped(reason)
            case PushParcel(keys, told) if self.push is not None:
                payload = push_payload(told, claimed.preferences.language)
                urgency = "high" if told.kind in _URGENT else "normal"
                return await self.push.send(keys, payload, urgency, f"n{told.id}")
            case LetterParcel() | DigestParcel() if self.mail is not None:
                return await self.mail.send(self._letter(claimed, claimed.parcel))
            case _:
                return Dropped("this installation has no such road")

    def _letter(self, claimed: ClaimedDelivery, parcel: LetterParcel | DigestParcel) -> Letter:
        # Of the row's number alone it would come again after a backup was restored.
        letter_id = f"{claimed.id}.{claimed.created_at:%Y%m%d%H%M%S%f}"
        if isinstance(parcel, LetterParcel):
            return notice_letter(letter_id, parcel, claimed.preferences.language, self.link)
        return digest_letter(letter_id, parcel, claimed.preferences, self.link)

    def _note(self, claimed: ClaimedDelivery, verdict: Over | Again) -> None:
        word = verdict.outcome if isinstance(verdict, Over) else "retried"
        counter = self.counters.push if claimed.channel == "push" else self.counters.email
        counter[word] += 1
        if word in {"given_up", "retried"} and verdict.reason:
            self.log(word, claimed, verdict.reason)


def push_payload(notification: Notification, language: str) -> bytes:
    return orjson.dumps(
        {
            "id": notification.id,
            "kind": notification.kind,
            "title": notification.title[:PAYLOAD_TEXT_MAX],
            "body": notification.body[:PAYLOAD_TEXT_MAX],
            "task_id": notification.task_id,
            "language": language,
        }
    )
