"""Secrets of other services, at rest: readable with our key alone, and only in their own place.

AES-256-GCM with a key that is derived from SECRET_KEY; what the secret is for is authenticated with
it, so a row's secret copied into another row does not open. Put a new key in front to rotate: what
an older one sealed still opens, and is sealed again when it is next used.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12
_KEY_BYTES = 32
_USE = b"taskwire: secrets of other services, 1"


class KeySeal:
    def __init__(self, keys: tuple[str, ...]) -> None:
        self._keys = tuple(AESGCM(_derived(key)) for key in keys)

    def seal(self, secret: str, purpose: str) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._keys[0].encrypt(nonce, secret.encode(), purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> str | None:
        for key in self._keys:
            opened = _opened(key, sealed, purpose)
            if opened is not None:
                return opened
        return None

    def is_current(self, sealed: bytes, purpose: str) -> bool:
        return _opened(self._keys[0], sealed, purpose) is not None


def _derived(key: str) -> bytes:
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=_USE).derive(key.encode())


def _opened(key: AESGCM, sealed: bytes, purpose: str) -> str | None:
    try:
        plain = key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose.encode())
    except (InvalidTag, ValueError):
        return None
    return plain.decode()
