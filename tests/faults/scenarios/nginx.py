"""nginx in front of two `serve`, as an installation has it: the one that is down is passed over."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from tests.faults.member import Member
from tests.services.small_nginx import balancer, write_configuration
from tooling.servers import nginx as nginx_source


def nginx(folder: Path, port: int, upstreams: Sequence[int], open_files_max: int) -> Member:
    binary = nginx_source.find_binary()
    assert binary is not None, "there is no nginx; `make test` installs one"
    # A process that drains says 503, and one that is gone refuses: the other one is asked.
    passing_over = "proxy_buffering off; proxy_next_upstream error timeout http_503;"
    configuration = write_configuration(
        folder,
        balancer(port, upstreams, connect_s=3, method="least_conn;", location=passing_over),
        connections=open_files_max,
        errors="crit",
        more=f"worker_rlimit_nofile {open_files_max};",
    )
    command = [str(binary), "-p", str(folder), "-c", str(configuration)]
    return Member("nginx", command, os.environ, folder / "nginx.log", port)
