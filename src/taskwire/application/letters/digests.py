"""The mail of a day: what is overdue, what is due today, what was not read."""

from __future__ import annotations

from datetime import tzinfo

from taskwire.application.delivery_ports import Digest, DigestParcel, DueTask, Letter
from taskwire.application.letters.layout import Page, Section, as_html, as_subject, as_text
from taskwire.application.letters.words import WORDS, Words
from taskwire.domain.preferences import Preferences

TITLE_LENGTH_MAX = 200


def digest_letter(
    letter_id: str, parcel: DigestParcel, preferences: Preferences, link: str
) -> Letter:
    words, digest = WORDS[preferences.language], parcel.digest
    heading = words.digest_greeting.format(name=parcel.name)
    sections = _sections(digest, words, preferences.zone)
    page = Page(preferences.language, words, heading, (), sections, link)
    subject = as_subject(words.digest_subject.format(day=digest.day.isoformat()))
    return Letter(letter_id, parcel.email, subject, as_text(page), as_html(page))


def _sections(digest: Digest, words: Words, zone: tzinfo) -> list[Section]:
    late = [_line(task, zone, day=True) for task in digest.tasks if _is_late(task, digest, zone)]
    today = [
        _line(task, zone, day=False) for task in digest.tasks if not _is_late(task, digest, zone)
    ]
    unread = [
        words.subjects.get(told.kind, "{title}").format(title=_cut(told.title))
        for told in digest.unread
    ]
    cut_off = digest.tasks_count - len(digest.tasks)
    _and_more(today or late, cut_off, words)
    _and_more(unread, digest.unread_count - len(unread), words)
    named = ((words.overdue, late), (words.today, today), (words.unread, unread))
    return [Section(heading, lines) for heading, lines in named if lines]


def _and_more(lines: list[str], count: int, words: Words) -> None:
    if count > 0:
        lines.append(words.and_more.format(count=count))


def _is_late(task: DueTask, digest: Digest, zone: tzinfo) -> bool:
    if task.due_at is not None:
        return task.due_at.astimezone(zone).date() < digest.day
    return task.due_on is not None and task.due_on < digest.day


def _line(task: DueTask, zone: tzinfo, *, day: bool) -> str:
    if task.due_at is not None:
        due = f"{task.due_at.astimezone(zone):{'%Y-%m-%d %H:%M' if day else '%H:%M'}}"
        return f"{_cut(task.title)} · {due}"
    return f"{_cut(task.title)} · {task.due_on}" if day else _cut(task.title)


def _cut(title: str) -> str:
    line = " ".join(title.split())
    return line if len(line) <= TITLE_LENGTH_MAX else line[: TITLE_LENGTH_MAX - 1] + "…"
