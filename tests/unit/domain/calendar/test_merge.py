from itertools import product

import pytest

from taskwire.domain.calendar.content import FIELDS
from taskwire.domain.calendar.merge import GOOGLE_WINS, merge
from tests.unit.domain.calendar.contents import BASE, FRIDAY, MONDAY, TUESDAY, content

CHANGED = {"title": "Doctor", "notes": "Bring cake", "is_done": True, "slot": TUESDAY}
CHANGED_OTHERWISE = {"title": "Surgeon", "notes": "", "is_done": True, "slot": FRIDAY}


@pytest.mark.parametrize("field", FIELDS)
def test_what_one_side_changed_is_taken_from_it(field: str) -> None:
    changed = content(**{field: CHANGED[field]})
    for local, remote in ((changed, BASE), (BASE, changed)):
        merged = merge(BASE, None, local, remote)
        assert (merged.content, merged.conflicts) == (changed, ())


@pytest.mark.parametrize(
    ("here", "there"), [(one, other) for one, other in product(FIELDS, FIELDS) if one != other]
)
def test_different_fields_are_both_kept(here: str, there: str) -> None:
    local, remote = content(**{here: CHANGED[here]}), content(**{there: CHANGED[there]})
    merged = merge(BASE, None, local, remote)
    assert merged.content == content(**{here: CHANGED[here], there: CHANGED[there]})
    assert merged.conflicts == ()


@pytest.mark.parametrize("field", ["title", "notes", "slot"])
def test_of_two_values_of_one_field_one_is_kept_and_the_other_is_told(field: str) -> None:
    local = content(**{field: CHANGED[field]})
    remote = content(**{field: CHANGED_OTHERWISE[field]})
    merged = merge(BASE, None, local, remote)
    (conflict,) = merged.conflicts
    assert merged.content == (remote if field in GOOGLE_WINS else local)
    assert {conflict.kept, conflict.lost} == {local, remote}
    assert conflict.kept == merged.content


@pytest.mark.parametrize("field", FIELDS)
def test_the_same_change_on_both_sides_is_no_conflict(field: str) -> None:
    changed = content(**{field: CHANGED[field]})
    merged = merge(BASE, None, changed, changed)
    assert (merged.content, merged.conflicts) == (changed, ())


def test_what_we_sent_ourselves_is_no_edit_of_theirs() -> None:
    """Its answer was lost, and meanwhile somebody here went on typing."""
    sent, local = content(title="Doctor"), content(title="Doctor, at last")
    merged = merge(BASE, sent, local, remote=sent)
    assert (merged.content, merged.conflicts) == (local, ())


def test_without_a_base_nobody_is_believed_more_than_the_table_says() -> None:
    local, remote = content(title="Here"), content(title="There", slot=TUESDAY)
    merged = merge(None, None, local, remote)
    assert merged.content == content(title="Here", slot=TUESDAY)
    assert {conflict.field for conflict in merged.conflicts} == {"title", "slot"}


def test_a_field_that_is_whole_here_alone_stays_ours() -> None:
    remote = content(notes="The shortened one, edited")
    merged = merge(BASE, None, BASE, remote, kept_here=frozenset({"notes"}))
    assert merged.content == BASE
    assert [conflict.lost.notes for conflict in merged.conflicts] == [remote.notes]


def test_a_place_in_time_is_one_field_whatever_its_kind() -> None:
    merged = merge(BASE, None, content(slot=FRIDAY), content(slot=TUESDAY))
    assert merged.content.slot == TUESDAY
    assert MONDAY not in {conflict.kept.slot for conflict in merged.conflicts}
