"""docs/operations.md lists every setting with its default, and none that is not there."""

import re

from taskwire.settings import Settings
from tests.architecture.repository import text_of
from tooling.places import ROOT

# | `PORT` | `8000` | … |   an empty default is a dash
_ROW = re.compile(r"^\| `([A-Z][A-Z0-9_]+)` \| (?:`([^`]*)`|—) \| \S", re.MULTILINE)


def test_every_setting_is_documented_and_no_other() -> None:
    fields = {name.upper() for name in Settings.model_fields}
    assert set(_documented()) == fields


def test_documented_defaults_are_the_real_ones() -> None:
    defaults = {name.upper(): field.default for name, field in Settings.model_fields.items()}
    shown = {name: "" if value is None else str(value) for name, value in defaults.items()}
    assert _documented() == shown


def _documented() -> dict[str, str]:
    rows = _ROW.findall(text_of(ROOT / "docs" / "operations.md"))
    assert len(rows) == len({name for name, _ in rows}), "a setting has one row"
    return dict(rows)
