"""The wheel in an empty environment without Node: what `pip install taskwire` and the image get."""

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from ruamel.yaml import YAML
from websockets.sync.client import connect

from tests.integration.process_trial import Trial, trial, wait_until
from tests.product.person import PASSWORD
from tests.services import follow_parent
from tests.services.postgresql import postgresql_server
from tests.services.processes import free_port, running
from tests.services.redis import RedisServer
from tooling import surroundings, uv
from tooling.places import ROOT
from tooling.servers import redis as redis_source

START_S = 60.0
COMMANDS = ("up", "serve", "worker", "beat", "migrate", "users", "watch", "secrets")
COMPOSE = YAML(typ="safe", pure=True).load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES = COMPOSE["services"]


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


@dataclass(frozen=True)
class Image:
    """What docker-compose.yml runs, without containers: its commands, its settings, its secrets."""

    program: Path
    secrets: Path
    port: int = field(default_factory=free_port)

    @property
    def environment(self) -> dict[str, str]:
        settings = {name: self._said(value) for name, value in COMPOSE["x-settings"].items()}
        # The image's own settings are for a container; a worker shows itself sooner than a person needs.
        here = {"PORT": str(self.port), "HOST": "127.0.0.1", "WORKER_TICK_INTERVAL_S": "1"}
        return {"PATH": str(self.program.parent), **settings, **here}

    def secret(self, name: str) -> str:
        return (self.secrets / name).read_text("utf-8").strip()

    def command(self, service: str) -> list[str]:
        return [str(self.program), *(self._said(word) for word in SERVICES[service]["command"])]

    def ends_well(self, service: str, *more: str) -> str:
        command = [*self.command(service), *more]
        ended = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    @contextmanager
    def running(self, service: str) -> Iterator[Trial]:
        command = [follow_parent.__file__, str(os.getpid()), "", *self.command(service)]
        with trial(command, self.secrets.parent / f"{service}.log", self.environment) as running:
            yield running

    @contextmanager
    def redis(self, port: int) -> Iterator[None]:
        binary, service = redis_source.find_binary(), SERVICES["redis"]
        assert binary is not None, "there is no Redis server; `make test` installs one"
        words = [self._said(word) for word in [*service["entrypoint"][1:], *service["command"]]]
        password = self.secret("redis_password")
        server = RedisServer(f"redis://:{password}@127.0.0.1:{port}/0")
        log = self.secrets.parent / "redis.log"
        listening = ["--bind", "127.0.0.1", "--port", str(port)]
        with running([binary, *words, *listening], log=log, answers=server.answers):
            yield

    def _said(self, word: str) -> str:
        """As compose puts in its variables, of which none is set."""
        default = re.sub(r"\$\{\w+:-(.*)\}", r"\1", word)
        return default.replace("/secrets", str(self.secrets))


def test_the_commands_of_the_image_run_one_after_the_other_as_compose_runs_them(
    installed: Path, tmp_path: Path
) -> None:
    """secrets, PostgreSQL and Redis with what it made, migrate, api, worker, beat."""
    image, redis_port = Image(installed / "taskwire", tmp_path / "secrets"), free_port()
    with ExitStack() as stack:
        postgresql = stack.enter_context(postgresql_server())
        database_host = urlsplit(postgresql.url).netloc.rpartition("@")[2]
        hosts = ("--database-host", database_host, "--redis-host", f"127.0.0.1:{redis_port}")
        assert "database_url" in image.ends_well("secrets", *hosts)
        assert "nothing, all are there" in image.ends_well("secrets", *hosts)
        postgresql.create("taskwire")
        postgresql.set_password(image.secret("database_password"))
        stack.enter_context(image.redis(redis_port))
        image.ends_well("migrate")
        for service in ("api", "worker", "beat"):
            stack.enter_context(image.running(service))
        address = f"http://127.0.0.1:{image.port}"
        http = httpx2.Client(base_url=address, trust_env=False, timeout=START_S)
        with http:
            wait_until(lambda: _is_well(http), START_S)
            _see_a_change(http)


def _is_well(http: httpx2.Client) -> bool:
    """Database, Redis and worker, which beat has asked for its sign."""
    try:
        return bool(http.get("/readyz").json()["status"] == "ok")
    except httpx2.TransportError:
        return False


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
