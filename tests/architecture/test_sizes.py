"""What no longer fits on a few screens is split before it grows further."""

import ast
from pathlib import Path

from tests.architecture.repository import files_with, named, text_of

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60


def test_no_source_file_is_longer_than_400_lines() -> None:
    sources = files_with(".py", ".ts", ".tsx", ".mjs")
    lengths = {named(path): len(text_of(path).splitlines()) for path in sources}
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES_MAX} == {}


def test_no_python_function_is_longer_than_60_lines() -> None:
    found = [too_long for path in files_with(".py") for too_long in _long_functions(path)]
    assert found == []


def _long_functions(path: Path) -> list[str]:
    functions = [
        node
        for node in ast.walk(ast.parse(text_of(path)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return [
        f"{named(path)}:{node.lineno} {node.name}: {lines} lines"
        for node in functions
        if (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES_MAX
    ]
