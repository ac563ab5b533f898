from datetime import UTC, date, datetime

import pytest

from taskwire.application.delivery_ports import Digest, DigestParcel, DueTask, LetterParcel
from taskwire.application.letters.digests import digest_letter
from taskwire.application.letters.layout import SUBJECT_LENGTH_MAX
from taskwire.application.letters.notices import notice_letter
from taskwire.application.letters.words import WORDS
from taskwire.domain.notification import KINDS, Notification
from taskwire.domain.preferences import LANGUAGES, Preferences

NOW = datetime(2026, 6, 2, 8, 0, tzinfo=UTC)
LINK = "https://tasks.example.org"


def told(kind: str = "reminder_due", title: str = "Milk", body: str = "It is due.") -> Notification:
    return Notification(1, kind, title, body, None, None, NOW)


def notice(notification: Notification, language: str = "en", link: str = LINK) -> tuple[str, ...]:
    made = notice_letter("1", LetterParcel("ann@example.org", notification), language, link)
    return made.subject, made.text, made.html


def digest(*tasks: DueTask, unread: tuple[Notification, ...] = (), more: int = 0) -> DigestParcel:
    day = Digest(date(2026, 6, 2), tasks, len(tasks) + more, unread, len(unread))
    return DigestParcel("ann@example.org", "Ann", day)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_words_in_every_language(kind: str, language: str) -> None:
    subject, text, html = notice(told(kind), language)
    assert "Milk" in subject
    assert subject != "Milk"
    assert subject in text
    assert f"lang='{language}' dir='{WORDS[language].direction}'" in html


def test_hebrew_is_written_from_the_right() -> None:
    subject, _, html = notice(told(), "he")
    assert subject == "תזכורת: Milk"
    assert "dir='rtl'" in html


def test_a_title_of_many_lines_is_one_line_of_bounded_length() -> None:
    title = "a\r\nBcc: all@example.org\u2028\x00\x1b[31m" + "x" * 5000
    subject, _, _ = notice(told(title=title))
    assert subject.startswith("Reminder: a Bcc: all@example.org [31mx")
    assert len(subject) == SUBJECT_LENGTH_MAX
    assert subject.isprintable()


def test_what_people_typed_is_text_and_no_html() -> None:
    evil = "<img src=x onerror=alert(1)>'\"&"
    _, text, html = notice(told("import_failed", evil, evil))
    assert evil in text
    assert "<img" not in html
    assert "&lt;img" in html


def test_a_title_is_no_pattern() -> None:
    subject, _, _ = notice(told(title="{0} {title.__class__} %s"))
    assert subject == "Reminder: {0} {title.__class__} %s"


def test_a_sign_in_says_what_to_do_about_it() -> None:
    _, text, _ = notice(told("sign_in", "Firefox on Linux", "From 192.0.2.1."))
    assert "From 192.0.2.1." in text
    assert WORDS["en"].not_you in text


def test_without_an_address_of_ours_there_is_no_link() -> None:
    _, text, html = notice(told(), link="")
    assert "Open Taskwire" not in text
    assert "href" not in html


def test_a_digest_sorts_the_day_by_the_clock_on_the_persons_wall() -> None:
    """01:30 in Jerusalem is still the day before in UTC."""
    parcel = digest(
        DueTask("Rent", None, date(2026, 5, 31)),
        DueTask("Night train", datetime(2026, 6, 1, 22, 30, tzinfo=UTC), None),
        DueTask("Dentist", datetime(2026, 6, 2, 11, 0, tzinfo=UTC), None),
        DueTask("Flowers", None, date(2026, 6, 2)),
    )
    letter = digest_letter("1", parcel, Preferences(time_zone="Asia/Jerusalem"), LINK)
    assert letter.subject == "Your day, 2026-06-02"
    assert "Overdue\n- Rent · 2026-05-31\n\nToday\n- Night train · 01:30\n- Dentist · 14:00\n- Flowers\n" in letter.text  # fmt: skip


def test_a_digest_says_how_much_it_leaves_out() -> None:
    parcel = digest(DueTask("Rent", None, date(2026, 6, 2)), unread=(told(),), more=70)
    letter = digest_letter("1", parcel, Preferences(language="he"), "")
    assert "ועוד 70" in letter.text
    assert "תזכורת: Milk" in letter.text
    assert "שלום, Ann" in letter.text
    assert "<bdi>Rent</bdi>" in letter.html
