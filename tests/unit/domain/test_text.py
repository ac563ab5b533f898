import pytest

from taskwire.domain.errors import InvalidError
from taskwire.domain.text import check_line, check_text


def test_what_people_type_is_kept_as_it_is() -> None:
    typed = "  שלום \u202e👩‍👩‍👧 <b>&amp;\t"
    assert check_text(typed, name="title", length_max=100) == typed


@pytest.mark.parametrize("bad", ["a\x00b", "\ud800", "ok \udfff", "x" * 101])
def test_what_no_database_can_hold_is_refused(bad: str) -> None:
    with pytest.raises(InvalidError, match="title"):
        check_text(bad, name="title", length_max=100)


@pytest.mark.parametrize("blank", ["", " ", "\n\t", "\u2003"])
def test_a_line_is_not_blank(blank: str) -> None:
    with pytest.raises(InvalidError, match="may not be empty"):
        check_line(blank, name="title", length_max=100)


def test_a_line_as_long_as_allowed_passes() -> None:
    assert check_line("x" * 100, name="title", length_max=100) == "x" * 100
