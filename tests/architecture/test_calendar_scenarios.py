"""The thirty scenarios of the calendar: each has a test by its number, and stands in the table."""

import re

from tests.architecture.repository import text_of
from tooling.places import ROOT

FOLDER = ROOT / "tests" / "contract" / "calendar"
NUMBERS = range(1, 31)
_TEST = re.compile(r"^(?:async )?def test_(\d\d)_\w+\(", re.MULTILINE)
_ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def test_each_scenario_has_a_test_by_its_number() -> None:
    assert sorted(_files_by_number()) == list(NUMBERS)


def test_the_table_names_where_each_scenario_is() -> None:
    rows = _ROW.findall(text_of(FOLDER / "SCENARIOS.md"))
    assert [int(number) for number, _, _ in rows] == list(NUMBERS)
    named = {int(number): set(re.findall(r"\[(\S+)\]\(\1\)", where)) for number, _, where in rows}
    assert named == _files_by_number()


def _files_by_number() -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for path in sorted(FOLDER.glob("test_*.py")):
        for number in _TEST.findall(text_of(path)):
            found.setdefault(int(number), set()).add(path.name)
    return found
