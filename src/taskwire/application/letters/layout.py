"""One content, two dresses: plain text, and HTML that any mail program can show.

Everything that people typed is escaped, and isolated in its own direction: a Hebrew title must not
turn an English line around.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from taskwire.application.letters.words import Words

SUBJECT_LENGTH_MAX = 200
_BODY_STYLE = "font-family:system-ui,sans-serif;line-height:1.5;max-width:40em;margin:1em auto"


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Page:
    """`link` is the address of the page, or empty when nobody told us."""

    language: str
    words: Words
    heading: str
    paragraphs: Sequence[str]
    sections: Sequence[Section]
    link: str


def as_text(page: Page) -> str:
    blocks = [page.heading, *page.paragraphs]
    blocks += [f"{s.heading}\n" + "\n".join(f"- {line}" for line in s.lines) for s in page.sections]
    if page.link:
        blocks.append(f"{page.words.open_taskwire}: {page.link}")
    return "\n\n".join([*blocks, page.words.why]) + "\n"


def as_html(page: Page) -> str:
    parts = [f"<h1 style='font-size:1.3em' dir='auto'>{escape(page.heading)}</h1>"]
    parts += [f"<p dir='auto'>{escape(paragraph)}</p>" for paragraph in page.paragraphs]
    parts += [_section(section) for section in page.sections]
    if page.link:
        words = escape(page.words.open_taskwire)
        parts.append(f"<p><a href='{escape(page.link)}'>{words}</a></p>")
    parts.append(f"<p style='color:#666;font-size:.85em'>{escape(page.words.why)}</p>")
    body = f"<body style='{_BODY_STYLE}'>{''.join(parts)}</body>"
    html = f"<html lang='{page.language}' dir='{page.words.direction}'>"
    return f"<!doctype html>{html}<head><meta charset='utf-8'></head>{body}</html>"


def as_subject(text: str) -> str:
    """One line of bounded length: a line break in a title must not begin another header."""
    line = " ".join(text.split())
    line = "".join(c for c in line if unicodedata.category(c) not in {"Cc", "Cs"})
    return line if len(line) <= SUBJECT_LENGTH_MAX else line[: SUBJECT_LENGTH_MAX - 1] + "…"


def _section(section: Section) -> str:
    lines = "".join(f"<li><bdi>{escape(line)}</bdi></li>" for line in section.lines)
    return f"<h2 style='font-size:1.05em'>{escape(section.heading)}</h2><ul>{lines}</ul>"
