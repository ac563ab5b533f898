"""RFC 8291: a message that only one browser can read. Pure, but for the chance that comes in.

shared   = ECDH(our key of this one message, the browser's key)
secret   = HKDF(auth, shared, "WebPush: info" 0 browser's public, our public)
key      = HKDF(salt, secret, "Content-Encoding: aes128gcm" 0)   and so the nonce
body     = salt, record size, our public key, AES-128-GCM(message, delimiter)
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from taskwire.adapters.web_push.keys import BrowserKeys, public_bytes

SALT_BYTES = 16
RECORD_SIZE = 4096
"""Push services take 4,096 bytes of body and no more (RFC 8030, 7.2): one record, always."""
PLAINTEXT_BYTES_MAX = 3993
_LAST_RECORD = b"\x02"


@dataclass(frozen=True, slots=True)
class Chance:
    """What must be new for each message; a test gives the RFC's own."""

    private_key: ec.EllipticCurvePrivateKey
    salt: bytes


def fresh_chance() -> Chance:
    return Chance(ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(SALT_BYTES))


def encrypt(message: bytes, browser: BrowserKeys, chance: Chance) -> bytes:
    assert len(message) <= PLAINTEXT_BYTES_MAX, "a payload is cut before it comes here"
    ours = public_bytes(chance.private_key.public_key())
    shared = chance.private_key.exchange(ec.ECDH(), browser.public_key)
    info = b"WebPush: info\x00" + public_bytes(browser.public_key) + ours
    secret = _hkdf(browser.auth, shared, info, 32)
    key = _hkdf(chance.salt, secret, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _hkdf(chance.salt, secret, b"Content-Encoding: nonce\x00", 12)
    record = AESGCM(key).encrypt(nonce, message + _LAST_RECORD, None)
    header = chance.salt + RECORD_SIZE.to_bytes(4, "big") + bytes([len(ours)]) + ours
    return header + record


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
