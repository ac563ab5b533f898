"""The bodies of requests. Unknown fields and fields that the server owns are refused."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from taskwire.domain.errors import InvalidError
from taskwire.domain.recurrence import RECURRENCE_LENGTH_MAX
from taskwire.domain.reminder import (
    MINUTES_BEFORE_MAX,
    REMINDERS_MAX,
    Reminder,
    ReminderAt,
    ReminderBefore,
)
from taskwire.domain.task import DESCRIPTION_LENGTH_MAX, PRIORITY_MAX, TITLE_LENGTH_MAX, FieldValue


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Registration(Shape):
    email: StrictStr
    name: StrictStr
    password: StrictStr


class Credentials(Shape):
    email: StrictStr
    password: StrictStr


class ReminderFields(Shape):
    """One of the two: `at` an instant, or so many minutes before the task is due."""

    at: AwareDatetime | None = None
    minutes_before: StrictInt | None = Field(
        default=None, json_schema_extra={"minimum": 0, "maximum": MINUTES_BEFORE_MAX}
    )

    def given(self) -> Reminder:
        match self.at, self.minutes_before:
            case datetime() as at, None:
                return ReminderAt(at)
            case None, int() as minutes:
                return ReminderBefore(minutes)
            case _:
                raise InvalidError("A reminder has either at or minutes_before.")


class TaskFields(Shape):
    """A task or a change of one: a missing field stays, null clears (not the title)."""

    title: StrictStr | None = Field(
        default=None, json_schema_extra={"minLength": 1, "maxLength": TITLE_LENGTH_MAX}
    )
    description: StrictStr | None = Field(
        default=None, json_schema_extra={"maxLength": DESCRIPTION_LENGTH_MAX}
    )
    is_completed: StrictBool | None = None
    due_at: AwareDatetime | None = None
    due_on: date | None = None
    priority: StrictInt | None = Field(
        default=None, json_schema_extra={"minimum": 0, "maximum": PRIORITY_MAX}
    )

    reminders: list[ReminderFields] | None = Field(
        default=None, json_schema_extra={"maxItems": REMINDERS_MAX}
    )
    recurrence: StrictStr | None = Field(
        default=None,
        json_schema_extra={"maxLength": RECURRENCE_LENGTH_MAX},
        description="An RRULE of RFC 5545 without DTSTART, for example FREQ=WEEKLY;BYDAY=TU,TH",
    )
    recurrence_from: Literal["due", "completion"] | None = None

    def given(self) -> dict[str, FieldValue]:
        fields = {name: getattr(self, name) for name in self.model_fields_set}
        if self.reminders is not None:
            fields["reminders"] = tuple(reminder.given() for reminder in self.reminders)
        return fields
