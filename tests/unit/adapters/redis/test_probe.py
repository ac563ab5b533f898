"""The word that a process sends to itself through Redis."""

from taskwire.settings import Settings

NOTICED_WITHIN_S = 5.0


def test_a_deaf_subscription_is_noticed_within_five_seconds() -> None:
    """It may go deaf just after a word came back: the next one, and then its deadline."""
    settings = Settings()
    assert settings.probe_interval_s + settings.probe_deadline_s <= NOTICED_WITHIN_S
