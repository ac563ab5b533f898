"""What machines ask, and what operators read: health, readiness, metrics, logs."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from taskwire.adapters.rest.auth import REFRESH_COOKIE
from taskwire.bootstrap.serving import Serving as Inside
from taskwire.bootstrap.serving import open_serving
from taskwire.realtime.close_codes import CLOSE_REASONS
from taskwire.settings import Settings
from tests.fakes.waiting import wait_until_answer
from tests.product.line import line
from tests.product.metrics import metric
from tests.product.person import PASSWORD, Person, anonymous
from tests.product.serving import Deployment, Serving, serving, working
from tests.services.processes import free_port
from tooling.places import ROOT

SETTINGS = {"LOG_LEVEL": "DEBUG", "WORKER_TICK_INTERVAL_S": "1"}


async def test_the_process_says_that_it_answers(product: Serving) -> None:
    async with anonymous(product) as http:
        answer = await http.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_without_a_worker_it_is_degraded_and_with_one_it_is_well(product: Serving) -> None:
    async with anonymous(product) as http:
        answer = await http.get("/readyz")
        assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
        assert answer.json()["checks"]["redis"] == answer.json()["checks"]["database"] == "ok"

        async def is_well() -> bool:
            return bool((await http.get("/readyz")).json()["status"] == "ok")

        with working(product.deployment):
            await wait_until_answer(is_well, 50)


async def test_what_happens_is_counted(ann: Person) -> None:
    async with ann.line() as opened:
        assert await metric(ann.product, "taskwire_realtime_sockets") == 1
        await ann.add()
        await opened.frame()
    assert await metric(ann.product, "taskwire_realtime_deliveries_total") >= 2
    assert await metric(ann.product, "taskwire_publisher_published_total") >= 1
    assert await metric(ann.product, "taskwire_realtime_failures_total") == 0


async def test_what_the_database_knows_is_among_the_metrics(product: Serving) -> None:
    assert await metric(product, "taskwire_publisher_queue") == 0
    async with anonymous(product) as http:

        async def is_sampled() -> bool:
            return "taskwire_jobs_queued 0.0" in (await http.get("/metrics")).text

        await wait_until_answer(is_sampled, 50)


async def test_alarms_and_pictures_are_made_of_metrics_that_there_are(product: Serving) -> None:
    folder = ROOT / "deploy" / "monitoring"
    written = "".join((folder / name).read_text() for name in ("alerts.yml", "grafana.json"))
    wanted = set(re.findall(r"\btaskwire_[a-z_]+", written))
    # A labelled counter has no sample before it counted once.
    wanted -= {f"taskwire_realtime_{name}_total" for name in ("gap_repairs", "resets", "closes")}
    with working(product.deployment):
        async with anonymous(product) as http:

            async def all_are_there() -> bool:
                families = text_string_to_metric_families((await http.get("/metrics")).text)
                return wanted <= {s.name for family in families for s in family.samples}

            await wait_until_answer(all_are_there, 60)
    reasons = {reason.name for reason in CLOSE_REASONS}
    assert set(re.findall(r'closes_total{reason="(\w+)"', written)) <= reasons


async def test_every_metric_has_a_name_of_ours_and_one_meaning(product: Serving) -> None:
    async with anonymous(product) as http:
        text = (await http.get("/metrics")).text
    families = list(text_string_to_metric_families(text))
    names = [family.name for family in families]
    assert len(names) == len(set(names))
    assert all(name.startswith(("taskwire_", "process_", "python_")) for name in names)


async def test_the_documentation_of_the_api_is_there_while_we_are_not_public(
    product: Serving,
) -> None:
    async with anonymous(product) as http:
        assert (await http.get("/docs")).status_code == 200
        paths = (await http.get("/openapi.json")).json()["paths"]
    assert {"/api/tasks", "/api/changes", "/api/auth/login", "/api/imports"} <= set(paths)


async def test_no_token_and_no_password_is_ever_logged(deployment: Deployment) -> None:
    """At DEBUG, where libraries tell all they know."""
    with serving(deployment, "canary") as canary:
        secrets = await use_all_secrets(canary)
        secrets += [deployment.secret_key, str(canary.redis.password)]
        logged = canary.logged
    found = [secret for secret in secrets if secret in logged or secret[-20:] in logged]
    assert found == []
    assert "startup complete" in logged, "the log is where we looked"
    assert not re.search(r"postgresql://\w+:(?!\[redacted\])[^@\s]+@", logged)
    assert not re.search(r"eyJ[\w-]{10,}\.[\w-]{10,}", logged)


async def use_all_secrets(product: Serving) -> list[str]:
    body = {"email": "canary@example.org", "name": "Canary", "password": PASSWORD}
    async with anonymous(product) as http:
        token = (await http.post("/api/auth/register", json=body)).json()["access_token"]
        first = http.cookies[REFRESH_COOKIE]
        headers = {"Authorization": f"Bearer {token}"}
        ticket = (await http.post("/api/auth/ws-ticket", headers=headers)).json()["token"]
        spoiled = token[:-4] + "AAAA"
        await http.get("/api/tasks", headers={"Authorization": f"Bearer {spoiled}"})
        await http.get(f"/ws/tasks?token={token}")
        await http.get(f"/api/changes?channel=tasks&token={token}", headers=headers)
        await http.post("/api/auth/login", json=body | {"password": "wrong " + PASSWORD})
        await http.post("/api/auth/login", content=b'{"password":"' + PASSWORD.encode())
        async with line(product, ticket) as opened:
            await opened.send({"type": "auth", "data": {"token": spoiled}})
            await opened.close_code()
        await http.post("/api/auth/refresh")
        second = http.cookies[REFRESH_COOKIE]
        await http.post("/api/auth/logout")
    return [token, spoiled, ticket, first, second, PASSWORD]


# --- one process, from inside ---------------------------------------------------------------------


@asynccontextmanager
async def from_inside(
    database_url: str, redis_url: str, folder: Path
) -> AsyncIterator[tuple[httpx2.AsyncClient, Inside]]:
    settings = Settings(
        database_url=database_url,
        redis_url=redis_url,
        secret_key="k" * 48,
        taskwire_data_dir=folder,
        argon2_memory_kib=64,
    )
    async with open_serving(settings) as inside:
        transport = httpx2.ASGITransport(inside.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://inside") as http:
            yield http, inside


async def test_without_redis_it_serves_and_is_degraded(database_url: str, tmp_path: Path) -> None:
    nobody = f"redis://127.0.0.1:{free_port()}/0"
    async with from_inside(database_url, nobody, tmp_path) as (http, _):
        answer = await http.get("/readyz")
        assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
        assert answer.json()["checks"]["redis"] == "unreachable"
        body = {"email": "ann@example.org", "name": "Ann", "password": PASSWORD}
        token = (await http.post("/api/auth/register", json=body)).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        written = await http.post("/api/tasks", json={"title": "x"}, headers=headers)
        assert written.status_code == 201


async def test_while_draining_it_takes_nobody_new(
    database_url: str, redis_url: str, tmp_path: Path
) -> None:
    async with from_inside(database_url, redis_url, tmp_path) as (http, inside):
        await inside.drain.run()
        answer = await http.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "unavailable")


async def take_away(url: str) -> None:
    """Rename the database and put everybody out: it is not there for whoever comes again."""
    server, _, name = url.rpartition("/")
    connection = await asyncpg.connect(f"{server}/postgres")
    await connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name
    )
    await connection.close()


@pytest.mark.parametrize("path", ["/api/tasks", "/readyz"])
async def test_without_its_database_it_says_so_and_when_to_come_again(
    postgresql_url: str, redis_url: str, tmp_path: Path, path: str
) -> None:
    async with from_inside(postgresql_url, redis_url, tmp_path) as (http, _):
        body = {"email": "ann@example.org", "name": "Ann", "password": PASSWORD}
        token = (await http.post("/api/auth/register", json=body)).json()["access_token"]
        await take_away(postgresql_url)
        answer = await http.get(path, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 503
    assert path == "/readyz" or int(answer.headers["Retry-After"]) > 0
