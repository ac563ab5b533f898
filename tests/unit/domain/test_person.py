import pytest

from taskwire.domain.errors import InvalidError
from taskwire.domain.person import check_email, check_name, check_password


def test_an_address_has_one_stored_form() -> None:
    assert check_email(" Noa@Example.ORG ") == "noa@example.org"


@pytest.mark.parametrize("bad", ["", "noa", "@b", "a@", "a b@c", "a@b\nc", "a" * 255 + "@b"])
def test_a_slip_of_the_hand_is_no_address(bad: str) -> None:
    with pytest.raises(InvalidError, match="email"):
        check_email(bad)


def test_a_name_is_trimmed_and_not_blank() -> None:
    assert check_name(" נועה ") == "נועה"
    with pytest.raises(InvalidError, match="name"):
        check_name(" ")


@pytest.mark.parametrize("bad", ["1234567", "x" * 129, "12345678\x00"])
def test_a_password_has_a_length(bad: str) -> None:
    with pytest.raises(InvalidError, match="password"):
        check_password(bad)


def test_a_password_may_be_a_sentence() -> None:
    assert check_password("correct horse battery staple") == "correct horse battery staple"
