"""How the calendar's state looks in JSON: the answer to a request, and the live frame."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from taskwire.application.calendar.ports import Account, AccountState, CalendarStore, LoggedNote
from taskwire.application.channels import notifications_channel
from taskwire.application.ports import Hints
from taskwire.application.representation import unnumbered_frame

NOTES_SHOWN_MAX = 50
_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS


def state_json(
    account: Account | None, notes: Sequence[LoggedNote], *, is_offered: bool = True
) -> bytes:
    """`is_offered` False: the operator has not set Google up, and the page shows nothing of it."""
    is_connected = account is not None and account.state is not AccountState.DISCONNECTED
    state: dict[str, object] = {
        "is_offered": is_offered,
        "is_connected": is_connected,
        "state": account.state.value if account else AccountState.DISCONNECTED.value,
        "reason": account.reason if account else None,
        "with_days": account.with_days if account else True,
        "takes_events": account.takes_events if account else False,
        "last_sync_at": account.last_sync_at if account else None,
        "pulled": account.pulled if account else 0,
        "pushed": account.pushed if account else 0,
        "linked": account.linked if account else 0,
        "notes": [_note(note) for note in notes],
    }
    return orjson.dumps(state, option=_OPTIONS)


async def read_state(store: CalendarStore, person_id: int) -> bytes:
    account = await store.find(person_id)
    notes = await store.notes(person_id, NOTES_SHOWN_MAX)
    return state_json(account, notes)


async def tell_state(store: CalendarStore, hints: Hints, person_id: int) -> None:
    """Unnumbered: it may be lost, and the next look shows the truth."""
    frame = unnumbered_frame("calendar_update", await read_state(store, person_id))
    hints.announce(notifications_channel(person_id), None, frame)


def _note(note: LoggedNote) -> dict[str, object]:
    return {
        "id": note.id,
        "task_id": note.task_id,
        "task_title": note.task_title,
        "kind": note.kind.value,
        "field": note.changed,
        "kept": note.kept,
        "lost": note.lost,
        "at": note.at,
        "is_open": note.is_open,
    }
