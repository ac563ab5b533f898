"""Our Python packages: .venv made from uv.lock, exactly, with the groups asked for."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from tooling import surroundings, uv
from tooling.places import ROOT, VENV, venv_binary
from tooling.progress import run, step
from tooling.stamps import Stamp, fingerprint

_ADVICE = "Look at the lines above; with a network to PyPI, trying again is safe."


def install(group: str) -> None:
    """Bring .venv up to the lock file. `dev` holds all that `build` holds."""
    if _stamp("dev").is_current() or _stamp(group).is_current():
        return
    _drop_moved_environment()
    program = uv.find_or_fetch()
    for each in ("build", "dev"):
        _stamp(each).clear()
    with step(f"installing Python packages into .venv (group {group})"):
        _sync(program, group)
    _stamp(group).write()


def install_package_group(group: str) -> None:
    """Add one small group to .venv and leave all else as it is."""
    with step(f"installing the package group {group} into .venv"):
        _sync(uv.find_or_fetch(), group)


def _stamp(group: str) -> Stamp:
    """Stands for this lock file, in this folder; without an interpreter it holds nothing."""
    inputs = [ROOT / "pyproject.toml", ROOT / "uv.lock"]
    python = venv_binary("python")
    facts = (str(ROOT), group, "there" if python.exists() else "gone")
    return Stamp(VENV / f".taskwire-{group}", fingerprint(inputs, *facts))


def _drop_moved_environment() -> None:
    """Scripts in .venv name the folder they were made for; in another one nothing would start."""
    scripts = venv_binary("taskwire")
    is_ours = not scripts.exists() or str(VENV) in scripts.read_text(encoding="utf-8")
    if not (venv_binary("python").exists() and is_ours):
        shutil.rmtree(VENV, ignore_errors=True)


def _sync(program: Path, group: str) -> None:
    """Install from the lock file. `build` is added to what is there: never takes tools away."""
    extent = [] if group == "dev" else ["--inexact"]
    python = ["--python", sys.executable, "--no-python-downloads"]
    if uv.configured_index() is None:
        _run(program, "sync", "--frozen", "--group", group, *extent, *python)
    else:
        _sync_from_mirror(program, group, python)


def _sync_from_mirror(program: Path, group: str, python: list[str]) -> None:
    """The lock file names PyPI's own addresses; take the same files, by hash, from the mirror."""
    index = ["--default-index", str(uv.configured_index())]
    pip_python = ["--python", str(venv_binary("python"))]
    with tempfile.TemporaryDirectory() as folder:
        listing = Path(folder) / "requirements.txt"
        export = ["export", "--frozen", "--quiet", "--no-emit-project", "--group", group]
        hashed = ["pip", "install", "--require-hashes", "--requirement"]
        editable = ["pip", "install", "--no-deps", "--editable"]
        _run(program, *export, "--output-file", listing)
        _run(program, "venv", "--allow-existing", "--quiet", *python, VENV)
        _run(program, *hashed, listing, *pip_python, *index)
        _run(program, *editable, ROOT, *pip_python, *index)


def _run(*command: str | Path) -> None:
    run(*command, cwd=ROOT, env=_environment(), advice=_ADVICE)


def _environment() -> dict[str, str]:
    # Another project's active environment must not become ours.
    variables = surroundings.for_children()
    variables.pop("VIRTUAL_ENV", None)
    return {**variables, "UV_PROJECT_ENVIRONMENT": os.fspath(VENV)}
