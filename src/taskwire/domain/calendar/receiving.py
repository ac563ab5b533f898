"""What an event that Google showed us means for its task."""

from __future__ import annotations

from dataclasses import replace

from taskwire.domain.calendar.content import (
    Content,
    changed_fields,
    content_of,
    holds_more,
    is_over,
    new_task_of,
    shown,
    task_changes,
    timeless_content,
)
from taskwire.domain.calendar.link import UNPUSHED, Event, Link, LinkState, event_id
from taskwire.domain.calendar.merge import Conflict, Merged, merge
from taskwire.domain.calendar.steps import Note, NoteKind, Pair, Rules, Verdict
from taskwire.domain.task import Task

NO_TASK_YET = 0
_OVER = (LinkState.GONE, LinkState.DETACHED)


def receive(pair: Pair, event: Event, rules: Rules) -> Verdict:
    """Merge an event into its task. Ours are known by their id; nothing else is ever touched."""
    link = pair.link
    if link is None:
        return _adopt(pair, event, rules)
    if event.is_cancelled:
        return removed_there(pair, rules)
    if event.content is None:
        return _not_followed(link)
    if pair.task is None:
        return Verdict(replace(link, state=LinkState.PENDING_DELETE, etag=event.etag))
    if link.inflight is None and event.etag == link.etag and link.state not in _OVER:
        return Verdict(link)  # exactly what we have seen, or written ourselves
    return _merge(pair, pair.task, link, event, event.content, rules)


def is_wanted(pair: Pair, rules: Rules) -> bool:
    """Whether the task belongs into the calendar."""
    task = pair.task
    if task is None or pair.is_deleted:
        return False
    # What they put there themselves is not taken away by a switch of ours.
    with_days = rules.with_days or (pair.link is not None and pair.link.is_theirs)
    return task.due_at is not None or (with_days and task.due_on is not None)


def is_ours(event: Event, rules: Rules) -> bool:
    mark = event.mark
    return mark is not None and mark.instance == rules.instance and mark.event_id == event.id


def make_again(link: Link, rules: Rules, notes: tuple[Note, ...] = ()) -> Verdict:
    """A new event for the task. The old id stays known, so that its echoes mean nothing."""
    generation = link.generation + 1
    fresh = Link(link.task_id, event_id(rules.instance, link.task_id, generation), generation)
    return Verdict(fresh, notes=notes, old_event_id=link.event_id)


def removed_there(pair: Pair, rules: Rules) -> Verdict:
    """A deletion in Google never deletes a task; an edit here that it did not know of wins."""
    link = pair.link
    assert link is not None, "only events of a tie are removed"
    if link.state in _OVER:
        return Verdict(link)
    if not is_wanted(pair, rules):
        return Verdict(_ended(link, LinkState.GONE))
    assert pair.task is not None, "what is wanted is there"
    agreed = link.agreed
    local = content_of(pair.task, agreed.slot if agreed else None)
    is_edited_here = agreed is not None and local not in (link.base, link.inflight)
    if is_edited_here or rules.undoes_removals:
        return make_again(link, rules, (Note(NoteKind.MADE_AGAIN),))
    detached = replace(_ended(link, LinkState.DETACHED), base=local)
    return Verdict(detached, notes=(Note(NoteKind.REMOVED_THERE),))


def _ended(link: Link, state: LinkState) -> Link:
    return replace(
        link, state=state, etag=None, base=None, inflight=None, pushed_version=UNPUSHED, attempts=0
    )


def _adopt(pair: Pair, event: Event, rules: Rules) -> Verdict:
    """Our own event whose tie we lost, as after a restored backup."""
    if event.mark is None and pair.task is None:
        return _take_over(event, rules)
    if not is_ours(event, rules) or event.is_cancelled or event.content is None or not pair.task:
        return Verdict(None)
    assert event.mark is not None, "is_ours looked at it"
    link = Link(pair.task.id, event.id, event.mark.generation, LinkState.SYNCED)
    return _merge(pair, pair.task, link, event, event.content, rules)


def _take_over(event: Event, rules: Rules) -> Verdict:
    """An event that the person made in our calendar, if they want such to be tasks."""
    content, since = event.content, rules.takes_events_from
    if content is None or since is None or event.is_cancelled or event.has_guests:
        return Verdict(None)
    if not content.title or content.is_done or is_over(content.slot, since):
        return Verdict(None)
    link = Link(
        NO_TASK_YET,
        event.id,
        state=LinkState.SYNCED,
        etag=event.etag,
        base=content,
        address=event.address,
        is_theirs=True,
    )
    note = Note(NoteKind.TAKEN_OVER)
    return Verdict(link, new_task=new_task_of(content), notes=(note,))


def _not_followed(link: Link) -> Verdict:
    """The person made a series of it. Series are Google's; the task stays as it was."""
    if link.state in _OVER:
        return Verdict(link)
    kept = replace(_ended(link, LinkState.DETACHED), base=link.agreed)
    return Verdict(kept, notes=(Note(NoteKind.REPEATS_THERE),))


def _merge(
    pair: Pair, task: Task, link: Link, event: Event, remote: Content, rules: Rules
) -> Verdict:
    base = link.agreed
    shape = (link.inflight or link.base or remote).slot
    wanted = is_wanted(pair, rules)
    # A task without a place in time still hears of a new title; only its time stays its own.
    local = (content_of(task, shape) if wanted else None) or timeless_content(
        task, (base or remote).slot
    )
    if not remote.title:
        remote = replace(remote, title=base.title if base else local.title)
    kept_here = frozenset({"notes"}) if holds_more(task) else frozenset[str]()
    merged = merge(base, link.inflight, local, remote, kept_here)
    changes = task_changes(local, merged.content)
    notes = _notes(link, local, merged)
    if not wanted:
        changes = {name: value for name, value in changes.items() if not name.startswith("due")}
        notes += _overruled(base, remote)
    is_settled = not changes and merged.content == remote
    followed = replace(
        link,
        state=LinkState.SYNCED if wanted else LinkState.PENDING_DELETE,
        etag=event.etag,
        base=remote,
        inflight=None,
        error=None,
        attempts=0,
        address=event.address or link.address,
        has_guests=event.has_guests,
        pushed_version=task.version if is_settled and wanted else UNPUSHED,
    )
    return Verdict(followed, changes, notes)


def _notes(link: Link, local: Content, merged: Merged) -> tuple[Note, ...]:
    notes = [_conflict_note(conflict) for conflict in merged.conflicts]
    disputed = {conflict.field for conflict in merged.conflicts}
    notes += [
        Note(NoteKind.PULLED, field, shown(merged.content, field), shown(local, field))
        for field in changed_fields(local, merged.content)
        if field not in disputed
    ]
    if link.state in _OVER:
        notes.append(Note(NoteKind.RESTORED_THERE))
    return tuple(notes)


def _conflict_note(conflict: Conflict) -> Note:
    field = conflict.field
    kept, lost = shown(conflict.kept, field), shown(conflict.lost, field)
    return Note(NoteKind.CONFLICT, field, kept, lost)


def _overruled(base: Content | None, remote: Content) -> tuple[Note, ...]:
    """Moved there, removed here: the removal stands, and the person can read where it went."""
    if base is None or base.slot == remote.slot:
        return ()
    return (Note(NoteKind.EDIT_OVERRULED, "slot", None, shown(remote, "slot")),)
