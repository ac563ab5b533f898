import ssl

import pytest

from taskwire.adapters.jobs.broker_url import BadRedisUrl, Broker, broker_from


@pytest.mark.parametrize(
    ("redis_url", "expected"),
    [
        ("redis://localhost", "redis://localhost/0"),
        ("redis://:p%40ss@host:6380/3", "redis://:p%40ss@host:6380/3"),
        ("redis://user:pw@[::1]:6379/0", "redis://user:pw@[::1]:6379/0"),
        ("redis://host?db=2", "redis://host/2"),
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock?virtual_host=0"),
        ("unix://:pw@/a/r.sock?db=4", "redis+socket://:pw@/a/r.sock?virtual_host=4"),
        ("unix://me:pw@/a%20b/r.sock", "redis+socket://me:pw@/a%20b/r.sock?virtual_host=0"),
    ],
)
def test_an_address_in_celerys_form(redis_url: str, expected: str) -> None:
    assert broker_from(redis_url) == Broker(expected)


def test_sentinels_become_a_list_and_the_name_an_option() -> None:
    broker = broker_from("redis+sentinel://:pw@one:26380,two/main/2")
    assert broker.url == "sentinel://:pw@one:26380/2;sentinel://:pw@two:26379/2"
    assert broker.transport_options == {"master_name": "main"}


def test_sentinels_may_have_a_password_of_their_own() -> None:
    broker = broker_from("redis+sentinel://one,[::1]/main?sentinel_password=s")
    assert broker.url == "sentinel://one:26379/0;sentinel://[::1]:26379/0"
    assert broker.transport_options["sentinel_kwargs"] == {"password": "s"}


def test_tls_checks_certificates_unless_the_address_says_otherwise() -> None:
    strict = broker_from("rediss://:pw@host/1")
    assert strict.url == "rediss://:pw@host/1"
    assert strict.tls == {"ssl_cert_reqs": ssl.CERT_REQUIRED, "ssl_check_hostname": True}
    loose = broker_from("rediss://host?ssl_cert_reqs=none")
    assert loose.tls == {"ssl_cert_reqs": ssl.CERT_NONE, "ssl_check_hostname": False}


def test_tls_files_are_passed_on() -> None:
    broker = broker_from("rediss://host?ssl_ca_certs=/ca.pem&ssl_certfile=/c.pem")
    assert broker.tls is not None
    assert broker.tls["ssl_ca_certs"] == "/ca.pem"
    assert broker.tls["ssl_certfile"] == "/c.pem"


@pytest.mark.parametrize(
    "redis_url",
    [
        "",
        "amqp://:hunter2@host",
        "unix://:hunter2@",
        "redis://:hunter2@host/first",
        "redis://:hunter2@host/-1",
        "redis+sentinel://:hunter2@one:1",
        "redis+sentinel:///main",
        "rediss://:hunter2@host?ssl_cert_reqs=perhaps",
    ],
)
def test_a_bad_address_is_refused_without_repeating_its_password(redis_url: str) -> None:
    with pytest.raises(BadRedisUrl) as refusal:
        broker_from(redis_url)
    assert "hunter2" not in str(refusal.value)
