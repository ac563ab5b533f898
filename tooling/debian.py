"""Programs from Debian's own packages, for root only. The services in them are not started."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tooling.progress import InstallationError, run, say, step

# Debian asks this program whether a package may start its service; 101 means no.
_POLICY = Path("/usr/sbin/policy-rc.d")
_POLICY_TEXT = "#!/bin/sh\nexit 101\n"


def can_install() -> bool:
    """Whether this is root on a machine with apt."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: Sequence[str]) -> None:
    """Install packages; when that fails, say so and let the caller look elsewhere."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-q", "-o", "Acquire::Retries=2", "-o", "DPkg::Lock::Timeout=120"]
    install_all = [*apt, "install", "-y", "--no-install-recommends", *packages]
    with step(f"installing {', '.join(packages)} from Debian"), _services_stay_down():
        try:
            run(*apt, "update", env=environment, advice="Is there a network to Debian?")
            run(*install_all, env=environment, advice="Does apt-get work here?")
        except InstallationError as error:
            say(f"  {error} Looking for wheels instead.")


def unpack(packages: Sequence[str], folder: Path) -> None:
    """Unpack packages without installing them; apt keeps its lists below the folder as well."""
    folder.mkdir(parents=True, exist_ok=True)
    lists, cache = folder / "lists", folder / "cache"
    lists.joinpath("partial").mkdir(parents=True, exist_ok=True)
    cache.mkdir(exist_ok=True)
    places = ("-o", f"Dir::State::lists={lists}", "-o", f"Dir::Cache={cache}")
    apt = ["apt-get", "-q", "-o", "Debug::NoLocking=1", *places]
    with step(f"fetching {', '.join(packages)} from Debian"):
        run(*apt, "update", cwd=folder, advice="Is there a network to Debian?")
        run(*apt, "download", *packages, cwd=folder, advice="Is there a network to Debian?")
        for archive in sorted(folder.glob("*.deb")):
            run("dpkg-deb", "-x", archive, folder, advice="Is the disk full?")
            archive.unlink()
    shutil.rmtree(lists)
    shutil.rmtree(cache)


@contextmanager
def _services_stay_down() -> Iterator[None]:
    # We want the binaries: the tests start servers of their own, on ports of their own.
    if _POLICY.exists():
        yield
        return
    _POLICY.write_text(_POLICY_TEXT, encoding="utf-8")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink(missing_ok=True)
