"""What may stand in a text that people type, and in an instant that they name."""

from __future__ import annotations

from datetime import UTC, datetime

from taskwire.domain.errors import InvalidError


def check_text(value: str, *, name: str, length_max: int) -> str:
    """Return `value` unchanged, or raise InvalidError.

    NUL and lone surrogates are refused because no database can hold them as text; everything else
    is kept as it was typed, right-to-left marks and emoji sequences included.
    """
    if len(value) > length_max:
        message = f"{name} may have at most {length_max} characters; this has {len(value)}."
        raise InvalidError(message)
    if "\x00" in value:
        raise InvalidError(f"{name} may not contain the character NUL.")
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        raise InvalidError(f"{name} contains half of a character (a lone surrogate).")
    return value


def check_line(value: str, *, name: str, length_max: int) -> str:
    """As `check_text`, and not empty or blank."""
    check_text(value, name=name, length_max=length_max)
    if not value.strip():
        raise InvalidError(f"{name} may not be empty.")
    return value


def in_utc(instant: datetime, *, name: str) -> datetime:
    """The same instant in UTC; raises InvalidError without a zone or outside the calendar."""
    if instant.tzinfo is None:
        raise InvalidError(f"{name} needs a time zone, for example 2026-11-24T09:00:00Z.")
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        raise InvalidError(f"{name} is outside the calendar.") from error
