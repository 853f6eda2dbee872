"""Tokens of service accounts that expire when a test wants them to: the API server's own are good for ten minutes.

Signed with the key that the API server trusts, with the claims that it writes itself (Kubernetes documentation,
"Managing Service Accounts", "Schema for service account private claims").
"""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_private_key

if TYPE_CHECKING:
    from pathlib import Path

LEEWAY = 60.0
"""Seconds that a token is taken beyond its end (go-jose's jwt.DefaultLeeway)."""

_HOUR = 3600
_ISSUER = "https://kubernetes.default.svc.cluster.local"


def token(key: Path, account: dict[str, Any], seconds: float) -> str:
    """A token of a ServiceAccount, good for so many seconds (of which API servers let a clock be wrong by `LEEWAY`)."""
    metadata, now = account["metadata"], int(time.time())
    namespace, name = metadata["namespace"], metadata["name"]
    claims = {
        "iss": _ISSUER,
        "aud": [_ISSUER],
        "sub": f"system:serviceaccount:{namespace}:{name}",
        "iat": now - _HOUR,
        "nbf": now - _HOUR,
        "exp": now + int(seconds),
        "kubernetes.io": {"namespace": namespace, "serviceaccount": {"name": name, "uid": metadata["uid"]}},
    }
    signed = f"{_encoded({'alg': 'ES256', 'typ': 'JWT'})}.{_encoded(claims)}"
    private = load_pem_private_key(key.read_bytes(), None)
    assert isinstance(private, EllipticCurvePrivateKey)
    r, s = decode_dss_signature(private.sign(signed.encode(), ECDSA(hashes.SHA256())))
    return f"{signed}.{_base64(r.to_bytes(32) + s.to_bytes(32))}"


def _encoded(value: object) -> str:
    return _base64(json.dumps(value).encode())


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
