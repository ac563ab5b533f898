"""`make help` is the table of contents: no target is missing from it."""

import re

from tests.architecture.repository import text_of
from tooling.help import targets
from tooling.places import ROOT


def test_every_target_has_its_sentence_in_make_help() -> None:
    declared = re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.MULTILINE)
    assert sorted(targets()) == sorted(declared)
