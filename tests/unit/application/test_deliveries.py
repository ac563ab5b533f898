from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

import orjson
import pytest

from taskwire.adapters.web_push.encryption import PLAINTEXT_BYTES_MAX
from taskwire.application.deliveries import Deliveries, DeliveryBounds, push_payload
from taskwire.application.delivery_ports import (
    ClaimedDelivery,
    Letter,
    LetterParcel,
    NoParcel,
    Parcel,
    PushKeys,
    PushParcel,
)
from taskwire.application.push_subscriptions import PushOffError, PushSubscriptions
from taskwire.domain.delivery import Again, Failed, Outcome, Over, Sent
from taskwire.domain.notification import Notification
from taskwire.domain.preferences import Preferences
from taskwire.domain.quiet_hours import QuietHours

NOW = datetime(2026, 6, 2, 1, 0, tzinfo=UTC)
TOLD = Notification(7, "reminder_due", "Milk", "It is due.", 3, None, NOW)
PUSH = PushParcel(PushKeys("https://push.example.org/a", "p256dh", "auth"), TOLD)
LETTER = LetterParcel("ann@example.org", TOLD)


def claimed(
    parcel: Parcel, preferences: Preferences | None = None, attempts: int = 1, number: int = 1
) -> ClaimedDelivery:
    channel = "email" if isinstance(parcel, LetterParcel) else "push"
    wishes = preferences or Preferences()
    return ClaimedDelivery(number, attempts, channel, TOLD.kind, NOW, wishes, parcel)


@dataclass
class MemoryDeliveries:
    """Gives what waits, and keeps what was settled."""

    waiting: list[ClaimedDelivery]
    settled: list[Over | Again] = field(default_factory=list)
    digests: int = 0

    async def claim(self, limit: int) -> Sequence[ClaimedDelivery]:
        taken, self.waiting = self.waiting[:limit], self.waiting[limit:]
        return taken

    async def settle(self, claimed: ClaimedDelivery, verdict: Over | Again) -> None:
        self.settled.append(verdict)

    async def start_digests(self, limit: int) -> int:
        started = min(limit, self.digests)
        self.digests -= started
        self.waiting += [claimed(LETTER) for _ in range(started)]
        return started

    async def state(self) -> Mapping[str, float]:
        return {}


@dataclass
class Outside:
    """A push service and a mail server in one: answers the same to all."""

    outcome: Outcome = field(default_factory=Sent)
    pushes: list[tuple[bytes, str, str]] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)


@dataclass
class MemoryPush:
    outside: Outside

    async def send(self, keys: PushKeys, payload: bytes, urgency: str, topic: str) -> Outcome:
        self.outside.pushes.append((payload, urgency, topic))
        return self.outside.outcome


@dataclass
class MemoryMail:
    outside: Outside

    async def send(self, letter: Letter) -> Outcome:
        self.outside.letters.append(letter)
        return self.outside.outcome


def desk(
    *waiting: ClaimedDelivery, outside: Outside | None = None, has_roads: bool = True
) -> tuple[Deliveries, MemoryDeliveries, list[str]]:
    store, logged = MemoryDeliveries(list(waiting)), list[str]()
    there = outside or Outside()
    made = Deliveries(
        store=store,
        push=MemoryPush(there) if has_roads else None,
        mail=MemoryMail(there) if has_roads else None,
        bounds=DeliveryBounds(attempts_max=3, batch_size=2, turn_s=20),
        link="https://tasks.example.org",
        now=lambda: NOW,
        log=lambda word, _, reason: logged.append(f"{word}: {reason}"),
        chance=lambda: 1.0,
    )
    return made, store, logged


async def test_a_push_carries_the_notification_and_the_language() -> None:
    outside = Outside()
    made, store, _ = desk(claimed(PUSH, Preferences(language="he")), outside=outside)
    assert await made.run() == 1
    ((payload, urgency, topic),) = outside.pushes
    assert orjson.loads(payload) == {
        "id": 7,
        "kind": "reminder_due",
        "title": "Milk",
        "body": "It is due.",
        "task_id": 3,
        "language": "he",
    }
    assert (urgency, topic, store.settled) == ("high", "n7", [Over("sent")])


async def test_each_attempt_of_a_letter_has_the_same_id() -> None:
    """So a mailbox that got it twice shows it once."""
    outside = Outside(Failed("busy"))
    made, store, logged = desk(claimed(LETTER), claimed(LETTER, attempts=2), outside=outside)
    await made.run()
    assert len({letter.id for letter in outside.letters}) == 1
    assert store.settled[0] == Again(NOW + timedelta(seconds=30), "busy")
    assert logged == ["retried: busy", "retried: busy"]


async def test_what_failed_too_often_is_given_up_and_said_so() -> None:
    made, store, logged = desk(claimed(PUSH, attempts=3), outside=Outside(Failed("busy")))
    await made.run()
    assert (store.settled, logged) == ([Over("given_up", "busy")], ["given_up: busy"])
    assert made.counters.push == {"given_up": 1}


async def test_what_is_not_wanted_any_more_is_dropped_without_a_word() -> None:
    outside = Outside()
    made, store, logged = desk(claimed(NoParcel("read meanwhile")), outside=outside)
    await made.run()
    assert store.settled == [Over("dropped", "read meanwhile")]
    assert (outside.pushes, logged) == ([], [])


async def test_a_retry_that_falls_into_the_night_waits_for_the_morning() -> None:
    outside = Outside()
    sleeper = Preferences(quiet_hours=QuietHours(time(22), time(7)))
    made, store, _ = desk(claimed(PUSH, sleeper), outside=outside)
    await made.run()
    assert store.settled == [Again(NOW.replace(hour=7), "quiet hours")]
    assert outside.pushes == []


async def test_a_turn_works_on_all_that_is_due_batch_by_batch() -> None:
    waiting = [claimed(PUSH, number=number) for number in range(5)]
    made, store, _ = desk(*waiting)
    assert await made.run() == 5
    assert store.settled == [Over("sent")] * 5


async def test_all_digests_of_the_hour_are_begun_in_one_turn() -> None:
    """Of a hundred people who want theirs at eight, the last one waited for half a minute."""
    made, store, _ = desk()
    store.digests = 7
    assert await made.run() == 7
    assert store.settled == [Over("sent")] * 7


async def test_without_a_road_it_is_dropped() -> None:
    made, store, _ = desk(claimed(PUSH), claimed(LETTER), has_roads=False)
    await made.run()
    assert [verdict for verdict in store.settled if isinstance(verdict, Over)] == store.settled
    assert made.counters.email == made.counters.push == {"dropped": 1}


@pytest.mark.parametrize("character", ["x", "\U0001f600", "\x01", '"', "ש"])
def test_the_longest_text_fits_into_a_push(character: str) -> None:
    told = Notification(2**63 - 1, "reminder_due", character * 500, character * 5000, 2**63 - 1, None, NOW)  # fmt: skip
    assert len(push_payload(told, "he")) <= PLAINTEXT_BYTES_MAX


def test_where_there_is_no_key_there_is_no_push() -> None:
    class NoStore:
        """Nothing is asked of it."""

    off = PushSubscriptions(NoStore(), "", check=lambda _: None)  # type: ignore[arg-type]
    with pytest.raises(PushOffError, match="VAPID_PRIVATE_KEY"):
        off.key()
