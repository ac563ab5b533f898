"""Redis over TLS, behind a password: whoever needs it reaches it, and nobody else's will do."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from taskwire.adapters.redis.connection import RedisUnavailable, connect
from taskwire.adapters.redis.url import parse_redis_url
from tests.product.importing import a_list, all_created, start_import
from tests.product.metrics import metric
from tests.product.person import registered
from tests.product.serving import Deployment, serving, working
from tests.services.databases import SqliteDatabases
from tests.services.redis import RedisServer
from tests.services.redis_tls import redis_with_tls

NEVER = "3600"
SETTINGS = {"SWEEP_INTERVAL_S": NEVER, "JOB_RESCAN_INTERVAL_S": NEVER}
"""What Redis does not carry would come by one of these: so whatever comes, came through it."""
WITHIN_S = 5.0


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    with redis_with_tls() as server:
        yield server


async def test_server_publisher_subscriber_and_celery_all_reach_it(
    redis: RedisServer, sqlite_databases: SqliteDatabases, tmp_path: Path
) -> None:
    """The job by the broker; its tasks by the worker's publisher and the server's subscriber."""
    url = sqlite_databases.fresh(tmp_path)
    deployment = Deployment(tmp_path, url, redis, SETTINGS)
    with serving(deployment) as product, working(deployment):
        async with registered(product) as person, person.line() as opened:
            answer = await start_import(person, a_list(3))
            assert answer.status_code == 202
            frames = await all_created(opened, 3)
            assert [frame["seq"] for frame in frames] == [1, 2, 3]
        assert await metric(product, "taskwire_subscriber_is_connected") == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("?ssl_ca_certs=", "?nothing="),  # nobody vouches for its certificate
        ("@127.0.0.1", "@localhost"),  # which is for another name
        ("rediss://:", "rediss://:not"),
        ("rediss://", "redis://"),
    ],
    ids=["an unknown authority", "another name", "a wrong password", "without TLS"],
)
async def test_what_is_not_as_it_should_be_is_not_spoken_to(
    redis: RedisServer, old: str, new: str
) -> None:
    url = replace(redis, url=redis.url.replace(old, new)).url
    assert url != redis.url
    with pytest.raises(RedisUnavailable):
        await asyncio.wait_for(connect(parse_redis_url(url), WITHIN_S, name="test"), 2 * WITHIN_S)


async def test_whoever_says_so_does_without_the_checks(redis: RedisServer) -> None:
    plain = redis.url.partition("?")[0]
    for way in ("?ssl_cert_reqs=none", f"{redis.url[len(plain) :]}&ssl_check_hostname=false"):
        url = parse_redis_url(plain.replace("127.0.0.1", "localhost") + way)
        connection = await connect(url, WITHIN_S, name="test")
        assert await connection.ask(("PING",), WITHIN_S) in {b"PONG", "PONG"}
        await connection.end()
