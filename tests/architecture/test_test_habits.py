"""No test is skipped, expected to fail, or made to wait for a while and hope."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.repository import files_with, named, text_of
from tooling.places import FRONTEND, ROOT

# Programs that tests start and end, and the torture run, whose people pause and whose lines are
# slow on purpose: a server that sleeps is no test that waits.
STAND_INS = {"programs", "faults"}
# Waiting is done by functions with such names: they ask again until a condition holds.
WAITING_NAMES = ("wait_until", "wait_for")
SKIPPING = {"skip", "skipif", "xfail", "importorskip", "skipUnless", "SkipTest"}
SLEEPING = {("time", "sleep"), ("asyncio", "sleep")}
_TYPESCRIPT_SKIPS = re.compile(
    r"\b(?:it|test|describe)\.(?:skip|skipIf|only|todo|fails)\b|\b(?:xit|xdescribe|fit)\("
)


def test_no_python_test_is_skipped_or_expected_to_fail() -> None:
    assert [
        f"{named(path)}:{node.lineno} {node.attr}"
        for path in _python_tests()
        for node in ast.walk(ast.parse(text_of(path)))
        if isinstance(node, ast.Attribute) and node.attr in SKIPPING
    ] == []


def test_no_typescript_test_is_skipped_or_alone() -> None:
    tests = [path for path in files_with(".ts", ".tsx") if FRONTEND in path.parents]
    assert [named(path) for path in tests if _TYPESCRIPT_SKIPS.search(text_of(path))] == []


def test_tests_await_conditions_and_never_sleep() -> None:
    assert [
        f"{named(path)}:{call.lineno}"
        for path in _python_tests()
        if STAND_INS.isdisjoint(path.relative_to(ROOT / "tests").parts)
        for call in _calls_outside_waiting(ast.parse(text_of(path)))
        if _is_sleep(call)
    ] == []


def _python_tests() -> list[Path]:
    return [path for path in files_with(".py") if ROOT / "tests" in path.parents]


def _calls_outside_waiting(node: ast.AST) -> Iterator[ast.Call]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield child
        if not _is_waiting_function(child):
            yield from _calls_outside_waiting(child)


def _is_waiting_function(node: ast.AST) -> bool:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    return node.name.lstrip("_").startswith(WAITING_NAMES)


def _is_sleep(call: ast.Call) -> bool:
    """Sleeping for nothing is allowed: it lets other tasks of the loop run."""
    match call:
        case ast.Call(func=ast.Attribute(value=ast.Name(module), attr=name)):
            is_nothing = ast.unparse(call.args[0]) == "0" if call.args else False
            return (module, name) in SLEEPING and not (module == "asyncio" and is_nothing)
        case ast.Call(func=ast.Name("sleep")):
            return True
        case _:
            return False
