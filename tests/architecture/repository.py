"""What is written in this repository: the files people keep, without what tools make."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tooling.places import PAGE, ROOT

# Folders that .gitignore names, and git's own.
_MADE_BY_TOOLS = {
    ".cache",
    ".git",
    ".hypothesis",
    ".import_linter_cache",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".venv",
    "__pycache__",
    "dist",
    "node_modules",
}
_MADE_BY_TASKWIRE = {PAGE, ROOT / "data", ROOT / "nginx" / "ssl"}


@cache
def written_files() -> tuple[Path, ...]:
    """Return every file that is ours, in order."""
    return tuple(sorted(_below(ROOT)))


def files_with(*suffixes: str) -> list[Path]:
    """Return our files of these kinds."""
    return [path for path in written_files() if path.suffix in suffixes]


def named(path: Path) -> str:
    """Return how we call a file: its path from the root."""
    return path.relative_to(ROOT).as_posix()


def text_of(path: Path) -> str:
    """Return a file's text; nothing for pictures and the like."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def _below(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_file() and path.name not in _MADE_BY_TOOLS:  # a worktree has a .git file
            yield path
        elif path.is_dir() and not _is_made(path):
            yield from _below(path)


def _is_made(folder: Path) -> bool:
    is_of_a_tool = folder.name in _MADE_BY_TOOLS or folder.suffix == ".egg-info"
    return is_of_a_tool or folder in _MADE_BY_TASKWIRE
