"""RFC 8292: each request says who sends it, signed by this installation's own key."""

from __future__ import annotations

from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from taskwire.adapters.web_push.keys import encode, private_key, public_bytes

TOKEN_LIFETIME_S = 12 * 3600
"""The RFC allows 24 hours; half of it forgives a clock that is wrong."""


class Vapid:
    """`contact` is whom a push service may write to: a `mailto:` or `https:` address, or empty."""

    def __init__(self, key: str, contact: str) -> None:
        self._private_key: ec.EllipticCurvePrivateKey = private_key(key)
        self._contact = contact
        self.public_key = encode(public_bytes(self._private_key.public_key()))

    def authorization(self, endpoint: str, now_s: float) -> str:
        parts = urlsplit(endpoint)
        claims: dict[str, str | int] = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int(now_s) + TOKEN_LIFETIME_S,
        }
        if self._contact:
            claims["sub"] = self._contact
        token = jwt.encode(claims, self._private_key, algorithm="ES256")
        return f"vapid t={token}, k={self.public_key}"
