"""A letter as a message of the Internet. Nothing in it can begin a header or name another reader."""

from __future__ import annotations

from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from taskwire.application.delivery_ports import Letter


class BadAddress(ValueError):  # noqa: N818 - it is the address that is bad
    """Not the address of exactly one mailbox."""


def mailbox(text: str) -> Address:
    """`name@example.org` or `Taskwire <name@example.org>`; raises BadAddress."""
    name, address = parseaddr(text)
    try:
        parsed = Address(name, addr_spec=address)
    except (ValueError, MessageError, IndexError) as error:
        raise BadAddress("this is not the address of a mailbox") from error
    if not parsed.username or not parsed.domain or not address.isascii():
        raise BadAddress("this is not the address of a mailbox")
    return parsed


def message_of(letter: Letter, sender: Address, now: datetime) -> EmailMessage:
    receiver = mailbox(letter.to)
    if receiver.addr_spec != letter.to:
        raise BadAddress("this is more than the address of a mailbox")
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = receiver
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{letter.id}@{sender.domain}>"
    # So that no machine answers: nobody reads what comes back (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte="base64")
    message.add_alternative(letter.html, subtype="html", cte="base64")
    return message
