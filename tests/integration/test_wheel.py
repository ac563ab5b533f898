"""The wheel in an empty environment without Node: what `pip install taskwire` and the image get."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx2
import pytest
from websockets.sync.client import connect

from tests.integration.process_trial import trial
from tests.product.person import PASSWORD
from tests.services import follow_parent
from tooling import surroundings, uv
from tooling.places import ROOT

START_S = 60.0
COMMANDS = ("up", "serve", "worker", "beat", "migrate", "users", "watch", "secrets")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _uv("build", "--wheel", "--quiet", "--out-dir", folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """The folder of programs of a new environment, filled by the Dockerfile's commands."""
    environment, listing = wheel.parent / "venv", wheel.parent / "requirements.txt"
    export = ("export", "--frozen", "--quiet", "--no-default-groups", "--no-emit-project")
    _uv(*export, "--output-file", listing)
    _uv("venv", "--quiet", "--python", sys.executable, environment)
    install = ("pip", "install", "--quiet", "--python", environment)
    _uv(*install, "--require-hashes", "--requirement", listing)
    _uv(*install, "--no-deps", wheel)
    return environment / "bin"


def _uv(*words: str | Path) -> None:
    index = uv.configured_index()
    variables = surroundings.for_children() | ({"UV_DEFAULT_INDEX": index} if index else {})
    variables.pop("VIRTUAL_ENV", None)
    subprocess.run([uv.find_or_fetch(), *words], cwd=ROOT, env=variables, check=True)


def test_the_page_is_in_the_wheel(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "taskwire/page/index.html" in names
    assert any(re.fullmatch(r"taskwire/page/assets/index-.*\.js", name) for name in names)


def test_each_command_of_the_image_is_there(installed: Path) -> None:
    shown = subprocess.run([installed / "taskwire", "--help"], capture_output=True, check=True)
    assert set(COMMANDS) <= set(shown.stdout.decode().split())


def test_it_starts_by_one_command_and_a_change_comes_to_a_socket(
    installed: Path, tmp_path: Path
) -> None:
    settings = {
        "PATH": str(installed),  # without Node, and without anything else
        "PORT": "0",
        "TASKWIRE_DATA_DIR": str(tmp_path / "data"),
        **dict.fromkeys(("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PUBLIC_URL", "HOST"), ""),
    }
    up: list[str | Path] = [
        follow_parent.__file__,
        str(os.getpid()),
        "",
        installed / "taskwire",
        "up",
    ]
    with trial(up, tmp_path / "up.log", settings) as running:
        running.wait_for("Ctrl-C", within_s=START_S)
        found = re.search(r"http://localhost:\d+", running.output)
        assert found is not None, running.output
        with httpx2.Client(base_url=found.group(), trust_env=False, timeout=START_S) as http:
            assert "<title>Taskwire" in http.get("/").text
            _see_a_change(http)


def _see_a_change(http: httpx2.Client) -> None:
    body = {"email": "ann@example.org", "name": "Ann", "password": PASSWORD}
    token = http.post("/api/auth/register", json=body).json()["access_token"]
    address = str(http.base_url.join(f"/ws/tasks?token={token}")).replace("http:", "ws:")
    with connect(address, proxy=None) as socket:
        assert json.loads(socket.recv())["type"] == "hello"
        headers = {"Authorization": f"Bearer {token}"}
        task = http.post("/api/tasks", json={"title": "Buy milk"}, headers=headers).json()
        frame = json.loads(socket.recv(timeout=START_S))
        assert (frame["type"], frame["data"]) == ("task_created", task)
