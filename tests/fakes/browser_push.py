"""The browser's half of RFC 8291, written from the RFC and not from our own half."""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from taskwire.adapters.web_push.keys import encode


def decrypt(body: bytes, private_key: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """The message in the body of a push, or an exception: a browser drops what it cannot read."""
    salt, record_size = body[:16], int.from_bytes(body[16:20], "big")
    sender_point = body[21 : 21 + body[20]]
    record = body[21 + body[20] :]
    assert len(record) <= record_size, "RFC 8291 allows one record"
    sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender_point)
    mixed = _hmac(auth, private_key.exchange(ec.ECDH(), sender))
    info = b"WebPush: info\0" + _point(private_key) + sender_point
    extracted = _hmac(salt, _hmac(mixed, info + b"\x01"))
    key = _hmac(extracted, b"Content-Encoding: aes128gcm\0\x01")[:16]
    nonce = _hmac(extracted, b"Content-Encoding: nonce\0\x01")[:12]
    padded = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
    assert padded[-1:] == b"\x02", "the last record ends with 2"
    return padded[:-1]


@dataclass
class Browser:
    """One browser's subscription, and what it makes of a push."""

    private_key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def subscription(self, endpoint: str) -> dict[str, Any]:
        """As `PushSubscription.toJSON()` says it."""
        keys = {"p256dh": encode(_point(self.private_key)), "auth": encode(self.auth)}
        return {"endpoint": endpoint, "expirationTime": None, "keys": keys}

    def read(self, body: bytes) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(decrypt(body, self.private_key, self.auth))
        return message


def _hmac(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, hashlib.sha256)


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
