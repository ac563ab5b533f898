from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from taskwire.adapters.processes.completion import complete
from taskwire.adapters.processes.errors import CannotStart
from taskwire.adapters.web_push.keys import private_key

LONG = "k" * 32


@dataclass
class Given:
    taskwire_data_dir: Path
    secret_key: str = ""
    database_url: str = ""
    redis_url: str = ""
    vapid_private_key: str = ""


def test_nothing_given_is_found_in_the_folder_and_found_again(tmp_path: Path) -> None:
    first, second = Given(tmp_path), Given(tmp_path)
    complete(first)
    complete(second)
    assert first == second
    assert first.database_url == f"sqlite:///{tmp_path}/taskwire.db"
    assert len(first.secret_key) >= 48
    assert private_key(first.vapid_private_key).key_size == 256


def test_the_embedded_redis_is_reached_by_its_socket_with_a_password(tmp_path: Path) -> None:
    given = Given(tmp_path / "with space")
    complete(given)
    parts = urlsplit(given.redis_url)
    assert parts.scheme == "unix"
    assert parts.password is not None
    assert len(parts.password) >= 48
    assert unquote(parts.path) == str(tmp_path / "with space" / "redis.sock")


def test_what_the_environment_says_stays_and_no_folder_is_touched(tmp_path: Path) -> None:
    given = Given(tmp_path / "absent", LONG, "postgresql://db/x", "redis://r")
    complete(given)
    assert given == Given(tmp_path / "absent", LONG, "postgresql://db/x", "redis://r")
    assert given.vapid_private_key == "", "hosts that made one each could not stand in for another"
    assert not (tmp_path / "absent").exists()


@pytest.mark.parametrize("key", ["change-me", "k" * 31, f"{LONG},short", f"{LONG},"])
def test_a_secret_key_that_can_be_guessed_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(CannotStart, match="32 bytes"):
        complete(Given(tmp_path, secret_key=key))


def test_two_keys_for_a_rotation_are_taken(tmp_path: Path) -> None:
    complete(Given(tmp_path, secret_key=f"{LONG}, {LONG}"))
