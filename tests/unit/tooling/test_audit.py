import pytest

from tooling.audit import Verdict, verdict_of


@pytest.mark.parametrize(
    ("status", "said", "verdict"),
    [
        (0, "No known vulnerabilities found", Verdict.CLEAN),
        (1, "Found 2 known vulnerabilities in 1 package", Verdict.HOLES),
        (1, "Found 1 known vulnerability in 1 package", Verdict.HOLES),
        (1, "ConnectionError: no route to host", Verdict.UNKNOWN),
        (2, "", Verdict.UNKNOWN),
    ],
)
def test_silence_is_neither_good_nor_bad(status: int, said: str, verdict: Verdict) -> None:
    assert verdict_of(status, said, "known vulnerabilit") is verdict
