"""Secrets for containers."""

from pathlib import Path

from taskwire.adapters.processes.secret_files import make_secret_files


def _make(folder: Path) -> list[str]:
    return list(make_secret_files(folder, database_host="db", redis_host="redis"))


def test_each_secret_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    made = _make(tmp_path)
    first = {name: (tmp_path / name).read_text() for name in made}
    assert set(made) == {
        *("secret_key", "vapid_private_key", "database_password", "redis_password"),
        *("database_url", "redis_url", "redis.conf"),
    }
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in made} == {0o400}
    assert _make(tmp_path) == []
    assert {name: (tmp_path / name).read_text() for name in made} == first


def test_an_address_holds_the_password_that_the_server_is_told(tmp_path: Path) -> None:
    _make(tmp_path)
    password = (tmp_path / "database_password").read_text().strip()
    assert (
        f"postgresql://taskwire:{password}@db/taskwire\n" == (tmp_path / "database_url").read_text()
    )


def test_one_that_was_lost_is_made_again_from_what_is_left(tmp_path: Path) -> None:
    _make(tmp_path)
    before = (tmp_path / "redis_url").read_text()
    (tmp_path / "redis_url").unlink()
    assert _make(tmp_path) == ["redis_url"]
    assert (tmp_path / "redis_url").read_text() == before
