"""The broken builds fit the code as it is; that each is caught is shown by `make faults`."""

import pytest

from tests.faults.sabotage.builds import SABOTAGES, Sabotage
from tests.faults.sabotage.trial import built


def test_there_are_enough_ways_to_break_it() -> None:
    assert len({sabotage.name for sabotage in SABOTAGES}) >= 11


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda sabotage: sabotage.name)
def test_a_broken_build_is_changed_and_still_python(sabotage: Sabotage) -> None:
    with built(sabotage) as broken, built(None) as sound:
        for change in sabotage.changes:
            text = (broken / "taskwire" / change.file).read_text(encoding="utf-8")
            assert text != (sound / "taskwire" / change.file).read_text(encoding="utf-8")
            compile(text, change.file, "exec")
