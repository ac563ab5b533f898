"""People made and unmade behind the product's back, as an operator does it on the same database."""

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert

from taskwire.adapters.database.connection import Database, open_database
from taskwire.adapters.database.person_store import DatabasePersonStore
from taskwire.adapters.database.row_and_event import Origin, append_events
from taskwire.adapters.database.tables import people, sessions
from taskwire.adapters.database.upkeep import Retention, Upkeep
from taskwire.adapters.security.tokens import JwtTokens
from taskwire.application.channels import tasks_channel
from tests.product.serving import Serving

_LIFETIME_S = 900


@dataclass(frozen=True)
class Known:
    """Somebody who is signed in without ever having asked."""

    id: int
    session_id: str
    token: str


def tokens_of(product: Serving) -> JwtTokens:
    """Signs as the product does."""
    return tokens_by(product.deployment.secret_key)


def tokens_by(secret_key: str) -> JwtTokens:
    return JwtTokens((secret_key,), access_lifetime_s=_LIFETIME_S, ticket_lifetime_s=30)


@asynccontextmanager
async def database_of(product: Serving) -> AsyncIterator[Database]:
    async with database_at(product.deployment.database_url) as database:
        yield database


@asynccontextmanager
async def database_at(url: str) -> AsyncIterator[Database]:
    database = open_database(url, pool_size=1)
    try:
        yield database
    finally:
        await database.close()


async def add_people(product: Serving, count: int) -> Sequence[Known]:
    """Make many signed-in people in one transaction."""
    async with database_of(product) as database:
        return await add_people_to(database, tokens_of(product), count)


async def add_people_to(database: Database, tokens: JwtTokens, count: int) -> Sequence[Known]:
    ids = await database.write(lambda connection: _insert(connection, count))
    return [Known(id_, f"bulk-{id_}", tokens.access(id_, f"bulk-{id_}")) for id_ in ids]


def _insert(connection: Connection, count: int) -> Sequence[int]:
    now = datetime.now(UTC)
    person = {"name": "Bulk", "password_hash": "none", "created_at": now}
    batch = secrets.token_hex(4)
    rows = [person | {"email": f"{batch}-{number}@example.org"} for number in range(count)]
    ids = connection.execute(insert(people).returning(people.c.id), rows).scalars().all()
    session = {"created_at": now, "expires_at": now + timedelta(days=1)}
    signed_in = [session | {"id": f"bulk-{id_}", "person_id": id_} for id_ in ids]
    connection.execute(insert(sessions), signed_in)
    return ids


async def delete_person(product: Serving, email: str) -> None:
    """As `taskwire users delete` does it."""
    async with database_of(product) as database:
        credentials = await DatabasePersonStore(database, 300).credentials(email)
        assert credentials is not None, "nobody has this address"
        retention = Retention(1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
        assert await Upkeep(database, retention).delete_person(credentials.person.id)


async def add_history(product: Serving, person_id: int, length: int) -> None:
    """Append many changes to a person's tasks at once, unpublished: only the log knows of them."""
    origin = Origin(person_id, tasks_channel(person_id), None)
    images = [b'{"task_id":%d}' % number for number in range(length)]
    async with database_of(product) as database:
        await database.write(lambda c: append_events(c, origin, "task_deleted", images))
