"""nginx in front of two `serve`, as an installation has it: the one that is down is passed over."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.faults.member import Member
from tooling.servers import nginx as nginx_source

CONFIGURATION: Final = """\
daemon off;
user root;
worker_processes 1;
worker_rlimit_nofile {files};
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log crit;
events {{ worker_connections {files}; multi_accept on; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  upstream taskwire {{
    least_conn;
    # max_fails=0: with the default, a storm can mark all of them as down, and everybody gets 502.
    {servers}
    keepalive 32;
  }}
  map $http_upgrade $connection_upgrade {{ default upgrade; '' ''; }}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{
      proxy_pass http://taskwire;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_buffering off;
      proxy_connect_timeout 3s;
      proxy_read_timeout 75s;
      # A process that drains says 503, and one that is gone refuses: the other one is asked.
      proxy_next_upstream error timeout http_503;
    }}
  }}
}}
"""


def nginx(folder: Path, port: int, upstreams: Sequence[int], open_files_max: int) -> Member:
    binary = nginx_source.find_binary()
    assert binary is not None, "there is no nginx; `make test` installs one"
    servers = "\n    ".join(f"server 127.0.0.1:{upstream} max_fails=0;" for upstream in upstreams)
    configuration = folder / "nginx.conf"
    configuration.write_text(
        CONFIGURATION.format(folder=folder, port=port, servers=servers, files=open_files_max),
        encoding="utf-8",
    )
    command = [str(binary), "-p", str(folder), "-c", str(configuration)]
    return Member("nginx", command, os.environ, folder / "nginx.log", port)
