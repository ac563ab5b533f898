"""The two programs in C: the load client, and the limit that nobody can beat."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tooling.places import CACHE

SOURCES = Path(__file__).parent
FLAGS = ("-O2", "-Wall", "-Wextra")


def build(name: str) -> Path:
    """Compile one of them, unless that was done after its last change."""
    source, program = SOURCES / f"{name}.c", CACHE / "bench" / name
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        program.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([*_compiler(), *FLAGS, "-o", program, source], check=True)
    return program


def _compiler() -> list[str]:
    """The machine's own, or the one inside the wheel `ziglang`."""
    found = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    return [found] if found else [sys.executable, "-m", "ziglang", "cc"]
