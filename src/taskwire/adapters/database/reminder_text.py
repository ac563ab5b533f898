"""Reminders as text, for the one column that holds them. The same JSON as on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson

from taskwire.application.representation import reminders_shown
from taskwire.domain.reminder import Reminder, ReminderAt, ReminderBefore, Reminders

NO_REMINDERS = "[]"


def write_reminders(reminders: Reminders) -> str:
    return orjson.dumps(reminders_shown(reminders), option=orjson.OPT_UTC_Z).decode()


def read_reminders(written: str) -> Reminders:
    if written == NO_REMINDERS:
        return ()
    return reminders_of(orjson.loads(written))


def reminders_of(shown: list[dict[str, Any]]) -> Reminders:
    return tuple(_reminder(one) for one in shown)


def _reminder(shown: dict[str, Any]) -> Reminder:
    if "at" in shown:
        return ReminderAt(datetime.fromisoformat(shown["at"]))
    return ReminderBefore(shown["minutes_before"])
