"""Everything a person has, as one file: for moving away, for keeping, for a calendar.

The whole file is one snapshot. It is written beside memory, and only then sent, so that a reader
who takes an hour holds neither a transaction of the database nor a list of all tasks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import IO, Protocol

import orjson

from taskwire.application.representation import task_json
from taskwire.domain.errors import UnauthenticatedError, UnavailableError
from taskwire.domain.exchange.calendar_writer import CALENDAR_BEGIN, CALENDAR_END, event, todo
from taskwire.domain.exchange.csv_writer import csv_header, csv_task
from taskwire.domain.exchange.own_format import FORMAT, VERSION
from taskwire.domain.person import Person
from taskwire.domain.task import Task

FILES_OPEN_MAX = 32
"""Files being fetched at the same time, in one process; each may hold some hundred megabytes."""


class ExportFormat(StrEnum):
    JSON = "json"
    CSV = "csv"
    ICS = "ics"


@dataclass(frozen=True, slots=True)
class Account:
    """What a file begins with."""

    person: Person
    preferences: bytes
    exported_at: datetime


class Document(Protocol):
    """Writes one file from its beginning to its end, piece by piece."""

    def begin(self, account: Account) -> bytes: ...

    def task(self, task: Task) -> bytes: ...

    def end(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file at its beginning, how long it is, and the place in the stream that it shows."""

    content: IO[bytes]
    length: int
    epoch: str
    seq: int


class ExportStore(Protocol):
    async def write(
        self, person_id: int, now: datetime, document: Callable[[], Document]
    ) -> WrittenFile | None:
        """All tasks of a person that are not deleted, on one snapshot; None without the person."""
        ...


@dataclass(slots=True)
class Exports:
    store: ExportStore
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    open_count: int = 0

    async def write(self, person_id: int, document: Callable[[], Document]) -> WrittenFile:
        """A file; whoever gets it gives it to `close`, however its way ends."""
        if self.open_count >= FILES_OPEN_MAX:
            raise UnavailableError("Too many files are being fetched here. Try again soon.")
        self.open_count += 1
        written: WrittenFile | None = None
        try:
            written = await self.store.write(person_id, self.now(), document)
        finally:
            if written is None:
                self.open_count -= 1
        if written is None:
            raise UnauthenticatedError
        return written

    def close(self, written: WrittenFile) -> None:
        self.open_count -= 1
        written.content.close()


class JsonDocument:
    """Our own format: see docs/protocol.md. One task a line, so that two files can be compared."""

    def __init__(self) -> None:
        self._is_first = True

    def begin(self, account: Account) -> bytes:
        head = {
            "format": FORMAT,
            "version": VERSION,
            "exported_at": account.exported_at,
            "person": {"email": account.person.email, "name": account.person.name},
        }
        written = orjson.dumps(head, option=orjson.OPT_UTC_Z)[:-1]
        return b'%b,"preferences":%b,"tasks":[' % (written, account.preferences)

    def task(self, task: Task) -> bytes:
        separator = b"\n" if self._is_first else b",\n"
        self._is_first = False
        return separator + task_json(task)

    def end(self) -> bytes:
        return b"\n]}\n"


class CsvDocument:
    def begin(self, _account: Account) -> bytes:
        return csv_header()

    def task(self, task: Task) -> bytes:
        return csv_task(task)

    def end(self) -> bytes:
        return b""


@dataclass(frozen=True, slots=True)
class CalendarDocument:
    """To-dos or events; an event is nothing for what a calendar has no place for."""

    entry: Callable[[Task], bytes]

    def begin(self, _account: Account) -> bytes:
        return CALENDAR_BEGIN

    def task(self, task: Task) -> bytes:
        return self.entry(task)

    def end(self) -> bytes:
        return CALENDAR_END


DOCUMENTS: Mapping[ExportFormat, Callable[[], Document]] = {
    ExportFormat.JSON: JsonDocument,
    ExportFormat.CSV: CsvDocument,
    ExportFormat.ICS: lambda: CalendarDocument(todo),
}


def feed_document() -> Document:
    return CalendarDocument(event)
