"""Hands letters to one SMTP server, each over a connection of its own."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address

import aiosmtplib

from taskwire.adapters.mail.message import BadAddress, message_of
from taskwire.adapters.mail.smtp_url import SmtpServer
from taskwire.application.delivery_ports import Letter
from taskwire.domain.delivery import Failed, Outcome, Refused, Sent

CONNECTIONS_MAX = 4
"""Mail servers count connections, and close the door on whoever comes with many."""


@dataclass(frozen=True, slots=True)
class SmtpLetterSender:
    server: SmtpServer
    sender: Address
    timeout_s: float
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    _connections: asyncio.Semaphore = field(
        default_factory=lambda: asyncio.Semaphore(CONNECTIONS_MAX)
    )

    async def send(self, letter: Letter) -> Outcome:
        try:
            message = message_of(letter, self.sender, datetime.now(UTC))
        except BadAddress as error:
            return Refused(str(error))
        try:
            async with self._connections, asyncio.timeout(self.timeout_s):
                await aiosmtplib.send(
                    message,
                    sender=self.sender.addr_spec,
                    recipients=[letter.to],
                    hostname=self.server.host,
                    port=self.server.port,
                    username=self.server.username,
                    password=self.server.password,
                    use_tls=self.server.is_tls,
                    start_tls=self.server.starttls,
                    tls_context=self.tls,
                    timeout=self.timeout_s,
                )
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return outcome_of(error)
        return Sent()


def outcome_of(error: Exception) -> Outcome:
    """What a failure means for us. No text of the server: it may repeat what we sent."""
    match error:
        case aiosmtplib.SMTPAuthenticationError():
            return Failed("the mail server does not take our password")
        case aiosmtplib.SMTPConnectError() | aiosmtplib.SMTPHeloError():
            return Failed(type(error).__name__)  # it speaks of itself, not of this letter
        case aiosmtplib.SMTPRecipientsRefused(recipients=[refused, *_]):
            return _by_code(refused.code)
        case aiosmtplib.SMTPResponseException(code=code):
            return _by_code(code)
        case _:
            return Failed(type(error).__name__)


def _by_code(code: int) -> Outcome:
    said = f"the mail server answered {code}"
    return Refused(said) if code >= 500 else Failed(said)  # noqa: PLR2004 - "do not try again"
