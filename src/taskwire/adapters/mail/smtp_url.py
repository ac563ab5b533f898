"""SMTP_URL: where mails are handed over. Pure; nothing is connected here.

smtp://host                      port 25, TLS when the server offers it
smtp://user:password@host:587    signed in, and then TLS is a must
smtp://host?starttls=1           TLS is a must; starttls=0: none
smtps://host                     port 465, TLS from the first byte
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

SMTP_PORT = 25
SMTPS_PORT = 465
_SWITCH = {"1": True, "true": True, "0": False, "false": False}


class BadSmtpUrl(ValueError):  # noqa: N818 - it is the address that is bad
    """The text never repeats the address: there is a password in it."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """`starttls` None: when the server offers it."""

    host: str
    port: int
    is_tls: bool
    starttls: bool | None
    username: str | None = None
    password: str | None = field(default=None, repr=False)


def smtp_server(url: str) -> SmtpServer:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadSmtpUrl("SMTP_URL is not an address like smtp://user:password@host:587") from error
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise BadSmtpUrl("SMTP_URL must begin with smtp:// or smtps:// and name a host")
    if (parts.username is None) != (parts.password is None):
        raise BadSmtpUrl("SMTP_URL has a user and a password, or neither")
    is_tls = parts.scheme == "smtps"
    return SmtpServer(
        host=parts.hostname,
        port=port or (SMTPS_PORT if is_tls else SMTP_PORT),
        is_tls=is_tls,
        starttls=False if is_tls else _starttls(parts.query, has_user=parts.username is not None),
        username=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
    )


def _starttls(query: str, *, has_user: bool) -> bool | None:
    given = parse_qs(query).get("starttls")
    if given is None:
        return True if has_user else None  # a password does not go out in the clear by itself
    if given[-1].lower() not in _SWITCH:
        raise BadSmtpUrl("starttls in SMTP_URL must be 1 or 0")
    return _SWITCH[given[-1].lower()]
