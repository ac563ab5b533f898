from datetime import UTC, datetime

import orjson
import pytest

from taskwire.adapters.database import export_store
from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.export_store import PAGE_TASKS, DatabaseExportStore
from taskwire.adapters.database.person_store import DatabasePersonStore
from taskwire.adapters.database.task_store import DatabaseTaskStore
from taskwire.application.exports import DOCUMENTS, ExportFormat, JsonDocument
from tests.contract.writing import create, shown

NOW = datetime(2026, 11, 26, tzinfo=UTC)


async def ann(people: DatabasePersonStore) -> int:
    person = await people.add("ann@example.org", "Ann", "hash")
    assert person is not None
    return person.id


async def test_a_file_has_every_task_once_in_order_whatever_the_pages(
    database: Database, people: DatabasePersonStore, tasks: DatabaseTaskStore
) -> None:
    person_id = await ann(people)
    count = PAGE_TASKS + 3
    for number in range(count):
        await create(tasks, f"task {number}", person_id=person_id)
    await create(tasks, "somebody else's", person_id=person_id + 1)
    gone = shown(await create(tasks, "deleted", person_id=person_id))
    await tasks.delete(person_id, gone["id"], None, None)
    written = await DatabaseExportStore(database).write(person_id, NOW, JsonDocument)
    assert written is not None
    content = written.content.read()
    written.content.close()
    document = orjson.loads(content)
    assert [task["title"] for task in document["tasks"]] == [f"task {n}" for n in range(count)]
    assert (document["format"], document["version"]) == ("taskwire", 1)
    assert document["person"] == {"email": "ann@example.org", "name": "Ann"}
    assert (written.length, written.seq) == (len(content), count + 2)
    snapshot = await tasks.snapshot(person_id)
    assert [orjson.loads(item) for item in snapshot.items] == document["tasks"]


async def test_a_file_of_nobody_is_none(database: Database) -> None:
    assert await DatabaseExportStore(database).write(7, NOW, JsonDocument) is None


@pytest.mark.parametrize("export_format", ExportFormat)
async def test_an_empty_account_is_a_file_as_well(
    database: Database, people: DatabasePersonStore, export_format: ExportFormat
) -> None:
    store = DatabaseExportStore(database)
    written = await store.write(await ann(people), NOW, DOCUMENTS[export_format])
    assert written is not None
    assert len(written.content.read()) == written.length > 0
    written.content.close()


async def test_a_file_too_long_for_memory_goes_to_the_disk(
    database: Database,
    people: DatabasePersonStore,
    tasks: DatabaseTaskStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(export_store, "SPOOL_BYTES", 100)
    person_id = await ann(people)
    await create(tasks, "x" * 400, person_id=person_id)
    written = await DatabaseExportStore(database).write(person_id, NOW, JsonDocument)
    assert written is not None
    assert len(written.content.read()) == written.length > 400
    written.content.close()
