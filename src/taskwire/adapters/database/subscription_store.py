"""Web Push subscriptions in the database: each is one browser of one sign-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson
from sqlalchemy import Connection, delete, insert, select, update

from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.preference_store import answer_once
from taskwire.adapters.database.row_and_event import Origin, find_answer
from taskwire.adapters.database.tables import push_subscriptions
from taskwire.application.channels import notifications_channel
from taskwire.application.delivery_ports import PushKeys
from taskwire.application.ports import Answer, KeyTaken, Missing, WriteKey

_COLUMNS = push_subscriptions.c


@dataclass(frozen=True, slots=True)
class DatabaseSubscriptionStore:
    """`per_person_max`: beyond it the oldest goes, which is a browser that nobody uses."""

    database: Database
    per_person_max: int

    async def add(
        self, person_id: int, session_id: str, keys: PushKeys, write: WriteKey | None
    ) -> Answer | KeyTaken:
        origin = Origin(person_id, notifications_channel(person_id), write)

        def work(connection: Connection) -> Answer | KeyTaken:
            remembered = find_answer(connection, origin)
            if remembered is not None:
                return remembered
            known = _renew(connection, person_id, session_id, keys)
            status, number = (200, known) if known else (201, None)
            if number is None:
                number = _insert(connection, person_id, session_id, keys)
                self._keep_the_newest(connection, person_id)
            return answer_once(connection, origin, status, orjson.dumps({"id": number}))

        return await self.database.write(work)

    async def remove(
        self, person_id: int, subscription_id: int, write: WriteKey | None
    ) -> Answer | Missing | KeyTaken:
        origin = Origin(person_id, notifications_channel(person_id), write)
        removed = delete(push_subscriptions).where(
            _COLUMNS.id == subscription_id, _COLUMNS.person_id == person_id
        )

        def work(connection: Connection) -> Answer | Missing | KeyTaken:
            remembered = find_answer(connection, origin)
            if remembered is not None:
                return remembered
            if connection.execute(removed).rowcount == 0:
                return Missing()
            return answer_once(connection, origin, 204, b"")

        return await self.database.write(work)

    def _keep_the_newest(self, connection: Connection, person_id: int) -> None:
        newest = (
            select(_COLUMNS.id)
            .where(_COLUMNS.person_id == person_id)
            .order_by(_COLUMNS.id.desc())
            .limit(self.per_person_max)
        )
        connection.execute(
            delete(push_subscriptions).where(
                _COLUMNS.person_id == person_id, _COLUMNS.id.not_in(newest)
            )
        )


def end_subscriptions(connection: Connection, session_ids: Sequence[str]) -> None:
    """A browser that is signed out is told nothing more."""
    connection.execute(delete(push_subscriptions).where(_COLUMNS.session_id.in_(session_ids)))


def _renew(connection: Connection, person_id: int, session_id: str, keys: PushKeys) -> int | None:
    """The id under which this person has the endpoint already, its keys brought up to date."""
    renewed = (
        update(push_subscriptions)
        .where(_COLUMNS.endpoint == keys.endpoint, _COLUMNS.person_id == person_id)
        .values(session_id=session_id, p256dh=keys.p256dh, auth=keys.auth)
    )
    number: int | None = connection.execute(renewed.returning(_COLUMNS.id)).scalar_one_or_none()
    return number


def _insert(connection: Connection, person_id: int, session_id: str, keys: PushKeys) -> int:
    # Whoever signed in at this browser before must not be told about through it any more.
    connection.execute(delete(push_subscriptions).where(_COLUMNS.endpoint == keys.endpoint))
    row = {"person_id": person_id, "session_id": session_id, "created_at": datetime.now(UTC)}
    row |= {"endpoint": keys.endpoint, "p256dh": keys.p256dh, "auth": keys.auth}
    added = insert(push_subscriptions).values(**row).returning(_COLUMNS.id)
    number: int = connection.execute(added).scalar_one()
    return number
