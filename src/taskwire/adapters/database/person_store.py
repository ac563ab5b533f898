"""People and their failed sign-ins in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.tables import people, sign_in_failures
from taskwire.application.ports import Credentials, PersonRow
from taskwire.domain.person import Person

_PERSON = (people.c.id, people.c.email, people.c.name)
_FIND = select(*_PERSON).where(people.c.id == bindparam("person_id"))
_LIST = select(*_PERSON, people.c.created_at).order_by(people.c.id)
_CREDENTIALS = select(*_PERSON, people.c.password_hash).where(
    people.c.email == bindparam("wanted_email")
)


@dataclass(frozen=True, slots=True)
class DatabasePersonStore:
    database: Database
    failures_window_s: int

    async def add(self, email: str, name: str, password_hash: str) -> Person | None:
        values = {"email": email, "name": name, "password_hash": password_hash}
        added = insert(people).values(**values, created_at=_now()).returning(people.c.id)
        try:
            person_id = await self.database.write(lambda c: c.execute(added).scalar_one())
        except IntegrityError:
            return None
        return Person(person_id, email, name)

    async def find(self, person_id: int) -> Person | None:
        return await self.database.look(lambda c: find_person(c, person_id))

    async def everybody(self) -> Sequence[PersonRow]:
        rows = await self.database.look(lambda c: c.execute(_LIST).all())
        return [PersonRow(*row) for row in rows]

    async def credentials(self, email: str) -> Credentials | None:
        given = {"wanted_email": email}
        row = await self.database.look(lambda c: c.execute(_CREDENTIALS, given).one_or_none())
        return row and Credentials(Person(row.id, row.email, row.name), row.password_hash)

    async def set_password_hash(self, person_id: int, password_hash: str) -> None:
        changed = update(people).where(people.c.id == person_id)
        changed = changed.values(password_hash=password_hash)
        await self.database.write(lambda c: c.execute(changed))

    async def failures(self, subjects: Sequence[str]) -> Mapping[str, int]:
        table = sign_in_failures.c
        counted = (
            select(table.subject, func.count().label("failures"))
            .where(table.subject.in_(subjects), table.failed_at > self._window_start())
            .group_by(table.subject)
        )
        rows = await self.database.look(lambda c: c.execute(counted).all())
        return {row.subject: row.failures for row in rows}

    async def add_failure(self, subjects: Sequence[str]) -> None:
        rows = [{"subject": subject, "failed_at": _now()} for subject in subjects]
        await self.database.write(lambda c: c.execute(insert(sign_in_failures), rows))

    async def forget_failures(self, subjects: Sequence[str]) -> None:
        if not any((await self.failures(subjects)).values()):
            return  # the usual sign-in has nothing to forget and should not wait for a writer
        forgotten = delete(sign_in_failures).where(sign_in_failures.c.subject.in_(subjects))
        await self.database.write(lambda c: c.execute(forgotten))

    def _window_start(self) -> datetime:
        return _now() - timedelta(seconds=self.failures_window_s)


def find_person(connection: Connection, person_id: int) -> Person | None:
    row = connection.execute(_FIND, {"person_id": person_id}).one_or_none()
    return None if row is None else Person(*row)


def _now() -> datetime:
    return datetime.now(UTC)
