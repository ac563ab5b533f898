"""A real nginx in front of the `serve` processes, as small as one can be.

It shows how the product behaves behind a proxy that balances, retries and reloads. What a person
should run is nginx/ in the repository; this one knows neither TLS nor limits.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from pathlib import Path

from tests.faults.member import Member

_CONFIGURATION = """\
{user}
daemon off;
worker_processes 1;
worker_shutdown_timeout 3s;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log warn;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  client_body_temp_path {folder}/nginx-body;
  proxy_temp_path {folder}/nginx-proxy;
  fastcgi_temp_path {folder}/nginx-fastcgi;
  uwsgi_temp_path {folder}/nginx-uwsgi;
  scgi_temp_path {folder}/nginx-scgi;
  client_body_buffer_size 1m;
  map $http_upgrade $connection_upgrade {{ default upgrade; '' ''; }}
  upstream taskwire {{
{servers}
    keepalive 16;
  }}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{
      proxy_pass http://taskwire;
      proxy_http_version 1.1;
      proxy_connect_timeout 2s;
      proxy_read_timeout 60s;
      proxy_max_temp_file_size 0;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
    }}
  }}
}}
"""


class FrontDoor(Member):
    """The nginx of an installation, with the one thing that it can do beside living."""

    def reload(self) -> None:
        """New workers with the same configuration; the old ones end soon, and their sockets."""
        assert self.process is not None, "started before"
        if not self.has_ended:
            self.process.send_signal(signal.SIGHUP)


def front_door(binary: Path, folder: Path, port: int, targets: Sequence[int]) -> FrontDoor:
    configuration = folder / "nginx.conf"
    servers = (f"    server 127.0.0.1:{target} max_fails=0;" for target in targets)
    configuration.write_text(
        _CONFIGURATION.format(
            # The folder belongs to whoever runs the torture, and nobody else may enter it.
            user="user root;" if os.geteuid() == 0 else "",
            folder=folder,
            servers="\n".join(servers),
            port=port,
        ),
        encoding="utf-8",
    )
    command = [str(binary), "-p", str(folder), "-c", str(configuration)]
    return FrontDoor("nginx", command, os.environ, folder / "nginx.log", port)
