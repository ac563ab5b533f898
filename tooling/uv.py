"""Finds uv, the installer of everything else: on the PATH, through pip, or as a plain download.

A wheel is a zip file, so neither pip nor a virtual environment is needed to unpack it. What
we fetch must have one of the hashes below, whoever served it; so a mirror is as good as PyPI.
"""

import hashlib
import importlib.util
import os
import platform
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

from tooling.places import CACHE
from tooling.progress import InstallationError, say, step

VERSION = "0.13.9"
# The environment variables in `surroundings` are those of this one.
OLDEST_ACCEPTED = (0, 13)
PUBLIC_INDEX = "https://pypi.org/simple"
_DOWNLOAD_TIMEOUT_S = 60

# Platform → its wheel's tag and hash.
_WHEELS = {
    ("Linux", "x86_64", "glibc"): (
        "manylinux_2_17_x86_64.manylinux2014_x86_64",
        "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    ),
    ("Linux", "x86_64", "musl"): (
        "musllinux_1_1_x86_64",
        "2c45530751517d6c3bbc69a19473f6effe47cce047bede01ffd8af7ea7b36b25",
    ),
    ("Linux", "aarch64", "glibc"): (
        "manylinux_2_28_aarch64",
        "ecb6028d79dc96fbeafffe5c8af62a7099487ebc05a701e76714eebcffd06375",
    ),
    ("Linux", "aarch64", "musl"): (
        "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
        "5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe",
    ),
    ("Darwin", "x86_64", ""): (
        "macosx_10_12_x86_64",
        "c16ed11e013557536b3e60065f1b912f6407bd6518e041b961e23ef9e6b4fbf5",
    ),
    ("Darwin", "arm64", ""): (
        "macosx_11_0_arm64",
        "66c512266d633bef48384a1f53003f41f2a8e7b36fe6e7fbfd3e0fd52d96fa63",
    ),
}
_HASHES = {wheel_hash for _, wheel_hash in _WHEELS.values()}


def find_or_fetch() -> Path:
    """Return a uv that works here, fetching the pinned one into our cache when there is none."""
    ours = CACHE / f"uv-{VERSION}" / "uv"
    if ours.is_file():
        return ours
    installed = shutil.which("uv")
    if installed is not None and is_acceptable(installed):
        return Path(installed)
    with step(f"fetching uv {VERSION}, which installs everything else"):
        _unpack(_fetch_wheel(), ours)
    return ours


def configured_index() -> str | None:
    """Return the package index this person has set in the environment, if any."""
    names = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
    return next((os.environ[name] for name in names if os.environ.get(name)), None)


def verified(wheel: bytes) -> bytes:
    """Return the wheel if it is one of those we pinned; raise if it is not."""
    if not _is_pinned(wheel):
        message = (
            f"The uv {VERSION} we were served is not the one we pinned; is a proxy in between?"
        )
        raise InstallationError(message)
    return wheel


def is_acceptable(program: str) -> bool:
    """Whether this uv is new enough for us."""
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"uv (\d+)\.(\d+)", answer.stdout)
    return version is not None and (int(version[1]), int(version[2])) >= OLDEST_ACCEPTED


def _is_pinned(wheel: bytes) -> bool:
    return hashlib.sha256(wheel).hexdigest() in _HASHES


def _fetch_wheel() -> bytes:
    """Ask pip first: it knows the index, the proxy and the password this machine needs."""
    wheel = _through_pip()
    if wheel is None or not _is_pinned(wheel):
        wheel = _through_the_index()
    return verified(wheel)


def _through_pip() -> bytes | None:
    if importlib.util.find_spec("pip") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--no-deps"]
        wanted = ["--only-binary=:all:", f"--dest={folder}", f"uv=={VERSION}"]
        # What pip has to say matters only when the other way fails too, and that one speaks.
        subprocess.run([*pip, *wanted], stderr=subprocess.DEVNULL, check=False)
        wheel = next(iter(Path(folder).glob("uv-*.whl")), None)
        return wheel.read_bytes() if wheel else None


def _through_the_index() -> bytes:
    index = configured_index() or PUBLIC_INDEX
    listing_url = f"{index.rstrip('/')}/uv/"
    name = f"uv-{VERSION}-py3-none-{_wheel_tag()}.whl"
    listing = _download(listing_url).decode()
    link = re.search(rf'href="([^"]*{re.escape(name)}[^"]*)"', listing)
    if link is None:
        message = f"{listing_url} does not list {name}. Put uv {VERSION} on the PATH and try again."
        raise InstallationError(message)
    return _download(urllib.parse.urljoin(listing_url, link[1]))


def _download(url: str) -> bytes:
    try:
        return _read(url, ssl.create_default_context())
    except urllib.error.URLError as error:
        if not isinstance(error.reason, ssl.SSLCertVerificationError):
            message = f"Could not read {url}: {error.reason}. Is the network there?"
            raise InstallationError(message) from error
    # A bare container has no list of trusted certificates at all. What comes is checked
    # against the pinned hash, so nobody in between could slip us anything.
    say("  this machine does not trust the certificate; relying on the pinned hash instead")
    return _read(url, ssl._create_unverified_context())  # noqa: S323, SLF001 - see above


def _read(url: str, context: ssl.SSLContext) -> bytes:
    timeout_s = _DOWNLOAD_TIMEOUT_S
    with urllib.request.urlopen(url, timeout=timeout_s, context=context) as answer:  # noqa: S310 - the person's own index
        body: bytes = answer.read()
    return body


def _wheel_tag() -> str:
    system, machine = platform.system(), platform.machine()
    libc = "" if system == "Darwin" else ("glibc" if platform.libc_ver()[0] == "glibc" else "musl")
    wheel = _WHEELS.get((system, machine, libc))
    if wheel is None:
        message = (
            f"No uv is pinned for {system} {machine}. Install uv {VERSION} yourself, then retry."
        )
        raise InstallationError(message)
    return wheel[0]


def _unpack(wheel: bytes, target: Path) -> None:
    """Put the binary in place in one move: an interrupted run leaves no half of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        archive = Path(folder) / "uv.whl"
        archive.write_bytes(wheel)
        with zipfile.ZipFile(archive) as opened:
            member = f"uv-{VERSION}.data/scripts/uv"
            unpacked = Path(opened.extract(member, folder))
        unpacked.chmod(0o755)
        unpacked.replace(target)
