"""`up` with the real supervisor and the real Redis; its other children are small stand-ins."""

import os
import re
import signal
import socket
import urllib.request
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from taskwire.adapters.processes.errors import EXIT_FIX_FIRST
from tests.integration.process_trial import Trial, trial, wait_until

UP = Path(__file__).parent / "programs" / "small_up.py"


class Small:
    """Starts `up` on one data folder, as often as a test likes."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.ends = folder / "ends"
        self._folder = folder
        self._count = 0

    def up(self, port: int = 0, **behaviour: str) -> AbstractContextManager[Trial]:
        self._count += 1
        log = self._folder / f"log-{self._count}"
        environment = {"TRIAL_ENDS": str(self.ends), **behaviour}
        return trial([UP, self.data, str(port)], log, environment)

    def order_of_ends(self) -> list[str]:
        return self.ends.read_text(encoding="utf-8").split()


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return Small(tmp_path)


def page_of(running: Trial) -> str:
    running.wait_for("Ctrl-C")
    running.wait_for("worker can be asked to end")
    found = re.search(r"http://localhost:\d+", running.output)
    assert found is not None, running.output
    return found.group().replace("localhost", "127.0.0.1")


def answer_of(page: str) -> bytes:
    with urllib.request.urlopen(page, timeout=10) as answer:  # noqa: S310 - our own address
        body: bytes = answer.read()
    return body


def test_it_says_where_to_look_when_the_page_answers(small: Small) -> None:
    with small.up() as running:
        assert answer_of(page_of(running)) == b"ok"
        assert str(small.data) in running.output


def test_sigterm_ends_all_in_order_and_with_success(small: Small) -> None:
    with small.up() as running:
        page_of(running)
        redis = running.redis()
        running.process.terminate()
        assert running.wait_for_end() == 0
        assert small.order_of_ends() == ["serve", "worker"]
        assert not redis.is_alive


def test_ctrl_c_reaches_the_parent_only_and_ends_in_the_same_order(small: Small) -> None:
    with small.up() as running:
        page_of(running)
        os.killpg(running.process.pid, signal.SIGINT)  # as a terminal does: to the whole group
        assert running.wait_for_end() == 0
        assert small.order_of_ends() == ["serve", "worker"]


def test_a_terminal_that_goes_away_ends_all(small: Small) -> None:
    with small.up() as running:
        page_of(running)
        running.process.send_signal(signal.SIGHUP)
        assert running.wait_for_end() == 0
        assert small.order_of_ends() == ["serve", "worker"]


def test_a_parent_killed_leaves_nobody_behind(small: Small) -> None:
    with small.up() as running:
        page_of(running)
        family = running.family()
        assert len(family) == 3
        running.process.kill()
        wait_until(lambda: not any(kin.is_alive for kin in family), 3.0, f"{family} gone")


@pytest.mark.parametrize("role", ["serve", "worker"])
def test_a_killed_child_is_back_soon(small: Small, role: str) -> None:
    with small.up() as running:
        page = page_of(running)
        before = running.the(role)
        before.kill()
        wait_until(lambda: not before.is_alive)
        assert running.the(role).pid != before.pid
        assert answer_of(page) == b"ok"


def test_a_killed_redis_is_back_with_its_password(small: Small) -> None:
    with small.up() as running:
        page_of(running)
        before = running.redis()
        before.kill()
        running.wait_for("redis was killed by signal 9")
        assert running.redis().pid != before.pid


def test_a_request_sent_while_serve_is_dead_is_answered_by_the_next_one(small: Small) -> None:
    with small.up() as running:
        page = page_of(running)
        serve = running.the("serve")
        serve.freeze()
        with socket.create_connection(("127.0.0.1", int(page.rpartition(":")[2])), 10) as line:
            line.sendall(b"GET / HTTP/1.1\r\n\r\n")
            serve.kill()
            line.settimeout(10)
            assert b"200 OK" in line.recv(4096)


def test_a_deaf_child_is_killed_after_a_bounded_wait(small: Small) -> None:
    with small.up(TRIAL_WORKER="deaf") as running:
        page_of(running)
        worker = running.the("worker")
        running.process.terminate()
        assert running.wait_for_end(within_s=6.0) == 0
        assert "worker did not stop" in running.output
        assert not worker.is_alive


def test_a_second_ctrl_c_hurries(small: Small) -> None:
    with small.up(TRIAL_SERVE="deaf", TRIAL_WORKER="deaf") as running:
        page_of(running)
        running.process.send_signal(signal.SIGINT)
        running.wait_for("stopping")
        running.process.send_signal(signal.SIGINT)
        assert wait_until(lambda: running.process.poll() is not None) < 3.0
        assert running.wait_for_end() == 0


def test_a_second_up_on_the_same_folder_says_who_holds_it(small: Small) -> None:
    with small.up() as first:
        page = page_of(first)
        with small.up() as second:
            assert second.wait_for_end(within_s=10.0) == EXIT_FIX_FIRST
            assert f"process {first.process.pid}" in second.output
            assert second.output.count("\n") == 1
        assert answer_of(page) == b"ok"


def test_a_second_start_uses_the_same_secrets(small: Small) -> None:
    found = []
    for _ in range(2):
        with small.up() as running:
            page_of(running)
            running.process.terminate()
            running.wait_for_end()
            found.append((small.data / "redis_password").read_text(encoding="utf-8"))
    assert found[0] == found[1]


def test_a_start_after_a_kill_finds_its_way(small: Small) -> None:
    with small.up() as running:
        page_of(running)
        running.process.kill()
        running.process.wait()
    with small.up() as running:
        assert answer_of(page_of(running)) == b"ok"


def test_a_busy_port_is_one_line_and_nothing_is_started(small: Small) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with small.up(port) as running:
            assert running.wait_for_end(within_s=10.0) == EXIT_FIX_FIRST
            line = f"taskwire: port {port} on 127.0.0.1 is taken by another program: "
            assert running.output == f"{line}stop it, or set PORT\n"


def test_a_migration_that_needs_a_person_ends_all_with_its_own_words(small: Small) -> None:
    with small.up(TRIAL_MIGRATE="fix") as running:
        assert running.wait_for_end(within_s=10.0) == EXIT_FIX_FIRST
        assert "newer than this program" in running.output
        assert running.family() == []


def test_a_serve_that_cannot_live_ends_all_within_ten_seconds(small: Small) -> None:
    with small.up(TRIAL_SERVE="dies") as running:
        assert running.wait_for_end(within_s=10.0) == 1
        assert "it died 5 times at its start" in running.output


def test_no_secret_is_in_a_command_line_or_in_the_output(small: Small) -> None:
    with small.up() as running:
        page_of(running)
        password = (small.data / "redis_password").read_text(encoding="utf-8").strip()
        assert all(password not in kin.command for kin in running.family())
        assert password not in running.output


def test_the_embedded_redis_listens_on_no_port(small: Small) -> None:
    with small.up() as running:
        page_of(running)
        inodes = {
            str(path.readlink()) for path in Path(f"/proc/{running.redis().pid}/fd").iterdir()
        }
        listening = {
            f"socket:[{line.split()[9]}]"
            for table in ("tcp", "tcp6")
            for line in Path(f"/proc/net/{table}").read_text(encoding="ascii").splitlines()[1:]
        }
        assert not inodes & listening


def test_a_data_folder_with_a_long_path_works(small: Small) -> None:
    small.data = small.data / ("deep" * 30)
    with small.up() as running:
        assert answer_of(page_of(running)) == b"ok"
