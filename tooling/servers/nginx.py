"""The paths of nginx and openssl: the machine's own, or Debian's packages unpacked into our cache.

There is no wheel of nginx. What runs in the tests is the configuration that we ship, so it has to be
the real one.
"""

import os
import shutil
from pathlib import Path

from tooling import debian
from tooling.places import CACHE
from tooling.progress import InstallationError

DEBIAN_PACKAGES = ("nginx", "openssl")
_UNPACKED = CACHE / "nginx"
# A person's PATH has no /usr/sbin, where Debian puts nginx.
_PATH = os.pathsep.join(
    (
        os.environ.get("PATH", ""),
        "/usr/sbin",
        str(_UNPACKED / "usr/sbin"),
        str(_UNPACKED / "usr/bin"),
    )
)


def find_binary() -> Path | None:
    """Return nginx, if it is here and openssl with it; TEST_NGINX names another one."""
    found = os.environ.get("TEST_NGINX") or shutil.which("nginx", path=_PATH)
    return Path(found) if found and find_openssl() else None


def find_openssl() -> Path | None:
    """Return openssl, which makes the tests' certificate as an operator makes theirs."""
    found = shutil.which("openssl", path=_PATH)
    return Path(found) if found else None


def unpack_from_debian() -> None:
    """Fetch the packages and unpack them into our cache: that needs no root, but Debian."""
    if shutil.which("apt-get") is None:
        message = "Install nginx and openssl: the tests run the configuration that we ship."
        raise InstallationError(message)
    debian.unpack(DEBIAN_PACKAGES, _UNPACKED)
