"""The real nginx with the very configuration that we ship; only what a machine decides is put in.

It runs with the rights that docker-compose.yml gives it, and reads a key that only its owner may.
"""

import os
import shutil
import ssl
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from tests.services.certificates import make_certificate
from tests.services.processes import free_port, running
from tooling.places import ROOT
from tooling.servers import nginx as source

CONFIGURATION = ROOT / "nginx"
API_PORT = 8000
# docker-compose.yml adds these to a container that has no other.
CAPABILITIES = ("net_bind_service", "setuid", "setgid", "dac_read_search")
_WORKER = "nobody"
_OPERATOR = 1000


@dataclass(frozen=True)
class Nginx:
    """Where it listens, and what it wrote."""

    http_port: int
    https_port: int
    health_port: int
    certificate: Path
    log: Path

    @property
    def logged(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def trust(self) -> ssl.SSLContext:
        """Who made the certificate is trusted; it names no host, being made by three words."""
        context = ssl.create_default_context(cafile=self.certificate)
        context.check_hostname = False
        return context

    def answers(self) -> bool:
        address = f"http://127.0.0.1:{self.health_port}/healthz"
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


@contextmanager
def nginx(
    name_server_port: int,
    api_port: int,
    *,
    site: str = "https.conf",
    edits: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Nginx]:
    """Run it before all processes that the name server names; `edits` are an operator's own."""
    binary = source.find_binary()
    assert binary is not None, "there is no nginx; `make test` installs one"
    folder = Path(tempfile.mkdtemp(prefix="taskwire-nginx-"))
    folder.chmod(0o711)
    ports = free_port(), free_port(), free_port()
    server = Nginx(*ports, certificate=folder / "ssl" / "cert.pem", log=folder / "log")
    names = {**_names(folder, server, name_server_port, api_port), **edits}
    try:
        make_certificate(folder / "ssl")
        if os.geteuid() == 0:
            shutil.chown(folder / "ssl" / "key.pem", _OPERATOR)
        render(folder, names, site)
        command = [*_with_few_rights(), binary, *_options(folder)]
        with running(command, log=server.log, answers=server.answers):
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def render(folder: Path, names: Mapping[str, str], site: str) -> None:
    """Copy the configuration, each of these names replaced; one that is not there is a mistake."""
    written = {path.name: path.read_text(encoding="utf-8") for path in CONFIGURATION.glob("*.conf")}
    written["server.conf"] = written.pop(site)
    everything = "".join(written.values())
    for name, value in names.items():
        assert name in everything or name.startswith("listen 443"), f"{name} is nowhere in nginx/"
        written = {file: text.replace(name, value) for file, text in written.items()}
    for file, text in written.items():
        (folder / file).write_text(text, encoding="utf-8")
    for cache in ("cache", "assets"):
        (folder / cache).mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(folder / cache, _WORKER)


def _names(folder: Path, server: Nginx, name_server_port: int, api_port: int) -> dict[str, str]:
    return {
        "user nginx;": f"user {_WORKER} nogroup;" if os.geteuid() == 0 else "",
        "127.0.0.11": f"127.0.0.1:{name_server_port}",
        f"api:{API_PORT}": f"api:{api_port}",
        "listen 80;": f"listen 127.0.0.1:{server.http_port};",
        "listen 443 ": f"listen 127.0.0.1:{server.https_port} ",
        "listen 127.0.0.1:8081;": f"listen 127.0.0.1:{server.health_port};",
        "pid /tmp/nginx.pid;": f"pid {folder / 'pid'};",
        "/var/cache/nginx": str(folder / "cache"),
        "/var/cache/assets": str(folder / "assets"),
        "/etc/nginx/": f"{folder}/",
        # A test's machine may not allow as many as docker-compose.yml does.
        "worker_connections 16384": "worker_connections 2048",
        "worker_rlimit_nofile 65536;": "",
    }


def _options(folder: Path) -> list[str | Path]:
    return ["-e", "stderr", "-g", "daemon off;", "-p", folder, "-c", folder / "nginx.conf"]


def _with_few_rights() -> list[str | Path]:
    if os.geteuid() != 0:
        return []
    kept = ",".join(("-all", *(f"+{name}" for name in CAPABILITIES)))
    setpriv = shutil.which("setpriv")
    assert setpriv is not None, "util-linux is part of every Debian"
    return [setpriv, f"--bounding-set={kept}", f"--inh-caps={kept}"]
