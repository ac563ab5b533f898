"""An nginx as small as one can be: its frame, and a server in it that balances.

For those who ask how the product, or a peer, behaves behind one. What a person should run is nginx/
in the repository (tests/services/nginx.py runs that); this one knows neither TLS nor limits.
"""

import os
from collections.abc import Sequence
from pathlib import Path

_FRAME = """\
{modules}
{user}
daemon off;
worker_processes 1;
worker_shutdown_timeout 3s;
{more}
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log {errors};
events {{ worker_connections {connections}; multi_accept on; }}
http {{
  access_log off;
  client_body_temp_path {folder}/nginx-body;
  proxy_temp_path {folder}/nginx-proxy;
  fastcgi_temp_path {folder}/nginx-fastcgi;
  uwsgi_temp_path {folder}/nginx-uwsgi;
  scgi_temp_path {folder}/nginx-scgi;
{http}
}}
"""

_BALANCER = """\
  client_body_buffer_size 1m;
  map $http_upgrade $connection_upgrade {{ default upgrade; '' ''; }}
  upstream taskwire {{
    {method}
    {servers}
    keepalive 32;
  }}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{
      proxy_pass http://taskwire;
      proxy_http_version 1.1;
      proxy_connect_timeout {connect_s}s;
      proxy_read_timeout 75s;
      proxy_max_temp_file_size 0;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      {location}
    }}
  }}"""


def write_configuration(
    folder: Path,
    http: str,
    *,
    connections: int = 8192,
    errors: str = "warn",
    modules: str = "",
    more: str = "",
) -> Path:
    """Write it into a folder, which also takes the process id and the log of errors."""
    written = folder / "nginx.conf"
    text = _FRAME.format(
        # The folder belongs to whoever runs this, and nobody else may enter it.
        user="user root;" if os.geteuid() == 0 else "",
        folder=folder,
        http=http,
        connections=connections,
        errors=errors,
        modules=modules,
        more=more,
    )
    written.write_text(text, encoding="utf-8")
    return written


def balancer(
    port: int, targets: Sequence[int], *, connect_s: int = 2, method: str = "", location: str = ""
) -> str:
    """One address in front of several; `method` and `location` are nginx' own words."""
    # max_fails=0: with the default, a storm can mark all of them as down, and everybody gets 502.
    servers = "\n    ".join(f"server 127.0.0.1:{target} max_fails=0;" for target in targets)
    return _BALANCER.format(
        port=port, servers=servers, connect_s=connect_s, method=method, location=location
    )
