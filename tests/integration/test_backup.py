"""Backups made while people write, and put in place elsewhere and in the same place."""

import asyncio
import contextlib
import json
import tarfile
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from tests.fakes.waiting import wait_until_answer
from tests.faults.checker.log_laws import each_task, gapless, idempotent
from tests.faults.dump import dump_database
from tests.integration.one_database import ON_POSTGRESQL, ON_SQLITE
from tests.product.commands import taskwire
from tests.product.person import PASSWORD, Person, registered
from tests.product.serving import Deployment, Serving, serving

LAWS = (gapless, idempotent, each_task)
WITHIN_S = 30.0


@pytest.fixture
async def busy(product: Serving) -> AsyncIterator[list[Person]]:
    """Three people who write all the time."""
    async with contextlib.AsyncExitStack() as stack:
        people = [await stack.enter_async_context(registered(product, "Busy")) for _ in range(3)]
        writing = [asyncio.create_task(_write(person)) for person in people]
        yield people
        for task in writing:
            task.cancel()
        await asyncio.gather(*writing, return_exceptions=True)


async def _write(person: Person) -> None:
    while True:
        task = await person.add()
        await person.put(task["id"], title="Water the trees")


async def test_a_backup_under_load_is_restored_elsewhere_and_clients_begin_anew_once(
    product: Serving, busy: list[Person], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    await _reaches(busy[0], 20)
    file = tmp_path / "copy.tar.gz"
    made = await asyncio.to_thread(taskwire, product.deployment, "backup", file)
    assert made.returncode == 0, made.stderr
    seq = (await busy[0].http.get("/api/tasks")).json()["seq"]
    await _reaches(busy[0], seq + 5)
    async with busy[0].line() as opened:
        cursor = opened.cursor

    elsewhere = _elsewhere(product.deployment, tmp_path, request)
    restored = await asyncio.to_thread(taskwire, elsewhere, "restore", file)
    assert restored.returncode == 0, restored.stderr
    dump = await dump_database(elsewhere.database_url)
    assert [violation for law in LAWS for violation in law(dump)] == []
    assert len(dump.streams) >= 3
    with serving(elsewhere) as there:
        await _begins_anew_once_and_converges(there, busy[0], cursor)


async def _begins_anew_once_and_converges(there: Serving, known: Person, cursor: str) -> None:
    async with httpx2.AsyncClient(base_url=there.url, trust_env=False) as http:
        bearer = {"Authorization": f"Bearer {known.token}"}
        refused = await http.get("/api/tasks", headers=bearer)
        assert refused.status_code == 401, "who was signed in then is not signed in now"
        answer = await http.post(
            "/api/auth/login", json={"email": known.email, "password": PASSWORD}
        )
        token = answer.json()["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"
        person = Person(there, http, known.id, known.email, token)
        async with person.line(since=cursor) as opened:
            reset = await opened.frame()
            assert (reset["type"], reset["data"]["reason"]) == ("reset", "epoch")
            snapshot = (await http.get("/api/tasks")).json()
            held = {task["id"]: task for task in snapshot["items"]}
            for _ in range(3):
                await person.add("After the restore")
            for number in range(1, 4):
                frame = await opened.frame()
                assert frame["seq"] == snapshot["seq"] + number, "a reset comes once"
                held[frame["data"]["id"]] = frame["data"]
            now = (await http.get("/api/tasks")).json()["items"]
            assert held == {task["id"]: task for task in now}


async def test_a_restore_in_place_ends_sign_ins_and_open_screens_begin_anew(
    product: Serving, ann: Person, tmp_path: Path
) -> None:
    await ann.add("Kept")
    file = tmp_path / "copy.tar.gz"
    assert (await asyncio.to_thread(taskwire, product.deployment, "backup", file)).returncode == 0
    await ann.add("Lost with the restore")
    async with registered(product, "Late") as late, ann.line() as opened:
        refused = await asyncio.to_thread(taskwire, product.deployment, "restore", file)
        assert (refused.returncode, "--force" in refused.stderr) == (1, True), refused.stderr
        done = await asyncio.to_thread(taskwire, product.deployment, "restore", file, "--force")
        assert done.returncode == 0, done.stderr
        assert await opened.close_code(WITHIN_S) == 4401
        for person in (ann, late):
            await _is_signed_out(person)
    async with httpx2.AsyncClient(base_url=product.url, trust_env=False) as http:
        body = {"email": ann.email, "password": PASSWORD}
        token = (await http.post("/api/auth/login", json=body)).json()["access_token"]
        items = (await http.get("/api/tasks", headers={"Authorization": f"Bearer {token}"})).json()
        assert [task["title"] for task in items["items"]] == ["Kept"]
    async with registered(product, "Later") as later:
        assert later.id > late.id, "a token of somebody who is gone must not be somebody else's"


async def _is_signed_out(person: Person) -> None:
    async def is_refused() -> bool:
        return (await person.http.get("/api/tasks")).status_code == 401

    await wait_until_answer(is_refused, WITHIN_S)


async def _reaches(person: Person, seq: int) -> None:
    async def is_reached() -> bool:
        return int((await person.http.get("/api/tasks")).json()["seq"]) >= seq

    await wait_until_answer(is_reached, WITHIN_S)


def _elsewhere(here: Deployment, folder: Path, request: pytest.FixtureRequest) -> Deployment:
    """An empty database of the same kind; the secrets came along, as they do."""
    if here.database_url.startswith("sqlite"):
        url = f"sqlite:///{folder / 'elsewhere.sqlite'}"
    else:
        server = request.getfixturevalue("own_postgresql")
        url = server.create(f"elsewhere_{folder.name}")
        request.addfinalizer(lambda: server.drop(f"elsewhere_{folder.name}"))
    return Deployment(folder, url, here.redis, here.settings, here.secret_key)


@ON_SQLITE
async def test_a_file_that_was_touched_is_not_restored(
    product: Serving, ann: Person, tmp_path: Path
) -> None:
    file = tmp_path / "copy.tar.gz"
    taskwire(product.deployment, "backup", file)
    good = taskwire(product.deployment, "restore", "--verify-only", file)
    assert (good.returncode, "is good" in good.stdout) == (0, True), good.stderr
    bad = _edited(file, tmp_path)
    refused = taskwire(product.deployment, "restore", "--force", bad)
    assert (refused.returncode, "checksum" in refused.stderr) == (1, True), refused.stderr
    assert (await ann.http.get("/api/tasks")).status_code == 200, "nothing was changed"


def _edited(file: Path, folder: Path) -> Path:
    bad = folder / "bad.tar.gz"
    with tarfile.open(file) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    database = next((folder / "unpacked").glob("database.*"))
    database.write_bytes(database.read_bytes() + b"\0")
    with tarfile.open(bad, "w:gz") as archive:
        for path in sorted((folder / "unpacked").iterdir()):
            archive.add(path, path.name)
    return bad


@ON_SQLITE
async def test_a_backup_of_a_newer_taskwire_is_refused_by_name(
    product: Serving, tmp_path: Path
) -> None:
    file, folder = tmp_path / "copy.tar.gz", tmp_path / "unpacked"
    taskwire(product.deployment, "backup", file)
    with tarfile.open(file) as archive:
        archive.extractall(folder, filter="data")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["contents"]["schema"] = "9999"
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with tarfile.open(file, "w:gz") as archive:
        for path in folder.iterdir():
            archive.add(path, path.name)
    refused = taskwire(product.deployment, "restore", "--force", file)
    assert (refused.returncode, "9999" in refused.stderr) == (78, True), refused.stderr


@ON_POSTGRESQL
async def test_without_the_client_programs_it_says_what_to_install(
    product: Serving, tmp_path: Path
) -> None:
    words = ("backup", tmp_path / "copy.tar.gz")
    refused = taskwire(product.deployment, *words, PATH=str(tmp_path))
    assert refused.returncode == 1
    assert "apt install postgresql-client" in refused.stderr
