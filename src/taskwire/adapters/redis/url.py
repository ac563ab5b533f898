"""Where a Redis is, as one URL says it. Four schemes; no Redis library agrees on all of them.

redis://[user:password@]host[:port][/db]
rediss://…                  the same over TLS: ?ssl_ca_certs=/path for an authority of your own,
                            ssl_certfile and ssl_keyfile to prove who we are,
                            ssl_check_hostname=false, ssl_cert_reqs=none
unix://[user:password@]/path/to.sock[?db=0&password=…]
redis+sentinel://[user:password@]host:port,host:port/<service>[/<db>]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from typing_extensions import override

REDIS_PORT: Final = 6379
SENTINEL_PORT: Final = 26379


@dataclass(frozen=True, slots=True)
class Place:
    """A host and port, or the path of a Unix socket."""

    host: str = ""
    port: int = 0
    path: str = ""


@dataclass(frozen=True, slots=True)
class Tls:
    """How we know the server, and how it knows us. An empty path: as the machine does."""

    checks_certificate: bool = True
    checks_host: bool = True
    authority: str = ""
    certificate: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class RedisUrl:
    """A parsed URL. With a `service`, `places` are sentinels that know the master's place."""

    places: tuple[Place, ...]
    username: str = ""
    password: str = ""
    tls: Tls | None = None
    service: str = ""
    database: int = 0

    @override
    def __repr__(self) -> str:
        return f"RedisUrl({self.places!r}, service={self.service!r})"  # never the password


def parse_redis_url(url: str) -> RedisUrl:
    """Parse `url`. Raises ValueError with a sentence that names no secret."""
    scheme, separator, _ = url.partition("://")
    if not separator:
        raise ValueError(
            "REDIS_URL has no scheme: redis://, rediss://, unix:// or redis+sentinel://"
        )
    match scheme:
        case "redis" | "rediss":
            return _parse_tcp(url)
        case "unix":
            return _parse_unix(url)
        case "redis+sentinel":
            return _parse_sentinel(url)
        case _:
            raise ValueError(f"REDIS_URL has an unknown scheme: {scheme}://")


def _parse_tcp(url: str) -> RedisUrl:
    parts = _split(url)
    username, password, hosts = _authority(parts.netloc)
    query = parse_qs(parts.query)
    return RedisUrl(
        places=(_place(hosts or "localhost", REDIS_PORT),),
        username=username,
        password=password or _first(query, "password"),
        tls=_tls(query) if parts.scheme == "rediss" else None,
        database=_database(parts.path.strip("/") or _first(query, "db")),
    )


def _parse_unix(url: str) -> RedisUrl:
    parts = _split(url)
    username, password, host = _authority(parts.netloc)
    query = parse_qs(parts.query)
    if host or not parts.path:
        raise ValueError("REDIS_URL: a unix:// URL holds an absolute path, unix:///run/redis.sock")
    return RedisUrl(
        places=(Place(path=unquote(parts.path)),),
        username=username or _first(query, "username"),
        password=password or _first(query, "password"),
        database=_database(_first(query, "db")),
    )


def _parse_sentinel(url: str) -> RedisUrl:
    parts = _split(url)
    username, password, hosts = _authority(parts.netloc)
    service, _, database = parts.path.strip("/").partition("/")
    if not hosts or not service:
        raise ValueError("REDIS_URL: redis+sentinel://host:port,host:port/<service>/<db>")
    return RedisUrl(
        places=tuple(_place(host, SENTINEL_PORT) for host in hosts.split(",")),
        username=username,
        password=password,
        service=service,
        database=_database(database),
    )


def _tls(query: dict[str, list[str]]) -> Tls:
    return Tls(
        checks_certificate=_first(query, "ssl_cert_reqs").lower() not in {"none", "cert_none"},
        checks_host=_first(query, "ssl_check_hostname").lower() not in {"false", "0", "no"},
        authority=_first(query, "ssl_ca_certs"),
        certificate=_first(query, "ssl_certfile"),
        key=_first(query, "ssl_keyfile"),
    )


class _Parts(NamedTuple):
    scheme: str
    netloc: str
    path: str
    query: str


def _split(url: str) -> _Parts:
    """Not urlsplit: some releases of Python look into `[::1]` and stumble over a list of hosts."""
    scheme, _, rest = url.partition("://")
    place, _, query = rest.partition("?")
    netloc, slash, path = place.partition("/")
    return _Parts(scheme, netloc, slash + path, query)


def _authority(netloc: str) -> tuple[str, str, str]:
    credentials, _, hosts = netloc.rpartition("@")
    username, _, password = credentials.partition(":")
    return unquote(username), unquote(password), hosts


def _place(host_and_port: str, default_port: int) -> Place:
    try:
        parts = urlsplit(f"//{host_and_port}")
        return Place(host=parts.hostname or "localhost", port=parts.port or default_port)
    except ValueError:
        raise ValueError("REDIS_URL: a port is a number up to 65535") from None


def _database(text: str) -> int:
    if not text:
        return 0
    if not text.isdecimal():
        raise ValueError("REDIS_URL: a database is a number")
    return int(text)


def _first(query: dict[str, list[str]], name: str) -> str:
    return query.get(name, [""])[0]
