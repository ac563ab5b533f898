import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from taskwire.adapters.processes.completion import new_vapid_key
from taskwire.adapters.web_push.keys import BadKey, decode, encode, private_key
from taskwire.adapters.web_push.vapid import Vapid

ENDPOINT = "https://push.example.org:8443/send/a-secret-path"


def test_the_token_names_the_service_the_sender_and_its_end() -> None:
    vapid = Vapid(new_vapid_key(), "mailto:taskwire@example.org")
    now_s = time.time()
    scheme, _, parameters = vapid.authorization(ENDPOINT, now_s).partition(" ")
    token, key = (part.partition("=")[2] for part in parameters.split(", "))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode(key))
    claims = jwt.decode(token, public, ["ES256"], audience="https://push.example.org:8443")
    assert scheme == "vapid"
    assert claims["sub"] == "mailto:taskwire@example.org"
    assert now_s < claims["exp"] <= now_s + 24 * 3600
    assert "secret" not in str(claims)
    assert key == vapid.public_key


def test_without_a_contact_there_is_no_claim_of_one() -> None:
    token = Vapid(new_vapid_key(), "").authorization(ENDPOINT, time.time()).split()[1][2:-1]
    assert "sub" not in jwt.decode(token, options={"verify_signature": False})


def test_every_key_that_is_made_is_a_key_and_none_comes_twice() -> None:
    keys = {new_vapid_key() for _ in range(50)}
    assert len(keys) == 50
    assert len({Vapid(key, "").public_key for key in keys}) == 50


@pytest.mark.parametrize(
    "text",
    ["", "short", encode(bytes(32)), encode(b"\xff" * 32), "-----BEGIN EC PRIVATE KEY-----", "x" * 43 + "!"],
)  # fmt: skip
def test_what_is_no_key_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(BadKey) as caught:
        private_key(text)
    assert not text or text not in str(caught.value)
