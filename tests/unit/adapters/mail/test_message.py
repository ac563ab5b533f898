from datetime import UTC, datetime

import pytest

from taskwire.adapters.mail.message import BadAddress, mailbox, message_of
from taskwire.application.delivery_ports import Letter

NOW = datetime(2026, 6, 2, 8, 0, tzinfo=UTC)
SENDER = mailbox("Taskwire <taskwire@example.org>")


def letter(to: str = "ann@example.org", subject: str = "Your day") -> Letter:
    return Letter("7.1", to, subject, "שלום\n.\nEnd\n", "<p>שלום</p>")


def test_a_letter_has_both_dresses_and_names_one_reader() -> None:
    message = message_of(letter(), SENDER, NOW)
    assert message["To"] == "ann@example.org"
    assert message["From"] == "Taskwire <taskwire@example.org>"
    assert message["Message-ID"] == "<7.1@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"] == "Tue, 02 Jun 2026 08:00:00 +0000"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_every_line_is_ascii_and_short_whatever_was_written() -> None:
    raw = message_of(letter(subject="ש" * 200), SENDER, NOW).as_bytes()
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


@pytest.mark.parametrize(
    "subject",
    ["a\r\nBcc: all@example.org", "a\nBcc: all@example.org", "a\rBcc: all@example.org"],
)
def test_a_subject_cannot_begin_another_header(subject: str) -> None:
    """The layout makes one line of it; if that were ever forgotten, the message is not made."""
    with pytest.raises(ValueError, match="linefeed"):
        message_of(letter(subject=subject), SENDER, NOW)


@pytest.mark.parametrize(
    "to",
    [
        "",
        "nobody",
        "a,b@example.org",
        "a@example.org,b@example.org",
        "Ann <ann@example.org>",
        "ann@example.org>",
        "ann@example.org\r\nBcc: all@example.org",
        "ann@",
        "@example.org",
        "аня@example.org",
        "ann@пример.example",
        "a@b@example.org",
    ],
)
def test_an_address_that_is_not_one_mailbox_gets_no_letter(to: str) -> None:
    with pytest.raises(BadAddress):
        message_of(letter(to=to), SENDER, NOW)
