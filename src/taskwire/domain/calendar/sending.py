"""What is to be done at Google for one task, and what its answer means.

The order is what makes a crash harmless: the intent is written down (`inflight`), then sent, then
confirmed. Whoever finds an intent without a confirmation looks before doing anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from taskwire.domain.calendar.content import Content, content_of
from taskwire.domain.calendar.link import UNPUSHED, Event, Link, LinkState, Mark, event_id
from taskwire.domain.calendar.receiving import (
    is_ours,
    is_wanted,
    make_again,
    receive,
    removed_there,
)
from taskwire.domain.calendar.steps import (
    Create,
    Landed,
    Note,
    NoteKind,
    Outcome,
    Pair,
    Patch,
    Read,
    Refused,
    Remove,
    Result,
    Rules,
    Step,
    Verdict,
)

_BECOMES: dict[LinkState, LinkState] = {
    LinkState.PENDING_CREATE: LinkState.GONE,
    LinkState.SYNCED: LinkState.PENDING_DELETE,
    LinkState.DETACHED: LinkState.GONE,
    LinkState.FAULTY: LinkState.GONE,
}
"""What a tie becomes when its task no longer belongs into the calendar."""


def plan(pair: Pair, rules: Rules) -> Verdict:
    """The next step for a task, with its intent already in the tie; no step when all is said."""
    link = pair.link
    if link is None:
        return _begin(pair, rules)
    if not is_wanted(pair, rules):
        return _withdraw(pair, link)
    return _PLANS[link.state](pair, link, rules)


def after(pair: Pair, step: Step, result: Result, rules: Rules) -> Verdict:
    """What the answer to a step means for the tie."""
    link = pair.link
    assert link is not None, "a step belongs to a tie"
    if link.event_id != step.event_id:
        return Verdict(link)  # somebody gave the task a new event meanwhile
    if result is Outcome.UNKNOWN:
        return Verdict(replace(link, attempts=link.attempts + 1))
    if result is Outcome.NOT_RUN:
        return Verdict(replace(link, inflight=None) if isinstance(step, Patch) else link)
    return _answered(pair, link, step, result, rules)


def follow(pair: Pair, step: Step, result: Result, rules: Rules) -> Verdict:
    """`after`, and in the same breath the next step; none while it is unknown what happened."""
    verdict = after(pair, step, result, rules)
    is_over = result in (Outcome.UNKNOWN, Outcome.NOT_RUN)
    if is_over or verdict.step is not None or verdict.changes or verdict.old_event_id:
        return verdict
    following = plan(replace(pair, link=verdict.link), rules)
    return replace(following, notes=verdict.notes + following.notes)


def _answered(pair: Pair, link: Link, step: Step, result: Result, rules: Rules) -> Verdict:
    match step, result:
        case Read(), _:
            return _looked(pair, link, result, rules)
        case Remove(), _:
            return _removed(link, result)
        case _, Landed(event):
            return Verdict(_confirmed(link, event))
        case Create(), Outcome.TAKEN:
            return Verdict(link, step=Read(link.event_id))
        case Patch(), Outcome.STALE | Outcome.ABSENT | Outcome.FORBIDDEN:
            return Verdict(replace(link, inflight=None), step=Read(link.event_id))
        case _:
            return _refused(pair, link, result)


def _begin(pair: Pair, rules: Rules) -> Verdict:
    if pair.task is None or pair.task.is_completed or not is_wanted(pair, rules):
        return Verdict(None)
    link = Link(pair.task.id, event_id(rules.instance, pair.task.id, 0))
    return _create(pair, link, rules)


def _begin_again(pair: Pair, link: Link, rules: Rules) -> Verdict:
    if pair.task is None or pair.task.is_completed:
        return Verdict(_looked_at(pair, link))
    return _continued(pair, make_again(link, rules), rules)


def _continued(pair: Pair, verdict: Verdict, rules: Rules) -> Verdict:
    following = plan(replace(pair, link=verdict.link), rules)
    return replace(following, notes=verdict.notes, old_event_id=verdict.old_event_id)


def _withdraw(pair: Pair, link: Link) -> Verdict:
    if link.has_guests and link.state is LinkState.SYNCED:
        return _leave_to_guests(pair, link)
    state = _BECOMES.get(link.state, link.state)
    if link.state is LinkState.PENDING_CREATE and link.inflight is not None:
        state = LinkState.PENDING_DELETE  # it may have arrived
    if link.state is LinkState.FAULTY and link.etag is not None:
        state = LinkState.PENDING_DELETE
    if state is LinkState.PENDING_DELETE:
        return Verdict(replace(link, state=state), step=Remove(link.event_id, link.etag))
    return Verdict(_looked_at(pair, replace(link, state=state)))


def _leave_to_guests(pair: Pair, link: Link) -> Verdict:
    """Others were invited to it. Removed here it would stay on their calendars, unexplained."""
    gone = replace(link, state=LinkState.GONE, base=None, inflight=None, etag=None)
    return Verdict(_looked_at(pair, gone), notes=(Note(NoteKind.LEFT_TO_GUESTS),))


def _want_again(pair: Pair, link: Link, rules: Rules) -> Verdict:
    """Deleted and restored before Google heard of it."""
    state = LinkState.PENDING_CREATE if link.base is None else LinkState.SYNCED
    return plan(replace(pair, link=replace(link, state=state)), rules)


def _look_at_detached(pair: Pair, link: Link, rules: Rules) -> Verdict:
    """Its event was removed there. A new date asks for a new one."""
    local = _local(pair, link)
    if link.base is not None and local is not None and local.slot != link.base.slot:
        return _begin_again(pair, link, rules)
    return Verdict(_looked_at(pair, link))


def _try_again(pair: Pair, link: Link, rules: Rules) -> Verdict:
    if pair.task is None or pair.task.version == link.pushed_version:
        return Verdict(link)
    state = LinkState.PENDING_CREATE if link.base is None else LinkState.SYNCED
    return plan(replace(pair, link=replace(link, state=state, error=None)), rules)


def _create(pair: Pair, link: Link, rules: Rules) -> Verdict:
    # The journal is written once: a repetition sends exactly what may already have arrived.
    content = link.inflight or _local(pair, link)
    assert content is not None, "only what is wanted is created"
    journaled = replace(link, state=LinkState.PENDING_CREATE, inflight=content)
    mark = Mark(rules.instance, link.task_id, link.event_id, link.generation)
    return Verdict(journaled, step=Create(link.event_id, content, mark))


def _patch(pair: Pair, link: Link, _rules: Rules) -> Verdict:
    if link.inflight is not None or link.etag is None or link.base is None:
        return Verdict(link, step=Read(link.event_id))
    local = _local(pair, link)
    if local is None or local == link.base:
        return Verdict(_looked_at(pair, link))
    journaled = replace(link, inflight=local)
    return Verdict(journaled, step=Patch(link.event_id, link.etag, link.base, local))


def _local(pair: Pair, link: Link) -> Content | None:
    agreed = link.agreed
    return content_of(pair.task, agreed.slot if agreed else None) if pair.task else None


def _looked_at(pair: Pair, link: Link) -> Link:
    version = pair.task.version if pair.task else 0
    return replace(link, pushed_version=version, attempts=0)


def _confirmed(link: Link, event: Event | None) -> Link:
    """The base is what we sent, not how Google wrote it down: its spelling is no edit of ours."""
    assert event is not None, "only a removal leaves no event"
    return replace(
        link,
        state=LinkState.SYNCED,
        etag=event.etag,
        base=link.inflight or event.content,
        inflight=None,
        error=None,
        attempts=0,
        pushed_version=UNPUSHED,
        address=event.address or link.address,
    )


def _looked(pair: Pair, link: Link, result: Result, rules: Rules) -> Verdict:
    is_create = link.state is LinkState.PENDING_CREATE
    match result:
        case Landed(Event() as event) if is_create and not event.is_cancelled:
            return receive(pair, event, rules) if is_ours(event, rules) else make_again(link, rules)
        case Landed(Event(is_cancelled=False) as event):
            return receive(pair, event, rules)
        case Landed(_) if is_create:
            return removed_there(pair, rules)
        case Outcome.ABSENT if is_create:
            return make_again(link, rules)  # the id is taken and shows nothing: purged long ago
        case Landed(_) | Outcome.ABSENT:
            return removed_there(pair, rules)
        case _:
            return Verdict(replace(link, attempts=link.attempts + 1))


def _removed(link: Link, result: Result) -> Verdict:
    match result:
        case Landed(_) | Outcome.ABSENT:
            gone = replace(link, state=LinkState.GONE, etag=None, base=None, inflight=None)
            return Verdict(replace(gone, pushed_version=UNPUSHED, attempts=0))
        case Outcome.STALE:
            return Verdict(link, step=Read(link.event_id))
        case _:
            detached = replace(link, state=LinkState.GONE, error=str(result), inflight=None)
            return Verdict(detached, notes=(Note(NoteKind.REFUSED, kept=str(result)),))


def _refused(pair: Pair, link: Link, result: Result) -> Verdict:
    reason = result.reason if isinstance(result, Refused) else str(result)
    faulty = replace(_looked_at(pair, link), state=LinkState.FAULTY, inflight=None, error=reason)
    return Verdict(faulty, notes=(Note(NoteKind.REFUSED, kept=reason),))


_PLANS: Mapping[LinkState, Callable[[Pair, Link, Rules], Verdict]] = {
    LinkState.PENDING_CREATE: _create,
    LinkState.SYNCED: _patch,
    LinkState.PENDING_DELETE: _want_again,
    LinkState.GONE: _begin_again,
    LinkState.DETACHED: _look_at_detached,
    LinkState.FAULTY: _try_again,
}
