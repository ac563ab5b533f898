"""`make bench`: whom we are compared with, each from its own registry, and then the bench itself.

Python's peers live in an environment of their own, Node's in a folder of their own; nothing of
them comes near the product. nchan and wrk are Debian's, for root; without them their rows are
missing, and the report says so.
"""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from tooling import debian, install, surroundings, uv
from tooling.places import CACHE, ROOT, venv_binary
from tooling.progress import InstallationError, fail, run, step
from tooling.stamps import Stamp, fingerprint

FOLDER = CACHE / "bench"
NODE_SOURCES = ROOT / "bench" / "peers" / "node"
DEBIAN: dict[str, Callable[[], object]] = {
    "wrk": lambda: shutil.which("wrk"),
    "libnginx-mod-nchan": lambda: Path("/usr/lib/nginx/modules/ngx_nchan_module.so").exists(),
    "nginx-core": lambda: shutil.which("nginx"),
    "gcc": lambda: shutil.which("cc") or shutil.which("gcc"),
    "libc6-dev": lambda: Path("/usr/include/stdio.h").exists(),
}
_ADVICE = "With a network to PyPI, npm and Debian, trying again is safe."


def main(arguments: list[str]) -> NoReturn:
    """Install, then become the bench."""
    try:
        install.for_test()
        FOLDER.mkdir(exist_ok=True)
        _install_from_debian()
        _install_python_peers()
        _install_node_peers()
    except InstallationError as error:
        sys.exit(fail(error))
    python = str(venv_binary("python"))
    os.chdir(ROOT)
    os.execve(python, [python, "-m", "bench", *arguments], surroundings.for_children())  # noqa: S606 - no shell is what we want


def _install_from_debian() -> None:
    wanted = [package for package, find in DEBIAN.items() if not find()]
    if wanted and debian.can_install():
        debian.install(wanted)


def _install_python_peers() -> None:
    environment = FOLDER / "venv"
    stamp = Stamp(environment / ".taskwire-bench", fingerprint([ROOT / "uv.lock"], str(ROOT)))
    if stamp.is_current():
        return
    program = uv.find_or_fetch()
    listing = FOLDER / "requirements.txt"
    export = ["export", "--frozen", "--quiet", "--only-group", "bench", "--output-file", listing]
    index = [] if uv.configured_index() is None else ["--default-index", uv.configured_index()]
    hashed = ["pip", "install", "--require-hashes", "--requirement", listing]
    make = ["venv", "--allow-existing", "--quiet", "--python", sys.executable, environment]
    with step("installing the Python peers into .cache/bench"):
        for words in (export, make, [*hashed, "--python", environment / "bin" / "python", *index]):
            command = [str(word) for word in (program, *words)]
            run(*command, cwd=ROOT, env=_environment(), advice=_ADVICE)
    stamp.write()


def _install_node_peers() -> None:
    folder = FOLDER / "node"
    sources = sorted(path for path in NODE_SOURCES.iterdir() if path.is_file())
    stamp = Stamp(folder / ".taskwire-bench", fingerprint(sources, str(ROOT)))
    if stamp.is_current():
        return
    shutil.copytree(NODE_SOURCES, folder, dirs_exist_ok=True)
    with step("installing the Node peers into .cache/bench"):
        run(venv_binary("npm"), "ci", cwd=folder, env=surroundings.for_children(), advice=_ADVICE)
    stamp.write()


def _environment() -> dict[str, str]:
    variables = surroundings.for_children()
    variables.pop("VIRTUAL_ENV", None)
    return variables


if __name__ == "__main__":
    main(sys.argv[1:])
