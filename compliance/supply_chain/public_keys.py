"""Public keys: which kinds cosign signs with, their names, and whether a signature is theirs.

Keys are ECDSA on P-256, P-384 or P-521, or RSA of 2048, 3072 or 4096 bits with PKCS#1 v1.5, as in sigstore's algorithm
registry. cosign 2 signs with SHA-256 whatever the key; cosign 3 by the key: SHA-256 for P-256 and RSA, SHA-384 for
P-384, SHA-512 for P-521. Verifying here takes both, as sigstore-go does for the sake of older clients.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import TYPE_CHECKING, Final, TypeAlias

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from compliance.errors import KeyFileError
from compliance.supply_chain.signatures import NamedKey

if TYPE_CHECKING:
    from collections.abc import Mapping

PublicKey: TypeAlias = ec.EllipticCurvePublicKey | rsa.RSAPublicKey

KINDS: Final = ("ecdsa-p256", "ecdsa-p384", "ecdsa-p521", "rsa-2048", "rsa-3072", "rsa-4096")
"""The kinds of keys that can be used."""
MAX_KEY_FILE: Final = 16 * 1024
"""Bytes of a key file; one of RSA with 4096 bits has less than 5,000."""
CURVES: Final[Mapping[str, tuple[ec.EllipticCurve, hashes.HashAlgorithm]]] = {
    "secp256r1": (ec.SECP256R1(), hashes.SHA256()),
    "secp384r1": (ec.SECP384R1(), hashes.SHA384()),
    "secp521r1": (ec.SECP521R1(), hashes.SHA512()),
}
"""By SEC's name: the curve, and the hash that goes with it."""
ED25519: Final = (
    "is an ed25519 key: cosign signs with those by ed25519ph (RFC 8032, section 5.1), which Fulcio does not take, nor "
    "can the library that we use"
)
"""Why not."""
_RSA_BITS: Final = (2048, 3072, 4096)
_PEM: Final = re.compile(r"-----BEGIN ([A-Z0-9 ]{1,64})-----\s(.*?)-----END \1-----", re.DOTALL)


def load_public(pem: bytes, name: str = "") -> NamedKey:
    """Read a public key in PEM; without a name it is called by its fingerprint.

    Raises:
        KeyFileError: it is none, or of a kind that cosign does not sign with.
    """
    kind, body = read_pem(pem)
    if "PRIVATE" in kind:
        raise KeyFileError("this is a private key where a public one is wanted", remedy="name the .pub file")
    try:
        # cosign reads PKCS#1 (`RSA PUBLIC KEY`) as well.
        public = usable(serialization.load_der_public_key(body))
    except (ValueError, UnsupportedAlgorithm):
        raise KeyFileError(f"the PEM {kind!r} holds no public key that can be read") from None
    return NamedKey(name or fingerprint(public), public, fingerprint(public))


def public_pem(public: PublicKey) -> bytes:
    """The public key as cosign writes it: PEM of the SubjectPublicKeyInfo."""
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def public_der(public: PublicKey) -> bytes:
    """The SubjectPublicKeyInfo in DER."""
    return public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def fingerprint(public: PublicKey) -> str:
    """`sha256:HEX` of the SubjectPublicKeyInfo in DER."""
    return f"sha256:{hashlib.sha256(public_der(public)).hexdigest()}"


def hash_of(public: PublicKey) -> hashes.HashAlgorithm:
    """The hash that goes with a key by sigstore's algorithm registry."""
    return hashes.SHA256() if isinstance(public, rsa.RSAPublicKey) else CURVES[public.curve.name][1]


def verify(public: PublicKey, signature: bytes, data: bytes) -> bool:
    """Whether the signature is this key's over the data, with the key's own hash or with SHA-256 as in cosign 2."""
    own = hash_of(public)
    tried = (own,) if isinstance(own, hashes.SHA256) else (own, hashes.SHA256())
    return any(_fits(public, signature, data, algorithm) for algorithm in tried)


def verify_digest(public: PublicKey, signature: bytes, digest: bytes) -> bool:
    """Whether the signature is this key's over data with this SHA-256, SHA-384 or SHA-512, told by its length."""
    algorithm = {32: hashes.SHA256(), 48: hashes.SHA384(), 64: hashes.SHA512()}.get(len(digest))
    if algorithm is None or algorithm.name not in ("sha256", hash_of(public).name):
        return False
    return _fits(public, signature, digest, Prehashed(algorithm))


def usable(public: object) -> PublicKey:
    """Take a public key, from a certificate perhaps, if it is of a kind that cosign signs with.

    Raises:
        KeyFileError: it is not.
    """
    if isinstance(public, rsa.RSAPublicKey) and public.key_size in _RSA_BITS:
        return public
    if isinstance(public, ec.EllipticCurvePublicKey) and public.curve.name in CURVES:
        return public
    raise KeyFileError(f"the key {_misfit(public)}", remedy=f"kinds that can be used: {', '.join(KINDS)}")


def read_pem(pem: bytes) -> tuple[str, bytes]:
    """Type and content of the first PEM block.

    Raises:
        KeyFileError: there is none, or too much.
    """
    if len(pem) > MAX_KEY_FILE:
        raise KeyFileError(f"the key file is larger than {MAX_KEY_FILE} bytes")
    found = _PEM.search(pem.decode("latin-1"))
    if found is None:
        raise KeyFileError("the key file is no PEM", remedy="it begins with -----BEGIN ...-----")
    try:
        return found[1], base64.b64decode("".join(found[2].split()), validate=True)
    except binascii.Error:
        raise KeyFileError(
            "the PEM's content is no base64; keys that OpenSSL encrypted cannot be read",
            remedy="`openssl pkcs8 -topk8 -nocrypt` writes keys of other tools as PKCS#8",
        ) from None


def _misfit(public: object) -> str:
    if isinstance(public, ed25519.Ed25519PublicKey):
        return ED25519
    if isinstance(public, rsa.RSAPublicKey):
        return f"is RSA with {public.key_size} bits; cosign takes 2048, 3072 or 4096"
    if isinstance(public, ec.EllipticCurvePublicKey):
        return f"is on the curve {public.curve.name}; cosign takes P-256, P-384 or P-521"
    return "is of no kind that cosign signs with"


def _fits(public: PublicKey, signature: bytes, data: bytes, algorithm: hashes.HashAlgorithm | Prehashed) -> bool:
    try:
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, data, padding.PKCS1v15(), algorithm)
        else:
            public.verify(signature, data, ec.ECDSA(algorithm))
    except InvalidSignature:
        return False
    return True
