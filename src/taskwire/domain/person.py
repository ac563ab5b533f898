"""A person with an account, and the rules for names, addresses and passwords."""

from __future__ import annotations

import re
from dataclasses import dataclass

from taskwire.domain.errors import InvalidError
from taskwire.domain.text import check_line, check_text

EMAIL_LENGTH_MAX = 254
NAME_LENGTH_MAX = 100
PASSWORD_LENGTH_MIN = 8
PASSWORD_LENGTH_MAX = 128

# No address is proven by a pattern; this one only catches slips of the hand.
_EMAIL = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+")


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    email: str
    name: str


def check_email(value: str) -> str:
    """The address in the one form it is stored in, or InvalidError."""
    email = check_line(value, name="email", length_max=EMAIL_LENGTH_MAX).strip().lower()
    if not _EMAIL.fullmatch(email):
        raise InvalidError("email is not an address like name@example.org.")
    return email


def check_name(value: str) -> str:
    return check_line(value, name="name", length_max=NAME_LENGTH_MAX).strip()


def check_password(value: str) -> str:
    """Length only: rules of composition make passwords worse (NIST SP 800-63B, 5.1.1.2)."""
    if len(value) < PASSWORD_LENGTH_MIN:
        raise InvalidError(f"password needs at least {PASSWORD_LENGTH_MIN} characters.")
    return check_text(value, name="password", length_max=PASSWORD_LENGTH_MAX)
