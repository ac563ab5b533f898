"""A task and its tie, read together, decided about, and written together.

The decision is a pure function that runs inside the transaction, between the reading and the
writing. Whoever lost the lease writes nothing: the first statement proves the fence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Row, and_, insert, select, update

from taskwire.adapters.database.calendar_lease import hold
from taskwire.adapters.database.calendar_tables import (
    calendar_accounts,
    calendar_links,
    calendar_notes,
    calendar_old_events,
)
from taskwire.adapters.database.events import task_of
from taskwire.adapters.database.repetition import Completion
from taskwire.adapters.database.row_and_event import Origin, append_events
from taskwire.adapters.database.sql import dialect_of, statement, with_now
from taskwire.adapters.database.tables import tasks
from taskwire.adapters.database.task_rows import INSERT_TASK
from taskwire.application.calendar.ports import Claim, Decide, Written
from taskwire.application.channels import tasks_channel
from taskwire.application.ports import Answer, Change
from taskwire.application.representation import numbered_frame, task_json
from taskwire.domain.calendar.content import Content, from_record, to_record
from taskwire.domain.calendar.link import Event, Link, LinkState
from taskwire.domain.calendar.steps import NoteKind, Pair, Verdict
from taskwire.domain.task import FieldValue, check_changes

_ADD_TASK = statement(
    f"{INSERT_TASK} RETURNING *", {column.name: column.type for column in tasks.columns}
)
_ANSWERABLE = (NoteKind.CONFLICT, NoteKind.EDIT_OVERRULED)


@dataclass(slots=True)
class PairWriter:
    """One transaction of a run; `changes` are those of living tasks, written at its end."""

    connection: Connection
    claim: Claim
    tasks_max: int
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    changes: list[tuple[int, Mapping[str, FieldValue]]] = field(default_factory=list)
    created: list[bytes] = field(default_factory=list)

    def receive(self, events: Sequence[tuple[Event, Decide]], sync_token: str | None) -> Written:
        hold(self.connection, self.claim)
        links = self._links([event.id for event, _ in events])
        verdicts = [
            self._write(pair, decide(pair))
            for event, decide in events
            if (pair := self._pair_of(event, links.get(event.id))) is not None
        ]
        if sync_token is not None:
            ours = calendar_accounts.c.person_id == self.claim.person_id
            self.connection.execute(
                update(calendar_accounts).where(ours).values(sync_token=sync_token)
            )
        return self._written(verdicts)

    def decide(self, task_id: int, decide: Decide) -> Written:
        hold(self.connection, self.claim)
        found = select(calendar_links).where(
            calendar_links.c.person_id == self.claim.person_id,
            calendar_links.c.task_id == task_id,
        )
        row = self.connection.execute(found).one_or_none()
        pair = self._pair(task_id, None if row is None else link_of(row))
        return self._written([self._write(pair, decide(pair))])

    def _links(self, event_ids: Sequence[str]) -> Mapping[str, Link]:
        found = select(calendar_links).where(
            calendar_links.c.person_id == self.claim.person_id,
            calendar_links.c.event_id.in_(event_ids),
        )
        return {row.event_id: link_of(row) for row in self.connection.execute(found)}

    def _pair_of(self, event: Event, link: Link | None) -> Pair | None:
        """None for what is not ours: foreign events, copies, and events from before."""
        if link is not None:
            return self._pair(link.task_id, link)
        is_theirs = event.mark is None
        if (is_theirs and not self.claim.account.takes_events) or self._is_old(event.id):
            return None
        if event.mark is None:
            return Pair(None, is_deleted=False, link=None)
        return None if self._has_link(event.mark.task_id) else self._pair(event.mark.task_id, None)

    def _is_old(self, event_id: str) -> bool:
        found = select(calendar_old_events.c.task_id).where(
            calendar_old_events.c.person_id == self.claim.person_id,
            calendar_old_events.c.event_id == event_id,
        )
        return self.connection.execute(found).first() is not None

    def _has_link(self, task_id: int) -> bool:
        found = select(calendar_links.c.task_id).where(
            calendar_links.c.person_id == self.claim.person_id,
            calendar_links.c.task_id == task_id,
        )
        return self.connection.execute(found).first() is not None

    def _pair(self, task_id: int, link: Link | None) -> Pair:
        """The row is locked to the commit: what was decided about is what is written."""
        found = select(tasks).where(tasks.c.id == task_id, tasks.c.owner_id == self.claim.person_id)
        row = self.connection.execute(found.with_for_update()).mappings().one_or_none()
        if row is None:
            return Pair(None, is_deleted=True, link=link)
        return Pair(task_of(row), is_deleted=row["deleted_at"] is not None, link=link)

    def _write(self, pair: Pair, verdict: Verdict) -> Verdict:
        if verdict.new_task is not None and verdict.link is not None:
            return self._take_over(verdict, verdict.link, verdict.new_task)
        if pair.task is not None and verdict.changes:
            self._change_task(pair, verdict.changes)
        if verdict.link is not None and verdict.link != pair.link:
            self._write_link(verdict.link)
        if verdict.old_event_id is not None and pair.link is not None:
            old = {"event_id": verdict.old_event_id, "task_id": pair.link.task_id}
            self.connection.execute(insert(calendar_old_events).values(old | self._person))
        task_id = pair.task.id if pair.task else pair.link.task_id if pair.link else 0
        self._write_notes(task_id, verdict)
        return verdict

    def _take_over(self, verdict: Verdict, link: Link, fields: Mapping[str, FieldValue]) -> Verdict:
        """A task of an event; none when the person holds as many as they may."""
        given: dict[str, Any] = {**check_changes(fields).as_new_task(), **self._owner}
        adding = _ADD_TASK[dialect_of(self.connection)]
        row = self.connection.execute(adding, with_now(given)).mappings().one_or_none()
        if row is None:
            return Verdict(None)
        task = task_of(row)
        self.created.append(task_json(task))
        self._write_link(replace(link, task_id=task.id, pushed_version=task.version))
        self._write_notes(task.id, verdict)
        return verdict

    def _change_task(self, pair: Pair, changes: Mapping[str, FieldValue]) -> None:
        assert pair.task is not None, "the caller looked"
        checked = check_changes(changes).fields
        if not pair.is_deleted:
            self.changes.append((pair.task.id, checked))
            return
        # In the trash it changes silently: its return will show it.
        changing = update(tasks).where(tasks.c.id == pair.task.id)
        self.connection.execute(
            changing.values(**checked, version=tasks.c.version + 1, updated_at=self.now)
        )

    def _write_link(self, link: Link) -> None:
        values = _columns(link)
        ours = and_(
            calendar_links.c.person_id == self.claim.person_id,
            calendar_links.c.task_id == link.task_id,
        )
        changed = self.connection.execute(update(calendar_links).where(ours).values(values))
        if changed.rowcount == 0:
            self.connection.execute(insert(calendar_links).values(values | self._person))

    def _write_notes(self, task_id: int, verdict: Verdict) -> None:
        rows = [
            {
                "task_id": task_id,
                "kind": note.kind.value,
                "changed": note.field,
                "kept": note.kept,
                "lost": note.lost,
                "at": self.now,
                "is_open": note.kind in _ANSWERABLE,
            }
            | self._person
            for note in verdict.notes
        ]
        if rows:
            self.connection.execute(insert(calendar_notes), rows)

    def _written(self, verdicts: Sequence[Verdict]) -> Written:
        """The tasks last: their events take the counter of the stream, and hold it to the commit.

        By the road that a repeating task takes, since whoever ticks its event completes it.
        """
        origin = Origin(self.claim.person_id, tasks_channel(self.claim.person_id), None)
        told: list[Change] = []
        for task_id, fields in self.changes:
            change = Completion(task_id, fields, None, origin, self.tasks_max)
            answer = change(self.connection)
            told += answer.changes if isinstance(answer, Answer) else ()
        if self.created:
            _, first = append_events(self.connection, origin, "task_created", self.created)
            told += [
                Change(origin.channel, seq, numbered_frame("task_created", seq, None, image))
                for seq, image in enumerate(self.created, start=first)
            ]
        return Written(tuple(verdicts), tuple(told))

    @property
    def _owner(self) -> dict[str, Any]:
        return {"owner_id": self.claim.person_id, "limit": self.tasks_max}

    @property
    def _person(self) -> dict[str, Any]:
        return {"person_id": self.claim.person_id}


def link_of(row: Row[*tuple[Any, ...]]) -> Link:
    return Link(
        task_id=row.task_id,
        event_id=row.event_id,
        generation=row.generation,
        state=LinkState(row.state),
        etag=row.etag,
        base=_read(row.base),
        inflight=_read(row.inflight),
        pushed_version=row.pushed_version,
        attempts=row.attempts,
        error=row.error,
        address=row.address,
        has_guests=row.has_guests,
        is_theirs=row.is_theirs,
    )


def _columns(link: Link) -> dict[str, Any]:
    plain = replace(link, base=None, inflight=None)
    values = {name: getattr(plain, name) for name in Link.__dataclass_fields__}
    values["state"] = link.state.value
    return values | {"base": _text(link.base), "inflight": _text(link.inflight)}


def _read(record: str | None) -> Content | None:
    return None if record is None else from_record(orjson.loads(record))


def _text(content: Content | None) -> str | None:
    return None if content is None else orjson.dumps(to_record(content)).decode()
