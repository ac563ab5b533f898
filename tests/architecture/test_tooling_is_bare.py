"""`make run` starts on a machine where nothing is installed, so tooling/ may import nothing."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.repository import files_with, named, text_of
from tooling.places import ROOT

ALLOWED = sys.stdlib_module_names | {"tooling"}


def test_tooling_imports_the_standard_library_alone() -> None:
    foreign = {
        named(path): outside
        for path in files_with(".py")
        if ROOT / "tooling" in path.parents
        if (outside := set(_imported(path)) - ALLOWED)
    }
    assert foreign == {}


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(text_of(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]
