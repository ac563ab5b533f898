"""Where things lie in this repository."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
VENV = ROOT / ".venv"
FRONTEND = ROOT / "frontend"
PAGE = ROOT / "src" / "taskwire" / "page"


def venv_binary(name: str) -> Path:
    """Return the path a program has in our virtual environment, installed or not."""
    return VENV / "bin" / name


def site_packages() -> Path | None:
    """Return the folder our wheels are unpacked in; None before the first installation."""
    return next(iter(sorted(VENV.glob("lib/python3.*/site-packages"))), None)
