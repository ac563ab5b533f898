"""Many events that disappear at once are rarely meant: ask before letting go of so many tasks."""

from __future__ import annotations

REMOVALS_UNASKED = 10
REMOVALS_UNASKED_SHARE = 0.2


def is_mass_removal(removed_count: int, linked_count: int) -> bool:
    return removed_count > max(REMOVALS_UNASKED, REMOVALS_UNASKED_SHARE * linked_count)
