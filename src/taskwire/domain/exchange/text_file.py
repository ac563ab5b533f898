"""The bytes of a file as text, or the sentence that says where they are none."""

from __future__ import annotations

import codecs

from taskwire.domain.errors import InvalidError

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

# How files begin that people take for text, with what to do about them.
_NO_TEXT = {
    b"PK\x03\x04": "It is an archive, as .zip and .xlsx are: unpack it, or save the sheet as CSV.",
    b"\xd0\xcf\x11\xe0": "It is an old Office document: save it as CSV.",
    b"%PDF-": "It is a PDF.",
    b"\x1f\x8b": "It is compressed: unpack it.",
    b"SQLite format 3": "It is a database.",
}


def decode(content: bytes) -> str:
    """UTF-8 with or without its mark, or UTF-16 by its mark; no other encoding is guessed.

    A guess that is wrong would be seen months later, in a name nobody can read.
    """
    for beginning, advice in _NO_TEXT.items():
        if content.startswith(beginning):
            raise InvalidError(f"The file is not text. {advice}")
    encoding = "utf-16" if content.startswith(_UTF_16) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = 1 + content.count(b"\n", 0, error.start)
        named = "UTF-16" if encoding == "utf-16" else "UTF-8"
        sentence = f"Line {line}: the file is not text in {named}. Save it as UTF-8."
        raise InvalidError(sentence) from error
    at = text.find("\x00")
    if at >= 0:
        line = 1 + text.count("\n", 0, at)
        raise InvalidError(f"Line {line}: the file is not text, it contains NUL.")
    return text
