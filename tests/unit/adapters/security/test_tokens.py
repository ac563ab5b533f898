import time
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import jwt
import pytest

from taskwire.adapters.security import tokens as module
from taskwire.adapters.security.tokens import JwtTokens

KEY, OLD_KEY = "k" * 40, "o" * 40


def tokens(*keys: str) -> JwtTokens:
    return JwtTokens(keys or (KEY,), access_lifetime_s=900, ticket_lifetime_s=30)


def forged(**changes: Any) -> str:  # noqa: ANN401 - claims are of any type, wrong ones too
    now = datetime.now(UTC)
    claims = {
        "iss": "taskwire",
        "aud": "taskwire-api",
        "typ": "access",
        "sub": "7",
        "sid": "s",
        "jti": "j",
        "iat": now,
        "exp": now + timedelta(minutes=5),
    } | changes
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, KEY, algorithm="HS256")


def test_an_access_token_says_who_and_by_which_sign_in() -> None:
    claims = tokens().read_access(tokens().access(7, "s"))
    assert claims is not None
    assert (claims.person_id, claims.session_id, claims.ticket) == (7, "s", None)
    assert 890 < claims.expires_at.timestamp() - time.time() <= 900


def test_a_ticket_opens_sockets_and_nothing_else() -> None:
    ticket = tokens().ticket(7, "s")
    claims = tokens().read_for_socket(ticket)
    assert claims is not None
    assert claims.ticket is not None
    assert tokens().read_access(ticket) is None


def test_an_access_token_opens_sockets_too_and_is_no_ticket() -> None:
    claims = tokens().read_for_socket(tokens().access(7, "s"))
    assert claims is not None
    assert claims.ticket is None


def test_the_forgery_below_is_good_when_nothing_is_wrong_with_it() -> None:
    assert tokens().read_access(forged()) is not None


@pytest.mark.parametrize(
    "wrong",
    [
        {"exp": datetime.now(UTC) - timedelta(seconds=1)},
        {"exp": None},
        {"iat": datetime.now(UTC) + timedelta(hours=1)},
        {"nbf": datetime.now(UTC) + timedelta(hours=1)},
        {"aud": "taskwire-ws"},
        {"aud": None},
        {"iss": "somebody"},
        {"typ": "ws"},
        {"typ": None},
        {"sub": "admin"},
        {"sub": "-7"},
        {"sub": "7" * 30},
        {"sub": "\u0667"},
        {"sub": None},
        {"sid": 5},
        {"sid": None},
        {"jti": None},
    ],
)
def test_a_token_with_one_wrong_claim_proves_nothing(wrong: dict[str, object]) -> None:
    assert tokens().read_access(forged(**wrong)) is None


def test_a_token_without_a_signature_proves_nothing() -> None:
    head, body, signature = tokens().access(7, "s").split(".")
    none = jwt.encode(jwt.decode(forged(), options={"verify_signature": False}), "", "none")
    for token in ("", "x", f"{head}.{body}.", f"{head}.{body}", none, f"{head}.{signature}.{body}"):
        assert tokens().read_access(token) is None


def test_an_endless_token_is_not_even_looked_at() -> None:
    assert tokens().read_access("x" * 100_000) is None


def test_a_new_key_signs_and_an_old_one_still_verifies() -> None:
    old = tokens(OLD_KEY).access(7, "s")
    assert tokens(KEY, OLD_KEY).read_access(old) is not None
    assert tokens(OLD_KEY).read_access(tokens(KEY, OLD_KEY).access(7, "s")) is None


def test_the_same_refresh_token_always_has_the_same_successor() -> None:
    first = tokens().refresh()
    assert tokens().successor(first) == tokens().successor(first)
    assert tokens().successor(first) != tokens("z" * 40).successor(first)
    assert tokens().digest(first) != first


def test_a_refresh_token_may_be_any_rubbish() -> None:
    assert tokens().successor("\udcff") != tokens().successor("x")


class _AnHourLater:
    @staticmethod
    def now(tz: tzinfo) -> datetime:
        return datetime.now(tz) + timedelta(hours=1)


def test_a_token_that_was_verified_ends_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = tokens()
    token = reader.access(7, "s")
    assert reader.read_access(token) is not None
    monkeypatch.setattr(module, "datetime", _AnHourLater)
    assert reader.read_access(token) is None


def test_an_access_token_is_verified_once_for_all_its_sockets_and_a_ticket_each_time() -> None:
    reader = tokens()
    for _ in range(2):
        assert reader.read_for_socket(reader.ticket(7, "s")) is not None
    assert reader.verified == 0
    token = reader.access(7, "s")
    for _ in range(2):
        assert reader.read_for_socket(token) is not None
    assert reader.verified == 1


def test_only_so_many_verified_tokens_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "VERIFIED_MAX", 3)
    reader = tokens()
    many = [reader.access(person_id, "s") for person_id in range(1, 6)]
    for _ in range(2):
        told = [reader.read_access(token) for token in many]
        assert [claims and claims.person_id for claims in told] == [1, 2, 3, 4, 5]
    assert reader.verified == 3
