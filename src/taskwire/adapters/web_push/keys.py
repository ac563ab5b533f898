"""Keys as they travel: points and numbers of the curve P-256 in base64url."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

AUTH_BYTES = 16
PRIVATE_BYTES = 32
POINT_BYTES = 65


class BadKey(ValueError):  # noqa: N818 - it is the key that is bad
    """The text never repeats the key."""


@dataclass(frozen=True, slots=True)
class BrowserKeys:
    public_key: ec.EllipticCurvePublicKey
    auth: bytes


def browser_keys(p256dh: str, auth: str) -> BrowserKeys:
    """Raises BadKey for what no browser gives: another length, or a point beside the curve."""
    secret, point = decode(auth), decode(p256dh)
    if len(secret) != AUTH_BYTES:
        raise BadKey(f"keys.auth has {AUTH_BYTES} bytes, in base64url.")
    if len(point) != POINT_BYTES:
        raise BadKey(f"keys.p256dh is a point of P-256 in {POINT_BYTES} bytes, in base64url.")
    try:
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError as error:
        raise BadKey("keys.p256dh is not a point of P-256.") from error
    return BrowserKeys(public, secret)


def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    """Of 32 bytes in base64url, as every tool for VAPID writes it; raises BadKey."""
    number = decode(text)
    if len(number) != PRIVATE_BYTES:
        raise BadKey(f"a VAPID key has {PRIVATE_BYTES} bytes, in base64url")
    try:
        return ec.derive_private_key(int.from_bytes(number, "big"), ec.SECP256R1())
    except ValueError as error:
        raise BadKey("this number is no key of P-256") from error


def public_bytes(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Of base64url, padded or not, and of nothing else."""
    bare = text.rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadKey("keys are written in base64url.") from error
