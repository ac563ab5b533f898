from pathlib import Path

import pytest

from tooling import uv
from tooling.progress import InstallationError


def test_a_wheel_that_is_not_the_pinned_one_is_refused() -> None:
    with pytest.raises(InstallationError, match="not the one we pinned"):
        uv.verified(b"something else")


def test_the_index_of_the_environment_comes_before_the_public_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    assert uv.configured_index() is None
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    assert uv.configured_index() == "https://mirror.example/simple"


def test_an_old_uv_on_the_path_is_not_used(tmp_path: Path) -> None:
    for version, is_acceptable in (("0.4.9", False), ("0.13.0", True), ("1.0.2", True)):
        program = tmp_path / "uv"
        program.write_text(f"#!/bin/sh\necho 'uv {version}'\n")
        program.chmod(0o755)
        assert uv.is_acceptable(str(program)) == is_acceptable
