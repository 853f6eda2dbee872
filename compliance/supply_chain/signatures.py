"""The nouns of verification: what was found beside an image, what was proven of it, and who signed.

Formats know how to prove (`proofs.prove`), discovery knows where to look, policies decide whom to trust. They share
these values, which do no I/O.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

SIGN_PREDICATE: Final = "https://sigstore.dev/cosign/sign/v1"
"""The predicate type by which a bundle is a signature of an image, and no attestation of something else."""


class Layout(StrEnum):
    """How cosign keeps a signature with an image."""

    LEGACY = "legacy"
    BUNDLE = "bundle"


class Purpose(StrEnum):
    """What a candidate says: that the image is signed, or something about it."""

    SIGNATURE = "signature"
    ATTESTATION = "attestation"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed. `key` is `sha256:HEX` of the public key's SubjectPublicKeyInfo in DER; else a certificate's names."""

    text: str
    key: str | None = None
    identity: str | None = None
    issuer: str | None = None


@dataclass(frozen=True, slots=True)
class NamedKey:
    """A public key that a policy trusts, and what the policy calls it."""

    name: str
    public: EllipticCurvePublicKey | RSAPublicKey = field(compare=False)
    fingerprint: str
    """`sha256:HEX` of the SubjectPublicKeyInfo in DER."""


@dataclass(frozen=True, slots=True)
class Trust:
    """What proofs are made with: keys at hand, and the Sigstore trusted root (its JSON), None without one.

    The root has certificate authorities, keys of transparency logs and time-stamping authorities; nothing is fetched.
    """

    keys: tuple[NamedKey, ...] = ()
    trusted_root: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What was found beside an image and may be a signature or attestation; nothing of it is proven yet.

    LEGACY: `payload` is the layer's blob (a simple-signing document, or a DSSE envelope of an attestation) and
    `annotations` are the layer's (`dev.cosignproject.cosign/signature`, `dev.sigstore.cosign/bundle`, ...).
    BUNDLE: `payload` is the Sigstore bundle's JSON. `digest` is the payload's; `subject` is the digest of the
    manifest or index that it is attached to.
    """

    layout: Layout
    payload: bytes = field(repr=False)
    digest: str
    subject: str
    annotations: Mapping[str, str] = field(default_factory=dict, hash=False)
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """What could be proven of a candidate.

    `verified`: True, proven with a key or certificate chain at hand, and it speaks of the `subject`; False, provably
    wrong (`why` says how); None, no key at hand fits, so that nobody can tell. `logged`: an entry of a transparency
    log was verified; None, one is there and no key of a log was at hand. `signed_at` is what a log or time-stamping
    authority vouches for. `predicate_type` is None for a simple-signing document. `claims` are the simple-signing
    document's or statement's own words: believed only where `verified` is True. `identity` is the reference that the
    signature names (`critical.identity.docker-reference`), `signed_annotations` what the signer added (`optional`).
    """

    candidate: Candidate
    purpose: Purpose
    verified: bool | None
    why: str | None = None
    signer: Signer | None = None
    signed_at: datetime | None = None
    logged: bool | None = False
    timestamped: bool | None = False
    predicate_type: str | None = None
    claims: Mapping[str, object] = field(default_factory=dict, repr=False, hash=False)
    identity: str | None = None
    signed_annotations: Mapping[str, object] = field(default_factory=dict, hash=False)
