"""Letters through a real SMTP server."""

import socket
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from taskwire.adapters.mail.message import mailbox
from taskwire.adapters.mail.sender import SmtpLetterSender
from taskwire.adapters.mail.smtp_url import smtp_server
from taskwire.application.delivery_ports import Letter
from taskwire.domain.delivery import Failed, Outcome, Refused, Sent
from tests.services.smtp_server import PASSWORD, USER, Mailbox, smtp_mailbox

SENDER = mailbox("Taskwire <taskwire@example.org>")


@pytest.fixture
async def server() -> AsyncIterator[Mailbox]:
    async with smtp_mailbox() as running:
        yield running


def letter(to: str = "ann@example.org") -> Letter:
    return Letter("7.1", to, "היום שלך", "שלום\n.\nתם\n", "<p dir='rtl'>שלום</p>")


async def send(url: str, *, to: str = "ann@example.org", timeout_s: float = 20.0) -> Outcome:
    return await SmtpLetterSender(smtp_server(url), SENDER, timeout_s).send(letter(to))


async def test_a_letter_arrives_as_it_was_written(server: Mailbox) -> None:
    assert await send(f"smtp://127.0.0.1:{server.port}") == Sent()
    (got,) = server.received
    assert (got.sender, got.receivers) == ("taskwire@example.org", ["ann@example.org"])
    assert (got.message["Subject"], got.message["To"]) == ("היום שלך", "ann@example.org")
    text, html = (part.get_content() for part in got.message.iter_parts())
    assert text == "שלום\r\n.\r\nתם\r\n", "a dot alone in its line ends nothing"
    assert "dir='rtl'" in html


@pytest.mark.parametrize(
    ("reply", "kind"),
    [("451 try later", Failed), ("554 no", Refused), ("452 full", Failed), ("552 large", Refused)],
)
async def test_its_answer_decides_whether_to_come_again(
    server: Mailbox, reply: str, kind: type
) -> None:
    server.replies.append(reply)
    outcome = await send(f"smtp://127.0.0.1:{server.port}")
    assert isinstance(outcome, kind)
    assert server.received == []


async def test_a_mailbox_that_is_not_there_is_not_tried_again(server: Mailbox) -> None:
    outcome = await send(f"smtp://127.0.0.1:{server.port}", to="unknown@example.org")
    assert outcome == Refused("the mail server answered 550")


async def test_no_address_is_two(server: Mailbox) -> None:
    outcome = await send(f"smtp://127.0.0.1:{server.port}", to="a@example.org,b@example.org")
    assert isinstance(outcome, Refused)
    assert server.received == []


async def test_a_server_that_is_not_there_or_says_nothing_may_come_back() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:  # it takes connections and is silent
        port = listener.getsockname()[1]
        assert isinstance(await send(f"smtp://127.0.0.1:{port}", timeout_s=0.2), Failed)
    assert isinstance(await send(f"smtp://127.0.0.1:{port}"), Failed)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of localhost, by nobody but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
async def locked_server(certificate: Path) -> AsyncIterator[Mailbox]:
    """Wants STARTTLS and a password."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    async with smtp_mailbox(context) as running:
        yield running


async def test_a_password_goes_through_tls(locked_server: Mailbox, certificate: Path) -> None:
    url = f"smtp://{USER}:{PASSWORD.replace(' ', '%20')}@localhost:{locked_server.port}"
    trusting = ssl.create_default_context(cafile=certificate)
    sender = SmtpLetterSender(smtp_server(url), SENDER, 20.0, trusting)
    assert await sender.send(letter()) == Sent()
    assert locked_server.signed_in == [USER]


async def test_a_certificate_that_nobody_vouches_for_gets_no_password(
    locked_server: Mailbox,
) -> None:
    url = f"smtp://{USER}:{PASSWORD.replace(' ', '%20')}@localhost:{locked_server.port}"
    assert isinstance(await send(url), Failed)
    assert locked_server.signed_in == []


async def test_a_wrong_password_may_be_mended(locked_server: Mailbox, certificate: Path) -> None:
    url = f"smtp://{USER}:wrong@localhost:{locked_server.port}"
    trusting = ssl.create_default_context(cafile=certificate)
    outcome = await SmtpLetterSender(smtp_server(url), SENDER, 20.0, trusting).send(letter())
    assert outcome == Failed("the mail server does not take our password")
