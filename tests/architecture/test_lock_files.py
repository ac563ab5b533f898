"""Lock files name the public registries and nothing of the machine that wrote them."""

import json
import re
from urllib.parse import urlsplit

from tests.architecture.repository import named, text_of, written_files
from tooling.places import FRONTEND, ROOT

PUBLIC_PYTHON_HOSTS = {"pypi.org", "files.pythonhosted.org"}


def test_uv_lock_names_pypi_alone() -> None:
    lock = text_of(ROOT / "uv.lock")
    addresses = re.findall(r"[a-z+]+://[^\"\s]*", lock)
    assert {urlsplit(address).hostname for address in addresses} == PUBLIC_PYTHON_HOSTS
    assert {urlsplit(address).scheme for address in addresses} == {"https"}


def test_uv_lock_takes_nothing_from_a_path() -> None:
    sources = set(re.findall(r"source = \{ (\w+) =", text_of(ROOT / "uv.lock")))
    assert sources == {"registry", "editable"}


def test_npm_locks_name_no_registry() -> None:
    locks = [path for path in written_files() if path.name == "package-lock.json"]
    assert FRONTEND / "package-lock.json" in locks
    resolved = {
        (named(lock), package)
        for lock in locks
        for package, entry in json.loads(text_of(lock))["packages"].items()
        if "resolved" in entry
    }
    assert resolved == set(), "keep `omit-lockfile-registry-resolved=true` in .npmrc"


def test_every_npm_package_has_a_hash() -> None:
    packages = json.loads(text_of(FRONTEND / "package-lock.json"))["packages"]
    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []
