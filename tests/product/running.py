"""`taskwire up` on a folder of its own: SQLite, the embedded Redis, the worker and the page."""

import json
import os
import re
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from redis import Redis

from taskwire.adapters.processes.completion import REDIS_PASSWORD_FILE
from taskwire.adapters.processes.data_folder import DataFolder
from tests.integration.process_trial import Trial, trial
from tests.services import follow_parent

START_S = 60.0
# What a developer's shell may hold, and the product under test must not see.
_NOT_OURS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PUBLIC_URL", "HOST")
_SETTINGS = {
    "PORT": "0",
    # The smallest that Argon2 takes: nobody attacks the people of a test.
    "ARGON2_MEMORY_KIB": "64",
    "LOG_LEVEL": "WARNING",
}


@dataclass(frozen=True)
class Product:
    """A running product, from outside: its address, its data folder, its processes."""

    url: str
    folder: Path
    family: Trial

    def kill_serve(self) -> None:
        """As `kill -9` does it; the supervisor starts another one, by and by."""
        self.family.the("serve").kill()

    @contextmanager
    def frozen_serve(self) -> Iterator[None]:
        """It holds its sockets and does nothing: a dead line, as the other side sees it."""
        process_id = self.family.the("serve").pid
        os.kill(process_id, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(process_id, signal.SIGCONT)

    def publish(self, channel: str, message: object) -> None:
        """As somebody with the password does it by `redis-cli PUBLISH`."""
        folder = DataFolder(self.folder)
        address, password = str(folder.redis_socket), folder.secret(REDIS_PASSWORD_FILE)
        with closing(Redis(unix_socket_path=address, password=password)) as client:
            heard = client.publish(channel, json.dumps(message))
        assert heard == 1, f"{heard} processes listen to {channel}"


@contextmanager
def running_product(folder: Path, **settings: str) -> Iterator[Product]:
    """Run it for the time of the block. It ends with the tests, also when these are killed."""
    data = folder / "data"
    environment = {
        **dict.fromkeys(_NOT_OURS, ""),
        **_SETTINGS,
        "TASKWIRE_DATA_DIR": str(data),
        **settings,
    }
    up = [sys.executable, "-P", "-m", "taskwire.cli", "up"]
    follower = [follow_parent.__file__, str(os.getpid()), "", *up]
    with trial(follower, folder / "up.log", environment) as family:
        family.wait_for("Ctrl-C", within_s=START_S)
        yield Product(_own_address(family.output, settings), data, family)


def _own_address(said: str, settings: Mapping[str, str]) -> str:
    """What it says; but with a name of its own it says that one, and its port was given."""
    if "PUBLIC_URL" in settings:
        return f"http://localhost:{settings['PORT']}"
    found = re.search(r"http://localhost:\d+", said)
    assert found is not None, said
    return found.group()
