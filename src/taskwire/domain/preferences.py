"""What a person wants to hear of, by which road, and when not.

`page` says whether an open page speaks up; the list there keeps everything. Push and e-mail go out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import time, tzinfo
from types import MappingProxyType

from taskwire.domain.errors import InvalidError
from taskwire.domain.notification import KINDS
from taskwire.domain.quiet_hours import QuietHours
from taskwire.domain.time_zone import zone_named

PAGE, PUSH, EMAIL = "page", "push", "email"
CHANNELS = (PAGE, PUSH, EMAIL)
LANGUAGES = ("en", "he")

# Mail is off until somebody asks for it: nobody has proven that the address is theirs.
_ON_AT_FIRST: Mapping[str, bool] = MappingProxyType({PAGE: True, PUSH: True, EMAIL: False})

Switches = Mapping[str, Mapping[str, bool]]
"""By kind, then by channel."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """`time_zone` None was never set: UTC is used.

    `switches` has only what somebody set, so that a kind which comes with a later version begins as
    every kind does.
    """

    time_zone: str | None = None
    language: str = LANGUAGES[0]
    quiet_hours: QuietHours | None = None
    digest_at: time | None = None
    switches: Switches = field(default_factory=dict)

    @property
    def zone(self) -> tzinfo:
        return zone_named(self.time_zone)

    @property
    def channels(self) -> dict[str, dict[str, bool]]:
        """Every kind with every channel."""
        return {kind: {c: self.wants(kind, c) for c in CHANNELS} for kind in KINDS}

    def wants(self, kind: str, channel: str) -> bool:
        return self.switches.get(kind, {}).get(channel, _ON_AT_FIRST[channel])

    def with_switches(self, given: Switches) -> Preferences:
        """These switches over those that are set; raises InvalidError for one that is not there."""
        merged = {kind: dict(channels) for kind, channels in self.switches.items()}
        for kind, channels in given.items():
            _check_switches(kind, channels)
            merged.setdefault(kind, {}).update(channels)
        return replace(self, switches=merged)


def check_language(name: str) -> str:
    if name not in LANGUAGES:
        raise InvalidError(f"language is one of: {', '.join(LANGUAGES)}.")
    return name


def _check_switches(kind: str, channels: Mapping[str, bool]) -> None:
    if kind not in KINDS:
        raise InvalidError(f"channels has no kind {kind[:40]!r}; the kinds are {', '.join(KINDS)}.")
    unknown = next((name for name in channels if name not in CHANNELS), None)
    if unknown is not None:
        message = (
            f"channels.{kind} has no channel {unknown[:40]!r}; there are {', '.join(CHANNELS)}."
        )
        raise InvalidError(message)
