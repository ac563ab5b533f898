"""A real nginx in front of the `serve` processes: a proxy that balances, retries and reloads."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from pathlib import Path

from tests.faults.member import Member
from tests.services.small_nginx import balancer, write_configuration


class FrontDoor(Member):
    """The nginx of an installation, with the one thing that it can do beside living."""

    def reload(self) -> None:
        """New workers with the same configuration; the old ones end soon, and their sockets."""
        assert self.process is not None, "started before"
        if not self.has_ended:
            self.process.send_signal(signal.SIGHUP)


def front_door(binary: Path, folder: Path, port: int, targets: Sequence[int]) -> FrontDoor:
    configuration = write_configuration(folder, balancer(port, targets))
    command = [str(binary), "-p", str(folder), "-c", str(configuration)]
    return FrontDoor("nginx", command, os.environ, folder / "nginx.log", port)
