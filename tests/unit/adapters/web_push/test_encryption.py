"""Against the example that RFC 8291 works through in its section 5 and appendix A."""

from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from taskwire.adapters.web_push.encryption import (
    PLAINTEXT_BYTES_MAX,
    Chance,
    encrypt,
    fresh_chance,
)
from taskwire.adapters.web_push.keys import browser_keys, decode, encode, private_key, public_bytes
from tests.fakes.browser_push import decrypt

PLAINTEXT = b"When I grow up, I want to be a watermelon"
BROWSER_PUBLIC = (
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
)
BROWSER_PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
OUR_PRIVATE = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
    "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_example_of_the_rfc_comes_out_to_the_byte() -> None:
    chance = Chance(private_key(OUR_PRIVATE), decode(SALT))
    assert encode(encrypt(PLAINTEXT, browser_keys(BROWSER_PUBLIC, AUTH), chance)) == BODY


def test_the_browser_of_our_tests_reads_the_example_of_the_rfc() -> None:
    assert decrypt(decode(BODY), private_key(BROWSER_PRIVATE), decode(AUTH)) == PLAINTEXT


@settings(max_examples=20)
@given(st.binary(max_size=PLAINTEXT_BYTES_MAX))
def test_any_message_is_read_by_its_browser_and_fits_into_one_push(message: bytes) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    keys = browser_keys(encode(public_bytes(key.public_key())), AUTH)
    body = encrypt(message, keys, fresh_chance())
    assert len(body) <= 4096
    assert decrypt(body, key, keys.auth) == message


def test_no_two_messages_share_a_key_or_a_salt() -> None:
    first, second = (
        encrypt(b"x", browser_keys(BROWSER_PUBLIC, AUTH), fresh_chance()) for _ in "ab"
    )
    assert first[:16] != second[:16]
    assert first[21:86] != second[21:86]
