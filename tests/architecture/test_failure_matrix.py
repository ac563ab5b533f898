"""docs/operations.md: every component against every fault, each held by something that exists."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tests.architecture.repository import text_of
from tests.faults.nemesis import ALL as TORTURE
from tests.faults.scenarios.catalogue import SCENARIOS
from tooling.places import ROOT

FAULTS = ["killed", "frozen", "cut off", "slow", "disk full", "restarted"]
COMPONENTS_MIN = 10
NOT_TRIED = "not tried: "
_SECTION = re.compile(r"^## The failure matrix$(.*?)(?=^## )", re.MULTILINE | re.DOTALL)
_COMPONENT = re.compile(r"^### (.+)$", re.MULTILINE)
_SCENARIO = re.compile(r"scenario `([^`]+)`")
_TORTURE = re.compile(r"torture `([^`]+)`")
# That it exists is held by test_architecture_document.py.
_TEST = re.compile(r"`(?:tests|frontend)/[^`]+\.(?:py::test_\w+|test\.tsx?)`")


class Cell(NamedTuple):
    component: str
    fault: str
    promise: str
    bound: str
    seen: str
    held_by: str


def test_every_component_stands_against_every_fault() -> None:
    faults: dict[str, list[str]] = {}
    for cell in _matrix():
        faults.setdefault(cell.component, []).append(cell.fault)
    assert len(faults) >= COMPONENTS_MIN
    assert {name: found for name, found in faults.items() if found != FAULTS} == {}


def test_every_cell_is_held_by_something_or_says_why_not() -> None:
    assert [cell for cell in _matrix() if not _is_held(cell.held_by)] == []


def test_every_scenario_and_every_fault_that_is_named_exists() -> None:
    held = "\n".join(cell.held_by for cell in _matrix())
    assert set(_SCENARIO.findall(held)) == set(SCENARIOS)
    assert set(_TORTURE.findall(held)) <= set(TORTURE)


def test_no_column_is_left_empty() -> None:
    assert [cell for cell in _matrix() if not all(cell)] == []


def _is_held(held_by: str) -> bool:
    if held_by.startswith(NOT_TRIED):
        return len(held_by) > len(NOT_TRIED)
    return any(kind.search(held_by) for kind in (_SCENARIO, _TORTURE, _TEST))


def _matrix() -> Iterator[Cell]:
    section = _SECTION.search(text_of(ROOT / "docs" / "operations.md"))
    assert section is not None, "docs/operations.md has the failure matrix"
    _, *parts = _COMPONENT.split(section[1])
    for component, table in zip(parts[::2], parts[1::2], strict=True):
        for line in table.strip().splitlines()[2:]:
            yield Cell(component, *(column.strip() for column in line.strip("|").split("|")))
