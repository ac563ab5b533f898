"""nchan: a channel server in C, inside nginx. Debian's package, its in-memory store, one worker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.emit import HttpEmitter
from bench.peers import Place, Running
from bench.program import running
from tests.services.processes import free_port
from tests.services.small_nginx import write_configuration

DEBIAN_PACKAGES = ("nginx-core", "libnginx-mod-nchan")

SERVER = """\
  nchan_shared_memory_size 256M;
  server {{
    listen 127.0.0.1:{port};
    keepalive_requests 100000000;
    location ~ ^/pub/(\\d+)$ {{
      nchan_publisher; nchan_channel_id $1; nchan_message_buffer_length 0;
    }}
    location ~ ^/sub/(\\d+)$ {{
      nchan_subscriber websocket; nchan_channel_id $1; nchan_subscriber_first_message newest;
    }}
  }}"""


class Nchan:
    name = "nchan"

    @contextmanager
    def start(self, place: Place, lanes: int, sockets: int) -> Iterator[Running]:
        port = free_port()
        path = write_configuration(
            place.folder,
            SERVER.format(port=port),
            connections=60_000,
            modules="load_module modules/ngx_nchan_module.so;",
            more="worker_rlimit_nofile 65536;",
        )
        command: list[str | Path] = ["nginx", "-c", path, "-e", place.folder / "nchan-start.log"]
        with running(command, place.folder / "nchan.log") as program:
            program.wait_for(lambda: len(program.process_ids()) > 1)
            targets = [f"/sub/{lane}" for lane in range(lanes)]
            yield Running(program, [port], targets, lambda: HttpEmitter(port, "/pub/{lane}"))
