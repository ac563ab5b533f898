"""What a person is told of their calendar where nobody looks at the page: on a phone, by mail."""

from __future__ import annotations

from taskwire.application.calendar.ports import AccountState
from taskwire.domain.notification import SYNC_FAILED, SYNC_FINISHED, News

TITLE = "Google Calendar"

_STANDS_STILL = {
    AccountState.NEEDS_CONSENT: "Google no longer accepts our access. Connect again in the settings.",
    AccountState.MISSING: "The calendar was deleted at Google. Connect again for a new one.",
    AccountState.READ_ONLY: "Google does not let us write into the calendar. Connect again.",
    AccountState.MANY_REMOVED: "Many events disappeared at once. Was that meant? Answer in the settings.",
}


def stands_still(state: AccountState) -> News | None:
    """Nothing goes on before the person has done something; what goes on by itself is no news."""
    sentence = _STANDS_STILL.get(state)
    return None if sentence is None else News(SYNC_FAILED, TITLE, sentence)


def is_in_step(linked_count: int) -> News:
    """The first time after a consent that all was said."""
    return News(SYNC_FINISHED, TITLE, f"{linked_count} tasks are in the calendar.")
