"""docker-compose.yml, docker-compose.https.yml and the Dockerfile, read without a container engine."""

import re
import subprocess
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.main import get_command

from taskwire import cli
from taskwire.settings import Settings
from tests.architecture.repository import text_of
from tests.services.nginx import CAPABILITIES
from tooling import uv
from tooling.places import ROOT, venv_binary

FILES = ("docker-compose.yml", "docker-compose.https.yml")
SERVICES = {"secrets", "db", "redis", "migrate", "api", "worker", "beat", "nginx"}
IMAGE = "taskwire"

Compose = dict[str, Any]


def _read(name: str) -> Compose:
    parsed: Compose = YAML(typ="safe", pure=True).load(text_of(ROOT / name))
    return parsed


BASE, HTTPS = (_read(name) for name in FILES)


def test_both_files_are_what_compose_may_say() -> None:
    check = [str(venv_binary("check-jsonschema")), "--builtin-schema", "vendor.compose-spec"]
    subprocess.run([*check, *(str(ROOT / name) for name in FILES)], check=True)


def test_the_dockerfile_has_no_known_fault() -> None:
    subprocess.run([str(venv_binary("hadolint")), str(ROOT / "Dockerfile")], check=True)


def test_everything_that_is_named_is_there() -> None:
    services = BASE["services"]
    assert set(services) == SERVICES
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= SERVICES, name
        assert set(service.get("networks", [])) <= set(BASE["networks"]), name
    assert {network for s in services.values() for network in s.get("networks", [])} == set(
        BASE["networks"]
    )
    sources = [mount.split(":")[0] for s in services.values() for mount in s.get("volumes", [])]
    assert {source for source in sources if source[0] != "."} == set(BASE["volumes"])
    assert all((ROOT / source).is_file() for source in sources if source[0] == ".")
    assert set(HTTPS["services"]) <= SERVICES


def test_each_service_has_no_more_rights_than_it_needs() -> None:
    for name, service in BASE["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["pids_limit"] > 0, name
        assert service["mem_limit"], name
        assert service["ulimits"]["nofile"] >= 65536, name
        if name == "nginx":
            assert {cap.lower() for cap in service["cap_add"]} == set(CAPABILITIES)
        else:
            assert service["user"] == "999:999", name
            assert "cap_add" not in service, name


def test_only_nginx_is_published_and_without_https_to_this_machine_alone() -> None:
    published = {name for name, service in BASE["services"].items() if "ports" in service}
    assert published == {"nginx"}
    assert all(port.startswith("127.0.0.1:") for port in BASE["services"]["nginx"]["ports"])
    assert HTTPS["services"]["nginx"]["ports"] == ["80:80", "443:443"]


def test_database_and_redis_are_on_the_inner_network_alone() -> None:
    assert BASE["networks"]["back"]["internal"] is True
    assert [BASE["services"][name]["networks"] for name in ("db", "redis")] == [["back"], ["back"]]
    assert BASE["services"]["nginx"]["networks"] == ["edge"]


def test_no_secret_is_in_the_environment_and_each_setting_is_one_of_ours() -> None:
    known = {name.upper() for name in Settings.model_fields}
    for service in BASE["services"].values():
        for name in service.get("environment", {}) if service["image"] == IMAGE else ():
            assert name in known, name
            assert name not in {"SECRET_KEY", "DATABASE_URL", "REDIS_URL"}
    everything = "".join(text_of(ROOT / name) for name in FILES)
    assert not re.search(r"(?i)password: *\S", everything.replace("PASSWORD_FILE", ""))


def test_each_command_of_the_image_is_one_that_taskwire_knows() -> None:
    command = get_command(cli.app)
    for service in BASE["services"].values():
        if service["image"] == IMAGE:
            assert service["command"][0] in command.commands, service["command"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", sorted(SERVICES - {"secrets", "migrate", "worker", "beat"}))
def test_what_others_wait_for_says_when_it_is_well(name: str) -> None:
    assert BASE["services"][name]["healthcheck"]["test"]


def test_the_start_is_ordered_by_health() -> None:
    waits = {
        name: {other: how["condition"] for other, how in service.get("depends_on", {}).items()}
        for name, service in BASE["services"].items()
    }
    ended, well = "service_completed_successfully", "service_healthy"
    assert waits["db"] == waits["redis"] == {"secrets": ended}
    assert waits["migrate"] == {"db": well}
    assert waits["api"] == waits["worker"] == waits["beat"] == {"migrate": ended, "redis": well}
    assert waits["nginx"] == {"api": well}


def test_with_https_nginx_gets_another_server_in_the_same_place() -> None:
    """Compose joins the mounts of both files by their target: the later one wins."""
    plain, secure = (file["services"]["nginx"]["volumes"] for file in (BASE, HTTPS))
    assert "./nginx/http.conf:/etc/nginx/server.conf:ro" in plain
    assert "./nginx/https.conf:/etc/nginx/server.conf:ro" in secure


def test_each_configuration_of_nginx_is_mounted_where_another_one_includes_it() -> None:
    written = "".join(text_of(path) for path in (ROOT / "nginx").glob("*.conf"))
    included = set(re.findall(r"include (/etc/nginx/\S+);", written))
    mounts = BASE["services"]["nginx"]["volumes"]
    assert included | {"/etc/nginx/nginx.conf"} == {mount.split(":")[1] for mount in mounts}


def test_the_image_installs_from_the_lock_file_and_nothing_else() -> None:
    dockerfile = text_of(ROOT / "Dockerfile")
    assert "npm ci" in dockerfile
    assert "uv export --frozen" in dockerfile
    assert "--require-hashes" in dockerfile
    assert f"uv=={uv.VERSION}" in dockerfile, "the same uv as everywhere"
