"""The words of mails, each language whole. A missing word would be seen by the type checker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from taskwire.domain import notification as news


@dataclass(frozen=True, slots=True)
class Words:
    direction: str
    subjects: Mapping[str, str]
    """By kind; `{title}` is what it is about."""
    not_you: str
    open_taskwire: str
    why: str
    digest_subject: str
    digest_greeting: str
    overdue: str
    today: str
    unread: str
    and_more: str


_ENGLISH = Words(
    direction="ltr",
    subjects=MappingProxyType(
        {
            news.REMINDER_DUE: "Reminder: {title}",
            news.TASK_OVERDUE: "Overdue: {title}",
            news.IMPORT_FINISHED: "Import finished: {title}",
            news.IMPORT_FAILED: "Import failed: {title}",
            news.SYNC_FINISHED: "Calendar synced: {title}",
            news.SYNC_FAILED: "Calendar not synced: {title}",
            news.SIGN_IN: "New sign-in to your account: {title}",
        }
    ),
    not_you="If it was not you, tell whoever runs this Taskwire.",
    open_taskwire="Open Taskwire",
    why="You get this mail because you chose it in the settings of Taskwire.",
    digest_subject="Your day, {day}",
    digest_greeting="Good day, {name}",
    overdue="Overdue",
    today="Today",
    unread="Not read yet",
    and_more="… and {count} more",
)

_HEBREW = Words(
    direction="rtl",
    subjects=MappingProxyType(
        {
            news.REMINDER_DUE: "תזכורת: {title}",
            news.TASK_OVERDUE: "באיחור: {title}",
            news.IMPORT_FINISHED: "הייבוא הסתיים: {title}",
            news.IMPORT_FAILED: "הייבוא נכשל: {title}",
            news.SYNC_FINISHED: "היומן סונכרן: {title}",
            news.SYNC_FAILED: "היומן לא סונכרן: {title}",
            news.SIGN_IN: "כניסה חדשה לחשבון שלך: {title}",
        }
    ),
    not_you="אם זה לא היה מעשה ידיך, כדאי לספר למי שמפעיל את Taskwire.",
    open_taskwire="לפתיחת Taskwire",
    why="הודעה זו נשלחה כי כך נבחר בהגדרות של Taskwire.",
    digest_subject="היום שלך, {day}",
    digest_greeting="שלום, {name}",
    overdue="באיחור",
    today="היום",
    unread="טרם נקראו",
    and_more="… ועוד {count}",
)

WORDS: Mapping[str, Words] = MappingProxyType({"en": _ENGLISH, "he": _HEBREW})
