from taskwire.application.revocations import Revocations


def test_a_revoked_session_is_known_at_once() -> None:
    revocations = Revocations(900, 0)
    revocations.add(["a"])
    assert revocations.is_revoked("a")
    assert not revocations.is_revoked("b")


def test_a_revocation_outlives_every_token_of_its_session() -> None:
    """A token lives 900 s; one signed just before the end must be refused for all of them."""
    revocations = Revocations(900, 0)
    revocations.tick(899)
    revocations.add(["a"])
    revocations.tick(900)
    revocations.tick(1799)
    assert revocations.is_revoked("a")


def test_what_no_token_can_outlive_is_forgotten() -> None:
    revocations = Revocations(900, 0)
    revocations.add(["a"])
    revocations.tick(900)
    revocations.tick(1800)
    assert not revocations.is_revoked("a")
