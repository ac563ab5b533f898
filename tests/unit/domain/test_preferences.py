import pytest

from taskwire.domain.errors import InvalidError
from taskwire.domain.notification import KINDS, SIGN_IN
from taskwire.domain.preferences import CHANNELS, EMAIL, PAGE, PUSH, Preferences, check_language


def test_at_first_everything_is_shown_and_pushed_and_nothing_mailed() -> None:
    assert Preferences().channels == {
        kind: {"page": True, "push": True, "email": False} for kind in KINDS
    }


def test_switches_merge_by_kind_and_channel() -> None:
    chosen = Preferences().with_switches({SIGN_IN: {EMAIL: True}})
    chosen = chosen.with_switches({SIGN_IN: {PUSH: False}, KINDS[0]: {PAGE: False}})
    assert chosen.channels[SIGN_IN] == {"page": True, "push": False, "email": True}
    assert chosen.channels[KINDS[0]] == {"page": False, "push": True, "email": False}
    assert all(set(channels) == set(CHANNELS) for channels in chosen.channels.values())


@pytest.mark.parametrize(
    ("switches", "word"),
    [({"party": {EMAIL: True}}, "party"), ({SIGN_IN: {"pigeon": True}}, "pigeon")],
)
def test_what_is_not_there_cannot_be_switched(
    switches: dict[str, dict[str, bool]], word: str
) -> None:
    with pytest.raises(InvalidError, match=word):
        Preferences().with_switches(switches)


def test_a_kind_of_a_later_version_begins_like_the_others() -> None:
    chosen = Preferences().with_switches({SIGN_IN: {EMAIL: True}})
    assert chosen.wants("not yet invented", PUSH)
    assert not chosen.wants("not yet invented", EMAIL)


def test_languages_are_those_that_we_have_words_for() -> None:
    assert check_language("he") == "he"
    with pytest.raises(InvalidError, match="en, he"):
        check_language("tlh")
