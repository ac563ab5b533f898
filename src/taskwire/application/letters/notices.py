"""The mail of one notification."""

from __future__ import annotations

from taskwire.application.delivery_ports import Letter, LetterParcel
from taskwire.application.letters.layout import Page, as_html, as_subject, as_text
from taskwire.application.letters.words import WORDS
from taskwire.domain.notification import IMPORT_FAILED, SIGN_IN, SYNC_FAILED

# The sentence that comes with the others says in English what the subject says already.
_BODY_TELLS_MORE = frozenset({IMPORT_FAILED, SYNC_FAILED, SIGN_IN})


def notice_letter(letter_id: str, parcel: LetterParcel, language: str, link: str) -> Letter:
    words, told = WORDS[language], parcel.notification
    subject = words.subjects.get(told.kind, "{title}").format(title=told.title)
    paragraphs = [told.body] if told.body and told.kind in _BODY_TELLS_MORE else []
    if told.kind == SIGN_IN:
        paragraphs.append(words.not_you)
    page = Page(language, words, subject, paragraphs, (), link)
    return Letter(letter_id, parcel.email, as_subject(subject), as_text(page), as_html(page))
