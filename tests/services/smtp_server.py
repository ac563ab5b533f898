"""A real SMTP server on this machine; it keeps the letters, and answers as it was told to."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "taskwire", "a password"


@dataclass(frozen=True)
class Received:
    """One letter: who was named outside, and what was inside."""

    sender: str
    receivers: list[str]
    message: EmailMessage


@dataclass
class Mailbox:
    """`replies` to DATA are given in order; when there are none left, all goes well."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)

    def letters(self, to: str) -> list[EmailMessage]:
        return [letter.message for letter in self.received if letter.receivers == [to]]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.replies:
            return self.replies.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=SMTP_POLICY)
        assert isinstance(message, EmailMessage)
        self.received.append(Received(envelope.mail_from or "", envelope.rcpt_tos, message))
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if address.startswith("unknown"):
            return "550 there is nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        is_right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        if is_right:
            self.signed_in.append(data.login.decode())
        # Not handled: aiosmtpd says yes or no. Handled, it would leave a wrong password unanswered.
        return AuthResult(success=is_right, handled=False)


@asynccontextmanager
async def smtp_mailbox(tls: ssl.SSLContext | None = None) -> AsyncIterator[Mailbox]:
    """On the loop of the test. With `tls` it wants STARTTLS and a password."""
    mailbox, loop = Mailbox(), asyncio.get_running_loop()

    def make() -> SMTP:
        return SMTP(
            mailbox,
            hostname="localhost",
            loop=loop,
            tls_context=tls,
            require_starttls=tls is not None,
            auth_required=tls is not None,
            authenticator=mailbox.authenticate if tls is not None else None,
        )

    server = await loop.create_server(make, "127.0.0.1", 0)
    mailbox.port = server.sockets[0].getsockname()[1]
    try:
        yield mailbox
    finally:
        server.close()
        await server.wait_closed()
