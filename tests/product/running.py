"""`taskwire up` on a folder of its own: SQLite, the embedded Redis, the worker and the page."""

import json
import os
import re
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from redis import Redis

from taskwire.adapters.processes.completion import REDIS_PASSWORD_FILE
from taskwire.adapters.processes.data_folder import DataFolder
from tests.integration.process_trial import Trial, trial, wait_until
from tests.services import follow_parent

START_S = 60.0
RESTART_S = 20.0
# What a developer's shell may hold, and the product under test must not see.
_NOT_OURS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PUBLIC_URL", "HOST")
# The smallest that Argon2 takes: nobody attacks the people of a test.
_SETTINGS = {"PORT": "0", "ARGON2_MEMORY_KIB": "64", "LOG_LEVEL": "WARNING"}


@dataclass(frozen=True)
class Product:
    """A running product, from outside: its address, its data folder, its processes."""

    url: str
    folder: Path
    family: Trial

    def answers(self) -> bool:
        """Whether `serve` is there and its database as well."""
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=1) as answer:  # noqa: S310 - ours
                return bool(answer.status == 200)
        except OSError:
            return False

    def kill_serve(self) -> None:
        """As `kill -9` does it; the supervisor starts another one, by and by."""
        self.family.the("serve").kill()

    def wait_until_it_answers(self) -> None:
        wait_until(self.answers, RESTART_S, "serve came back")

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
        found = re.search(r"http://localhost:\d+", family.output)
        assert found is not None, family.output
        product = Product(found.group(), data, family)
        yield product
