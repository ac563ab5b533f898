"""`taskwire migrate` and `taskwire users`: what an operator does from the command line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from taskwire.adapters.database import schema
from taskwire.adapters.security.passwords import Argon2Passwords
from taskwire.application.ports import PersonRow
from taskwire.bootstrap.stores import Stores, make_passwords, open_stores
from taskwire.domain.errors import (
    EmailTakenError,
    NotFoundError,
)
from taskwire.domain.person import Person, check_email, check_name, check_password
from taskwire.settings import Settings


def migrate(settings: Settings) -> None:
    # Here, because Alembic takes a quarter of a second to load and nobody else needs it.
    from taskwire.adapters.database.migrate import migrate as run_migrations  # noqa: PLC0415

    run_migrations(settings.database_url, wait_s=settings.database_wait_s)


def wait_for_schema(settings: Settings) -> None:
    asyncio.run(_wait_for_schema(settings))


async def _wait_for_schema(settings: Settings) -> None:
    async with open_stores(settings) as stores:
        await schema.wait_for_schema(stores.database, settings.database_wait_s)


@dataclass(frozen=True, slots=True)
class Admin:
    """People, administered from the command line."""

    stores: Stores
    passwords: Argon2Passwords

    async def add_person(self, email: str, name: str, password: str) -> int:
        checked = check_email(email), check_name(name)
        password_hash = await self.passwords.hash(check_password(password))
        person = await self.stores.people.add(*checked, password_hash)
        if person is None:
            raise EmailTakenError
        return person.id

    async def add_people(self, rows: Sequence[tuple[str, str, str]]) -> None:
        """Add (email, name, password) each; as many at once as hashes may be computed."""
        for start in range(0, len(rows), PEOPLE_AT_ONCE):
            batch = rows[start : start + PEOPLE_AT_ONCE]
            await asyncio.gather(*(self.add_person(*row) for row in batch))

    async def list_people(self) -> Sequence[PersonRow]:
        return await self.stores.people.everybody()

    async def delete_person(self, email: str) -> None:
        person = await self._find(email)
        await self.stores.upkeep.delete_person(person.id)

    async def set_password(self, email: str, password: str) -> None:
        """And sign out everywhere: whoever knew the old one is out."""
        person = await self._find(email)
        password_hash = await self.passwords.hash(check_password(password))
        await self.stores.people.set_password_hash(person.id, password_hash)
        await self.stores.sessions.close_all(person.id)

    async def sign_out_everywhere(self, email: str) -> None:
        person = await self._find(email)
        await self.stores.sessions.close_all(person.id)

    async def _find(self, email: str) -> Person:
        credentials = await self.stores.people.credentials(check_email(email))
        if credentials is None:
            raise NotFoundError(f"There is no account {email}.")
        return credentials.person


PEOPLE_AT_ONCE = 50


@asynccontextmanager
async def open_admin(settings: Settings) -> AsyncIterator[Admin]:
    async with open_stores(settings) as stores:
        await schema.wait_for_schema(stores.database, settings.database_wait_s)
        yield Admin(stores, make_passwords(settings))
