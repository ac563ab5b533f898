"""The three-way merge, field by field, against what both sides last agreed on.

No clocks: "who wrote last" loses an edit whenever the two sides changed different fields, and
believes whichever clock is fast.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from taskwire.domain.calendar.content import FIELDS, Content

# Whoever dragged the event looked at the calendar; whoever typed looked at the task.
GOOGLE_WINS = frozenset({"slot", "is_done"})


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both sides changed the field, each to something else; `lost` is kept for the person."""

    field: str
    kept: Content
    lost: Content
    is_kept_here: bool


@dataclass(frozen=True, slots=True)
class Merged:
    content: Content
    conflicts: tuple[Conflict, ...]


def merge(
    base: Content | None,
    inflight: Content | None,
    local: Content,
    remote: Content,
    kept_here: frozenset[str] = frozenset(),
) -> Merged:
    """Without a base every difference is a conflict. `kept_here` names fields that stay ours."""
    values: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    for field in FIELDS:
        ours, theirs = getattr(local, field), getattr(remote, field)
        is_ours_new = base is None or ours != getattr(base, field)
        is_theirs_new = base is None or theirs not in _known(base, inflight, field)
        if ours == theirs or not is_theirs_new:
            values[field] = ours
        elif not is_ours_new and field not in kept_here:
            values[field] = theirs
        else:
            is_kept_here = field in kept_here or field not in GOOGLE_WINS
            values[field] = ours if is_kept_here else theirs
            kept, lost = (local, remote) if is_kept_here else (remote, local)
            conflicts.append(Conflict(field, kept, lost, is_kept_here))
    return Merged(replace(local, **values), tuple(conflicts))


def _known(base: Content, inflight: Content | None, field: str) -> list[Any]:
    """What the other side may show without anybody having edited it there."""
    return [getattr(content, field) for content in (base, inflight) if content is not None]
