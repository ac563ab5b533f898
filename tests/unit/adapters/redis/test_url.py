"""Where a Redis is, as one URL says it."""

import pytest

from taskwire.adapters.redis.url import Place, RedisUrl, Tls, parse_redis_url


@pytest.mark.parametrize(
    ("url", "parsed"),
    [
        ("redis://", RedisUrl((Place("localhost", 6379),))),
        ("redis://cache", RedisUrl((Place("cache", 6379),))),
        ("redis://cache:7000/3", RedisUrl((Place("cache", 7000),), database=3)),
        ("redis://cache?db=4", RedisUrl((Place("cache", 6379),), database=4)),
        ("redis://:p%40ss@cache", RedisUrl((Place("cache", 6379),), password="p@ss")),
        ("redis://[::1]:7000", RedisUrl((Place("::1", 7000),))),
        (
            "redis://me:secret@cache/0",
            RedisUrl((Place("cache", 6379),), username="me", password="secret"),
        ),
        ("rediss://cache", RedisUrl((Place("cache", 6379),), tls=Tls())),
        (
            "rediss://cache?ssl_cert_reqs=none",
            RedisUrl((Place("cache", 6379),), tls=Tls(checks_certificate=False)),
        ),
        (
            "rediss://cache?ssl_check_hostname=false&ssl_ca_certs=/ca.pem",
            RedisUrl((Place("cache", 6379),), tls=Tls(checks_host=False, authority="/ca.pem")),
        ),
        (
            "rediss://cache?ssl_certfile=/c.pem&ssl_keyfile=/k.pem",
            RedisUrl((Place("cache", 6379),), tls=Tls(certificate="/c.pem", key="/k.pem")),
        ),
        ("unix:///run/redis.sock", RedisUrl((Place(path="/run/redis.sock"),))),
        (
            "unix://:secret@/run/redis.sock?db=2",
            RedisUrl((Place(path="/run/redis.sock"),), password="secret", database=2),
        ),
        (
            "unix:///run/redis.sock?username=me&password=secret",
            RedisUrl((Place(path="/run/redis.sock"),), username="me", password="secret"),
        ),
        (
            "redis+sentinel://a:1,b/main/2",
            RedisUrl((Place("a", 1), Place("b", 26379)), service="main", database=2),
        ),
        (
            "redis+sentinel://:secret@a/main",
            RedisUrl((Place("a", 26379),), password="secret", service="main"),
        ),
    ],
)
def test_a_url_is_read(url: str, parsed: RedisUrl) -> None:
    assert parse_redis_url(url) == parsed


@pytest.mark.parametrize(
    "url",
    [
        "",
        "cache:6379",
        "http://cache",
        "rediss+sentinel://a/main",
        "redis://cache:port",
        "redis://cache:99999",
        "redis://a/x",
        "unix://relative/redis.sock",
        "unix://",
        "redis+sentinel://a",
        "redis+sentinel:///main",
    ],
)
def test_what_says_no_place_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="REDIS_URL"):
        parse_redis_url(url)


@pytest.mark.parametrize("url", ["redis://:secret@cache:port", "redis://:secret@cache/x"])
def test_a_refusal_names_no_secret(url: str) -> None:
    with pytest.raises(ValueError, match="REDIS_URL") as refused:
        parse_redis_url(url)
    assert "secret" not in str(refused.value)


def test_a_parsed_url_may_be_logged() -> None:
    assert "secret" not in repr(parse_redis_url("redis://me:secret@cache"))
