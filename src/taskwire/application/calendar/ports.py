"""What the use cases of the calendar need of the world."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from taskwire.application.ports import Change
from taskwire.domain.calendar.link import Event, LinkState
from taskwire.domain.calendar.steps import Landed, NoteKind, Pair, Rules, Step, Verdict
from taskwire.domain.calendar.troubles import Trouble
from taskwire.domain.notification import News


class CalendarError(Exception):
    """Google said no, or nothing; `trouble` says what that means for us."""

    def __init__(self, trouble: Trouble, reason: str, retry_after_s: float | None = None) -> None:
        super().__init__(f"{trouble}: {reason}")
        self.trouble = trouble
        self.reason = reason
        self.retry_after_s = retry_after_s


class LeaseLostError(Exception):
    """Another worker has this calendar now; nothing of ours may be written any more."""


# --- Google -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Access:
    token: str = field(repr=False)  # what is never shown is never logged
    expires_in_s: int


@dataclass(frozen=True, slots=True)
class Grant:
    """What a consent gave; Google leaves the refresh token out when it thinks we have one."""

    access: Access
    refresh_token: str | None = field(repr=False)
    scopes: frozenset[str]


class Consents(Protocol):
    """The OAuth side. Each raises CalendarError."""

    needed_scope: str

    def address(self, state: str, verifier: str) -> str:
        """Where the person's browser goes to be asked."""
        ...

    async def exchange(self, code: str, verifier: str) -> Grant: ...

    async def refresh(self, refresh_token: str) -> Grant: ...

    async def revoke(self, refresh_token: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Page:
    events: tuple[Event, ...]
    next_page: str | None
    next_sync_token: str | None


@dataclass(frozen=True, slots=True)
class Channel:
    """`secret` comes back with each message and proves that Google sent it."""

    id: str
    secret: str = field(repr=False)
    address: str
    lifetime_s: int


@dataclass(frozen=True, slots=True)
class OpenChannel:
    resource_id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Knock:
    """A message of Google's about a channel: that something changed, and not what.

    The first one of a channel says only that it is there, and may come before the answer that
    opens it.
    """

    channel_id: str
    secret: str = field(repr=False)
    resource_id: str
    is_first: bool
    expires_at: datetime | None


class Calendars(Protocol):
    """The calendar side. Each raises CalendarError; none repeats anything by itself."""

    async def make(self, access: Access, title: str) -> str: ...

    async def exists(self, access: Access, calendar_id: str) -> bool: ...

    async def page(
        self, access: Access, calendar_id: str, sync_token: str | None, page_token: str | None
    ) -> Page: ...

    async def run(self, access: Access, calendar_id: str, step: Step) -> Landed: ...

    async def watch(self, access: Access, calendar_id: str, channel: Channel) -> OpenChannel: ...

    async def stop(self, access: Access, channel_id: str, resource_id: str) -> None: ...


# --- what is kept -------------------------------------------------------------------------------


class AccountState(StrEnum):
    ACTIVE = "active"
    NEEDS_CONSENT = "needs_consent"
    MISSING = "missing"
    """The person deleted the calendar at Google."""
    READ_ONLY = "read_only"
    MANY_REMOVED = "many_removed"
    """So many events disappeared that we ask first."""
    DISCONNECTED = "disconnected"


class RemovalAnswer(StrEnum):
    """What the person said about many removed events."""

    ASK = "ask"
    KEEP_TASKS = "keep_tasks"
    MAKE_AGAIN = "make_again"


@dataclass(frozen=True, slots=True)
class Account:
    """A person's tie to their calendar, without its secret."""

    person_id: int
    state: AccountState
    reason: str | None
    calendar_id: str | None
    with_days: bool
    takes_events: bool
    failures: int
    last_sync_at: datetime | None
    pulled: int
    pushed: int
    linked: int = 0


FRESH = "fresh"
"""An account's `reason` after a consent: whose calendar we see now has to be looked at."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An account that is this worker's for a while; `fence` tells its writes from an older one's."""

    account: Account
    fence: int
    instance: str
    sync_token: str | None
    removals: RemovalAnswer
    lease_s: float
    head: int
    """Where the person's tasks stood when the run began."""
    began_at: datetime
    next_at: datetime
    """When it would be due again; another moment there at the end means that somebody asked."""
    channel_expires_at: datetime | None
    is_watch_tried: bool
    """A channel was asked for not long ago, and Google said no, or nothing."""

    @property
    def person_id(self) -> int:
        return self.account.person_id

    @property
    def rules(self) -> Rules:
        return Rules(
            self.instance,
            with_days=self.account.with_days,
            undoes_removals=self.removals is RemovalAnswer.MAKE_AGAIN,
            takes_events_from=self.began_at if self.account.takes_events else None,
        )


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended, and when the next one is due without anybody asking."""

    state: AccountState
    reason: str | None
    next_in_s: float
    is_good: bool
    is_complete: bool
    """Everything that was there at the beginning is done."""
    pulled: int = 0
    pushed: int = 0
    news: News | None = None


Decide = Callable[[Pair], Verdict]
"""Runs inside the transaction that reads the pair and writes the verdict: pure, and quick."""


@dataclass(frozen=True, slots=True)
class Written:
    verdicts: tuple[Verdict, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class LoggedNote:
    id: int
    task_id: int
    task_title: str | None
    kind: NoteKind
    changed: str | None
    """The field it is about."""
    kept: str | None
    lost: str | None
    at: datetime
    is_open: bool
    """A conflict that the person has not answered."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A consent that was begun: by whom, in which session."""

    person_id: int
    session_id: str
    verifier: str = field(repr=False)


class Seal(Protocol):
    """Keeps secrets of others readable for us alone; `purpose` says whose it is, and binds it."""

    def seal(self, secret: str, purpose: str) -> bytes: ...

    def open(self, sealed: bytes, purpose: str) -> str | None:
        """None when no key of ours opens it, or it was sealed for another purpose."""
        ...

    def is_current(self, sealed: bytes, purpose: str) -> bool:
        """Whether the newest key opens it; otherwise it is time to seal it again."""
        ...


class CalendarStore(Protocol):
    """What is kept of calendars. Writes of a run raise LeaseLostError when it is not ours."""

    async def begin_consent(self, state: str, attempt: Attempt) -> None: ...

    async def end_consent(self, state: str) -> Attempt | None:
        """The attempt, once: the second call with the same state gets None."""
        ...

    async def connect(self, person_id: int, refresh_token: str | None) -> bool:
        """Keep a new refresh token (None: the one there is); False when there is none at all."""
        ...

    async def find(self, person_id: int) -> Account | None: ...

    async def refresh_token(self, person_id: int) -> str | None: ...

    async def replace_refresh_token(self, claim: Claim, refresh_token: str) -> None: ...

    async def disconnect(self, person_id: int, *, forgets_links: bool) -> None:
        """Forget the secrets. The ties stay, unless the events went too: coming back makes no second."""
        ...

    async def ask_for_sync(self, person_id: int) -> None: ...

    async def set_with_days(self, person_id: int, *, with_days: bool) -> None: ...

    async def set_takes_events(self, person_id: int, *, takes_events: bool) -> None:
        """Whoever wants them has everything looked at once more, for those that are there."""
        ...

    async def answer_removals(self, person_id: int, answer: RemovalAnswer) -> None: ...

    async def due(self, limit: int) -> Sequence[int]: ...

    async def claim(self, person_id: int) -> Claim | None: ...

    async def set_calendar(self, claim: Claim, calendar_id: str) -> Claim:
        """Another calendar: all ties to the one before are void."""
        ...

    async def renew(self, claim: Claim) -> None: ...

    async def forget_sync_token(self, claim: Claim) -> None:
        """And nothing else: the ties and their bases are what makes the next full list harmless."""
        ...

    async def living_events(self, person_id: int) -> Mapping[str, LinkState]:
        """Events that are there, or may be, by id."""
        ...

    async def own_events(self, person_id: int) -> Sequence[str]:
        """Of those, the ones that we made."""
        ...

    async def receive(
        self,
        claim: Claim,
        events: Sequence[tuple[Event, Decide]],
        sync_token: str | None = None,
    ) -> Written:
        """Decide about each event's pair, and write all verdicts (and the token) in one commit."""
        ...

    async def decide(self, claim: Claim, task_id: int, decide: Decide) -> Written: ...

    async def waiting(self, claim: Claim, limit: int) -> Sequence[int]:
        """Tasks that may have something to send, those that failed least first."""
        ...

    async def release(self, claim: Claim, ending: Ending) -> Sequence[Change]:
        """Write how it ended, together with what the person is told of it."""
        ...

    async def notes(self, person_id: int, limit: int) -> Sequence[LoggedNote]: ...

    async def find_note(self, person_id: int, note_id: int) -> LoggedNote | None: ...

    async def close_note(self, person_id: int, note_id: int) -> None: ...

    async def begin_channel(self, claim: Claim, channel: Channel) -> None:
        """Write it down as asked for; an hour later, without an answer, another may be tried."""
        ...

    async def open_channel(self, channel_id: str, opened: OpenChannel) -> None: ...

    async def channels(self, person_id: int) -> Sequence[tuple[str, str]]:
        """(channel, resource) of all that may still send."""
        ...

    async def heard(self, knock: Knock) -> bool:
        """A message came: a sync is due. False when the channel is not one of ours."""
        ...
