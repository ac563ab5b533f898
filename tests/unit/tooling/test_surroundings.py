"""What our child programs do not inherit."""

import pytest

from tooling import surroundings


@pytest.mark.parametrize("name", ["NODE_ENV", "PYTHONDONTWRITEBYTECODE"])
def test_what_would_spoil_a_run_stays_outside(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "1")
    assert name not in surroundings.for_children()


def test_what_a_person_has_set_otherwise_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///mine.db")
    assert surroundings.for_children()["DATABASE_URL"] == "sqlite:///mine.db"
