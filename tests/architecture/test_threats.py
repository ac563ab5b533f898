"""docs/security.md: all threats and all bad inputs, each held by a test that is named."""

import re
from collections.abc import Sequence

import pytest

from tests.architecture.repository import text_of
from tooling.places import ROOT

# That it exists is held by test_architecture_document.py.
_TEST = re.compile(r"`tests/[\w/]+\.py::test_\w+`")


@pytest.mark.parametrize(("title", "count"), [("The threats", 32), ("Thirty bad inputs", 30)])
def test_no_row_is_missing_and_each_is_held_by_a_test(title: str, count: int) -> None:
    rows = _rows(title)
    assert [row[0] for row in rows] == [str(number) for number in range(1, count + 1)]
    assert [row for row in rows if not all(row) or not _TEST.search(row[-1])] == []


def _rows(title: str) -> Sequence[Sequence[str]]:
    section = re.search(
        rf"^## {title}$(.*?)(?=^## )",
        text_of(ROOT / "docs" / "security.md"),
        re.MULTILINE | re.DOTALL,
    )
    assert section is not None
    _head, _rule, *lines = [line for line in section[1].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
