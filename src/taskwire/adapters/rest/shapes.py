"""The bodies of requests. Unknown fields and fields that the server owns are refused."""

from __future__ import annotations

from datetime import date

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr

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

    def given(self) -> dict[str, FieldValue]:
        return {name: getattr(self, name) for name in self.model_fields_set}
