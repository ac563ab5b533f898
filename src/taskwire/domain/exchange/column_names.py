"""How other programs, and people, name what a task has: in English and Hebrew."""

from __future__ import annotations

from collections.abc import Mapping

from taskwire.domain.exchange.draft import Loss

TITLE = "title"


def _words(*lists: str) -> frozenset[str]:
    return frozenset(word.strip() for one in lists for word in one.split(","))


FIELD_NAMES: Mapping[str, frozenset[str]] = {
    TITLE: _words(
        "title, task, task name, name, subject, summary, content, to do, todo",
        "כותרת, משימה, שם, שם המשימה, נושא, מטלה",
    ),
    "description": _words(
        "description, notes, note, details, comments, body",
        "תיאור, הערות, הערה, פירוט, פרטים",
    ),
    "is_completed": _words(
        "is_completed, completed, done, is done, complete, status, checked",
        "הושלם, הושלמה, בוצע, סטטוס, מצב",  # noqa: RUF001 - Hebrew letters are meant
    ),
    "due": _words(
        "due, due date, date, deadline, due_date",
        "תאריך, תאריך יעד, מועד, יעד, עד",
    ),
    "due_at": _words("due_at"),
    "due_on": _words("due_on"),
    "priority": _words("priority, importance", "עדיפות, חשיבות, דחיפות"),
    "reminders": _words("reminders"),
    "recurrence": _words("recurrence, rrule"),
    "recurrence_from": _words("recurrence_from"),
}
"""The fields that a column can have, and the names that mean them."""

NOT_TAKEN: Mapping[str, Loss] = {
    name: loss
    for loss, names in {
        Loss.TIMESTAMPS: _words("created_at, updated_at, created, modified", "נוצר, עודכן"),
        Loss.LABELS: _words("labels, label, tags, tag", "תוויות, תגיות"),
        Loss.SECTIONS: _words("project, list, section, folder", "פרויקט, רשימה, תיקייה"),
        Loss.ASSIGNEES: _words("assignee, owner, responsible", "אחראי, אחראית"),
    }.items()
    for name in names
}

TRUE = _words(
    "1, true, yes, x, v, ✓, done, completed, complete, closed",
    "כן, הושלם, הושלמה, בוצע, בוצעה, סגור",
)
FALSE = _words(
    "0, false, no, open, todo, to do, not started, in progress",
    "לא, פתוח, פתוחה, בתהליך, טרם",
)
PRIORITIES: Mapping[str, int] = {
    name: priority
    for priority, names in enumerate(
        (
            _words("0, none, no priority", "ללא, אין"),
            _words("1, low, lowest", "נמוכה, נמוך"),
            _words("2, medium, normal", "בינונית, רגילה"),
            _words("3, high, highest, urgent", "גבוהה, גבוה, דחוף, דחופה"),
        )
    )
    for name in names
}
