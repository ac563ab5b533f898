"""Titles and notes in one form, whichever side wrote them.

Google's page turns a description into HTML as soon as somebody edits it there, and its interface
gives back what came in. So notes go out as HTML (escaped, line breaks as they are), and come back
through the same door.
"""

from __future__ import annotations

import html
import re
import unicodedata

from taskwire.domain.task import TITLE_LENGTH_MAX

NOTES_SENT_MAX = 8000
"""Characters of a description as it is sent. Google takes 8192."""

_LINE_BREAKS = re.compile(r"<br\s*/?>|</(?:p|div|li|h[1-6])>", re.IGNORECASE)
_TAGS = re.compile(r"</?[a-zA-Z][^<>]*>")
_SPACES = re.compile(r"\s+")
_TRAILING = re.compile(r"[ \t]+(?=\n|$)")
_MANY_NEWLINES = re.compile(r"\n{3,}")
_UNPRINTABLE = {"Cc", "Cs"}


def canonical_title(title: str) -> str:
    line = _SPACES.sub(" ", _printable(title)).strip()
    return line[:TITLE_LENGTH_MAX].rstrip()


def canonical_notes(notes: str) -> str:
    text = _printable(notes.replace("\r\n", "\n").replace("\r", "\n"))
    text = _TRAILING.sub("", text.replace("\xa0", " "))
    return _MANY_NEWLINES.sub("\n\n", text).strip()


def notes_from_html(description: str) -> str:
    """What a person reads in a description."""
    text = _TAGS.sub("", _LINE_BREAKS.sub("\n", description))
    return fit_notes(canonical_notes(html.unescape(text)))


def notes_to_html(notes: str) -> str:
    return html.escape(notes, quote=False)


def fit_notes(notes: str) -> str:
    """The longest beginning that fits; always the same one, or each side would correct the other."""
    if len(notes) * len("&amp;") <= NOTES_SENT_MAX:
        return notes
    length = 0
    for index, character in enumerate(notes):
        length += len(html.escape(character, quote=False))
        if length > NOTES_SENT_MAX:
            return notes[:index].rstrip()
    return notes


def _printable(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    if composed.isprintable():
        return composed
    return "".join(
        character
        for character in composed
        if character in "\n\t" or unicodedata.category(character) not in _UNPRINTABLE
    )
