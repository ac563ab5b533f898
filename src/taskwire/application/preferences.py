"""What a person does with preferences: look, and change some of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import time
from types import MappingProxyType
from typing import Any

import orjson

from taskwire.application.channels import notifications_channel
from taskwire.application.delivery_ports import PreferenceStore
from taskwire.application.ports import Answer, Hints, KeyTaken, WriteKey
from taskwire.application.representation import unnumbered_frame
from taskwire.domain.errors import InvalidError, KeyReusedError
from taskwire.domain.preferences import Preferences, check_language
from taskwire.domain.quiet_hours import check_quiet_hours, check_time_of_day
from taskwire.domain.time_zone import check_time_zone

Given = Mapping[str, Any]
"""Fields by name with the types of the edge: only what was sent."""


@dataclass(frozen=True, slots=True)
class PreferencesDesk:
    """`has_email` and `has_push` tell the page what this installation can do at all."""

    store: PreferenceStore
    hints: Hints
    has_email: bool
    has_push: bool

    async def read(self, person_id: int) -> bytes:
        return self._show(await self.store.find(person_id))

    async def change(self, person_id: int, given: Given, write: WriteKey | None) -> Answer:
        # Checked before the transaction as well: a refusal must not wait for a writer.
        alter(Preferences(), given)
        changed = await self.store.change(
            person_id, lambda known: alter(known, given), self._show, write
        )
        if isinstance(changed, KeyTaken):
            raise KeyReusedError
        _tell_changed(self.hints, person_id)
        return changed

    def _show(self, preferences: Preferences) -> bytes:
        able = {"email_available": self.has_email, "push_available": self.has_push}
        return orjson.dumps({**preferences_data(preferences), **able})


@dataclass(frozen=True, slots=True)
class PreferenceAdopter:
    """Takes over the preferences of an imported file, where nobody has chosen any."""

    store: PreferenceStore
    hints: Hints

    async def adopt(self, person_id: int, in_file: Given) -> None:
        await self.store.change(person_id, lambda known: adopted(known, in_file), _nothing, None)
        _tell_changed(self.hints, person_id)


def _tell_changed(hints: Hints, person_id: int) -> None:
    """Only that something has changed: of two such words the later one might hold the older state."""
    frame = unnumbered_frame("preferences_update", b"{}")
    hints.announce(notifications_channel(person_id), None, frame)


def preferences_data(preferences: Preferences) -> dict[str, Any]:
    """What a person chose, as it is shown, exported and read again."""
    quiet = preferences.quiet_hours
    return {
        "time_zone": preferences.time_zone,
        "language": preferences.language,
        "quiet_hours": quiet and {"from": _shown(quiet.begin), "to": _shown(quiet.end)},
        "digest_at": preferences.digest_at and _shown(preferences.digest_at),
        "channels": preferences.channels,
    }


def adopted(known: Preferences, in_file: Given) -> Preferences:
    """Those of the file, unless somebody has chosen here: a list of a friend changes no habits.

    The time zone does not count as chosen: the page sets it by itself. Raises InvalidError.
    """
    try:
        told = alter(Preferences(), {n: v for n, v in in_file.items() if n in _ALTERATIONS})
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise InvalidError("The file's preferences are not understood.") from error
    if replace(known, time_zone=None) != Preferences():
        return known
    return replace(told, time_zone=known.time_zone or told.time_zone)


def alter(known: Preferences, given: Given) -> Preferences:
    """The merge: what is not given stays, null clears. Raises InvalidError; nothing is half done."""
    for name, value in given.items():
        known = _ALTERATIONS[name](known, value)
    return known


def _zone(known: Preferences, value: str | None) -> Preferences:
    return replace(known, time_zone=value if value is None else check_time_zone(value))


def _language(known: Preferences, value: str | None) -> Preferences:
    language = Preferences().language if value is None else check_language(value)
    return replace(known, language=language)


def _quiet_hours(known: Preferences, value: Mapping[str, str] | None) -> Preferences:
    hours = None if value is None else check_quiet_hours(value["from"], value["to"])
    return replace(known, quiet_hours=hours)


def _digest(known: Preferences, value: str | None) -> Preferences:
    digest_at = None if value is None else check_time_of_day(value, name="digest_at")
    return replace(known, digest_at=digest_at)


def _channels(known: Preferences, value: Mapping[str, Mapping[str, bool]] | None) -> Preferences:
    return replace(known, switches={}) if value is None else known.with_switches(value)


_ALTERATIONS: Mapping[str, Callable[[Preferences, Any], Preferences]] = MappingProxyType(
    {
        "time_zone": _zone,
        "language": _language,
        "quiet_hours": _quiet_hours,
        "digest_at": _digest,
        "channels": _channels,
    }
)


def _nothing(_preferences: Preferences) -> bytes:
    return b""


def _shown(wall: time) -> str:
    return f"{wall:%H:%M}"
