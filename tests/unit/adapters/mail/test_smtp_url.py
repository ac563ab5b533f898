import pytest

from taskwire.adapters.mail.smtp_url import BadSmtpUrl, SmtpServer, smtp_server


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", SmtpServer("mail.example.org", 25, False, None)),  # noqa: FBT003 - a table
        ("smtp://localhost:1025?starttls=0", SmtpServer("localhost", 1025, False, False)),  # noqa: FBT003 - a table
        ("smtp://h:587?starttls=1", SmtpServer("h", 587, False, True)),  # noqa: FBT003 - a table
        ("smtps://h", SmtpServer("h", 465, True, False)),  # noqa: FBT003 - a table
        ("smtps://ann:p%40ss@h", SmtpServer("h", 465, True, False, "ann", "p@ss")),  # noqa: FBT003 - a table
        ("smtp://[::1]:25", SmtpServer("::1", 25, False, None)),  # noqa: FBT003 - a table
    ],
)
def test_each_form_is_read(url: str, server: SmtpServer) -> None:
    assert smtp_server(url) == server


def test_a_password_asks_for_tls_unless_somebody_says_otherwise() -> None:
    assert smtp_server("smtp://ann:secret@h").starttls is True
    assert smtp_server("smtp://ann:secret@h?starttls=0").starttls is False


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "http://u:s3cret@h",
        "smtp://",
        "smtp://:25",
        "smtp://u@h",
        "smtp://u:s3cret@h:port",
        "smtp://u:s3cret@h:99999",
        "smtp://u:s3cret@h?starttls=maybe",
        "smtp://u:s3cret@[h",
    ],
)
def test_what_is_wrong_is_said_without_the_password(url: str) -> None:
    with pytest.raises(BadSmtpUrl) as caught:
        smtp_server(url)
    assert "s3cret" not in str(caught.value)


def test_the_password_is_not_in_the_text_of_the_server() -> None:
    assert "s3cret" not in repr(smtp_server("smtp://u:s3cret@h"))
