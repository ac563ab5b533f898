"""`taskwire doctor`: the parts from inside, then the whole from outside, one line each."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from taskwire.adapters.database.schema import SchemaNewerError, schema_fits
from taskwire.adapters.doctor.address import look_at_address
from taskwire.adapters.doctor.finding import Finding, ill, well, worth_a_look
from taskwire.adapters.doctor.machine import look_at_disk, look_at_open_files
from taskwire.adapters.doctor.sockets import Patient, look_at_sockets
from taskwire.adapters.jobs.names import QUEUE
from taskwire.adapters.redis.connection import RedisUnavailable, connect
from taskwire.adapters.redis.url import parse_redis_url
from taskwire.adapters.security.tokens import JwtTokens
from taskwire.bootstrap.answers import PULSES_MISSED_MAX
from taskwire.bootstrap.stores import Stores, open_stores
from taskwire.bootstrap.worker import WORKER_PULSE
from taskwire.domain.device import Device
from taskwire.domain.errors import UnavailableError
from taskwire.settings import Settings

REDIS_S = 3.0
PATIENT_DOMAIN = "doctor.invalid"
NO_PASSWORD = "none"  # noqa: S105 - no hash, so no password fits it
PATIENT_TOKEN_S = 300
HERE = Device("taskwire doctor", "127.0.0.1")


@dataclass(frozen=True, slots=True)
class Examination:
    """`url` is the public address. With a `token` of somebody's, only what is outside is looked at."""

    settings: Settings
    url: str

    async def from_outside(self, token: str) -> list[Finding]:
        findings = await look_at_address(self.url)
        return [*findings, *await look_at_sockets(Patient(self.url, token))]

    async def whole(self) -> list[Finding]:
        findings = [*self._machine(), self._public_url(), await self._redis()]
        async with open_stores(self.settings) as stores:
            database = await self._database(stores)
            findings += [*database]
            if any(finding.subject == "database" for finding in database):
                return [*findings, *await look_at_address(self.url)]
            findings.append(await self._worker(stores))
            async with self._patient(stores) as token:
                return [*findings, *await self.from_outside(token)]

    def _machine(self) -> list[Finding]:
        folder = Path(self.settings.database_url.removeprefix("sqlite:///")).parent
        is_here = self.settings.database_url.startswith("sqlite:")
        disks = [look_at_disk(folder)] if is_here else []
        return [*disks, look_at_open_files(self.settings.sockets_max)]

    def _public_url(self) -> Finding:
        if self.settings.public_url:
            return well("PUBLIC_URL", self.settings.public_url)
        return worth_a_look("PUBLIC_URL", "not set: right only when nobody comes from elsewhere")

    async def _redis(self) -> Finding:
        try:
            url = parse_redis_url(self.settings.redis_url)
            connection = await connect(url, REDIS_S, name="taskwire-doctor")
            await connection.ask(("PING",), REDIS_S)
            await connection.end()
        except RedisUnavailable as trouble:
            return worth_a_look("Redis", f"unreachable ({trouble}): changes come a second late")
        return well("Redis", "answers")

    async def _database(self, stores: Stores) -> list[Finding]:
        """Only trouble has the subject "database": without it nothing else can be looked at."""
        try:
            if await schema_fits(stores.database):
                return [well("schema", "the database answers, and its schema is ours")]
        except SchemaNewerError as error:
            return [ill("database", str(error))]
        except UnavailableError:
            return [ill("database", "it does not answer: see that it runs, and check DATABASE_URL")]
        return [ill("database", "its schema is older than this version: run `taskwire migrate`")]

    async def _worker(self, stores: Stores) -> Finding:
        silent_s = (await stores.upkeep.pulses()).get(WORKER_PULSE)
        allowed_s = PULSES_MISSED_MAX * self.settings.worker_tick_interval_s
        if silent_s is not None and silent_s <= allowed_s:
            return well("worker", f"seen {silent_s:.0f} s ago, so beat runs as well")
        told = "never seen" if silent_s is None else f"silent for {silent_s:.0f} s"
        waiting = await self._waiting_in_queue()
        if waiting:
            return ill("worker", f"{told}, {waiting} jobs wait: `taskwire worker` does not run")
        return ill("worker", f"{told}, nothing is queued: `taskwire beat` or Redis does not run")

    async def _waiting_in_queue(self) -> int:
        try:
            url = parse_redis_url(self.settings.redis_url)
            connection = await connect(url, REDIS_S, name="taskwire-doctor")
            await connection.ask(("SELECT", url.database), REDIS_S)
            waiting = await connection.ask(("LLEN", QUEUE), REDIS_S)
            await connection.end()
        except RedisUnavailable:
            return 0
        return waiting if isinstance(waiting, int) else 0

    @asynccontextmanager
    async def _patient(self, stores: Stores) -> AsyncIterator[str]:
        """Somebody who lives as long as the examination: no password, no address, one sign-in.

        One who was left behind by a doctor that was killed goes as well.
        """
        email = f"{secrets.token_hex(8)}@{PATIENT_DOMAIN}"
        person = await stores.people.add(email, "taskwire doctor", NO_PASSWORD)
        assert person is not None, "64 random bits are nobody's address"
        session = await stores.sessions.open(person.id, secrets.token_hex(32), HERE)
        tokens = JwtTokens(
            self.settings.secret_keys,
            access_lifetime_s=PATIENT_TOKEN_S,
            ticket_lifetime_s=self.settings.ws_ticket_lifetime_s,
        )
        try:
            yield tokens.access(person.id, session.id)
        finally:
            await asyncio.shield(_remove_patients(stores))


async def _remove_patients(stores: Stores) -> None:
    for person in await stores.people.everybody():
        if person.email.endswith(f"@{PATIENT_DOMAIN}"):
            await stores.upkeep.delete_person(person.id)
