"""From REDIS_URL to the form Celery wants. Pure: nothing is connected here.

redis://…                    the same, its database in the path
rediss://…                   the same, certificates checked unless the address says otherwise
unix://:password@/path?db=1  redis+socket://:password@/path?virtual_host=1
redis+sentinel://:password@a:1,b:2/name/0
                             sentinel://:password@a:1/0;sentinel://:password@b:2/0, and the name
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import parse_qs

SENTINEL_PORT = 26379
_CERTIFICATE_CHECKS = {
    "none": ssl.CERT_NONE,
    "optional": ssl.CERT_OPTIONAL,
    "required": ssl.CERT_REQUIRED,
}
_TLS_FILES = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile")


class BadRedisUrl(ValueError):  # noqa: N818 - it is the address that is bad
    """The text never repeats the address: there is a password in it."""


@dataclass(frozen=True, slots=True)
class Broker:
    url: str
    tls: Mapping[str, object] | None = None
    transport_options: Mapping[str, object] = field(default_factory=dict)


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


def broker_from(redis_url: str) -> Broker:
    parts = _split(redis_url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    match parts.scheme:
        case "redis":
            return Broker(_over_network(parts, query))
        case "rediss":
            return Broker(_over_network(parts, query), tls=_tls(query))
        case "unix":
            return Broker(_over_unix_socket(parts, query))
        case "redis+sentinel":
            return _through_sentinels(parts, query)
        case _:
            known = "redis://, rediss://, unix:// or redis+sentinel://"
            raise BadRedisUrl(f"REDIS_URL must begin with {known}")


def _over_network(parts: _Parts, query: Mapping[str, str]) -> str:
    database = query.get("db") or parts.path.strip("/") or "0"
    return f"{parts.scheme}://{parts.netloc}/{_number(database)}"


def _over_unix_socket(parts: _Parts, query: Mapping[str, str]) -> str:
    if not parts.path:
        raise BadRedisUrl("REDIS_URL with unix:// needs the path of a socket")
    credentials = _credentials(parts)
    database = _number(query.get("db", "0"))
    return f"redis+socket://{credentials}{parts.path}?virtual_host={database}"


def _through_sentinels(parts: _Parts, query: Mapping[str, str]) -> Broker:
    service, _, database = parts.path.strip("/").partition("/")
    hosts = [host for host in parts.netloc.rpartition("@")[2].split(",") if host]
    if not service or not hosts:
        raise BadRedisUrl("REDIS_URL with sentinels is redis+sentinel://host:port,…/service/0")
    credentials, number = _credentials(parts), _number(database or "0")
    urls = [f"sentinel://{credentials}{_with_port(host)}/{number}" for host in hosts]
    options: dict[str, object] = {"master_name": service}
    if password := query.get("sentinel_password"):
        options["sentinel_kwargs"] = {"password": password}
    return Broker(";".join(urls), transport_options=options)


def _tls(query: Mapping[str, str]) -> Mapping[str, object]:
    wish = query.get("ssl_cert_reqs", "required").lower().removeprefix("cert_")
    if wish not in _CERTIFICATE_CHECKS:
        raise BadRedisUrl("ssl_cert_reqs in REDIS_URL must be none, optional or required")
    checks = _CERTIFICATE_CHECKS[wish]
    does_check_host = query.get("ssl_check_hostname", "true").lower() in {"true", "1", "yes"}
    files = {name: query[name] for name in _TLS_FILES if name in query}
    return {
        "ssl_cert_reqs": checks,
        "ssl_check_hostname": does_check_host and checks is not ssl.CERT_NONE,
        **files,
    }


def _credentials(parts: _Parts) -> str:
    before, at, _ = parts.netloc.rpartition("@")
    return before + at


def _with_port(host: str) -> str:
    has_port = ":" in host.rpartition("]")[2]
    return host if has_port else f"{host}:{SENTINEL_PORT}"


def _number(database: str) -> int:
    if not database.isdecimal():
        raise BadRedisUrl("the database in REDIS_URL must be a number")
    return int(database)
