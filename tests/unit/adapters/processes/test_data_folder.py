import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from taskwire.adapters.processes.data_folder import SOCKET_PATH_BYTES_MAX, DataFolder
from taskwire.adapters.processes.errors import CannotStart


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_folder_and_its_secrets_are_private_under_any_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        folder = DataFolder(tmp_path / "data")
        folder.secret("secret_key")
    finally:
        os.umask(before)
    assert mode_of(folder.path) == 0o700
    assert mode_of(folder.path / "secret_key") == 0o600


def test_a_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    first = DataFolder(tmp_path).secret("secret_key")
    assert DataFolder(tmp_path).secret("secret_key") == first
    assert len(first) >= 48


def test_no_two_folders_and_no_two_names_share_a_secret(tmp_path: Path) -> None:
    one, other = DataFolder(tmp_path / "one"), DataFolder(tmp_path / "other")
    found = {one.secret("a"), one.secret("b"), other.secret("a")}
    assert len(found) == 3


def test_processes_that_start_together_agree_on_the_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: DataFolder(tmp_path).secret("secret_key"), range(32)))
    assert len(set(found)) == 1


def test_nothing_half_made_is_left_beside_a_secret(tmp_path: Path) -> None:
    DataFolder(tmp_path).secret("secret_key")
    assert {path.name for path in tmp_path.iterdir()} == {"secret_key", ".secrets.lock"}


def test_an_emptied_secret_is_an_error_and_not_a_weak_key(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("\n")
    with pytest.raises(CannotStart, match="damaged"):
        DataFolder(tmp_path).secret("secret_key")


def test_a_folder_that_cannot_be_made_says_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotStart, match="TASKWIRE_DATA_DIR"):
        DataFolder(tmp_path / "file" / "data")


def test_the_second_holder_is_told_of_the_first(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    lock = folder.lock()
    with pytest.raises(CannotStart, match=f"process {os.getpid()}"):
        folder.lock()
    lock.release()
    folder.lock().release()


def test_the_socket_is_in_the_folder_when_its_path_fits(tmp_path: Path) -> None:
    assert DataFolder(tmp_path).redis_socket == tmp_path / "redis.sock"


def test_a_long_path_gets_a_short_private_place_that_every_process_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/tmp")  # noqa: S108 - it has to be short
    deep = tmp_path / ("long" * 30)
    found = DataFolder(deep).redis_socket
    try:
        assert len(os.fsencode(found)) <= SOCKET_PATH_BYTES_MAX
        assert mode_of(found.parent) == 0o700
        assert DataFolder(deep).redis_socket == found
    finally:
        found.parent.rmdir()


def test_a_short_place_that_others_may_enter_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/tmp")  # noqa: S108 - it has to be short
    deep = tmp_path / ("long" * 30)
    found = DataFolder(deep).redis_socket
    found.parent.chmod(0o777)
    try:
        with pytest.raises(CannotStart, match="somebody else"):
            _ = DataFolder(deep).redis_socket
    finally:
        found.parent.rmdir()
