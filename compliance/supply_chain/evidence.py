"""What a candidate holds, in one form for both layouts: claims, signatures, and who may vouch for them.

Reading proves nothing; it says what there is to prove. The legacy layout is cosign's SIGNATURE_SPEC.md, with the
annotations of cosign's pkg/oci/static.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from compliance.errors import ContentError, KeyFileError
from compliance.supply_chain import dsse, public_keys, simple_signing, strict_json
from compliance.supply_chain.signatures import SIGN_PREDICATE, Candidate, Layout, Purpose
from compliance.supply_chain.sigstore import bundle as bundles

if TYPE_CHECKING:
    from collections.abc import Mapping

SIGNATURE_ANNOTATION: Final = "dev.cosignproject.cosign/signature"
CERTIFICATE_ANNOTATION: Final = "dev.sigstore.cosign/certificate"
CHAIN_ANNOTATION: Final = "dev.sigstore.cosign/chain"
BUNDLE_ANNOTATION: Final = "dev.sigstore.cosign/bundle"
TIMESTAMP_ANNOTATION: Final = "dev.sigstore.cosign/rfc3161timestamp"
_MAX_ANNOTATION: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Signed:
    """Signatures and what they are over: the `message`, or where only that is known, its `digest` (`algorithm:hex`).

    `payload` is what an envelope holds, `envelope` the bytes of one in the legacy layout.
    """

    signatures: tuple[bytes, ...]
    message: bytes | None = field(default=None, repr=False)
    digest: str | None = None
    payload: bytes | None = field(default=None, repr=False)
    envelope: bytes | None = field(default=None, repr=False)

    def fits(self, public: public_keys.PublicKey) -> bool:
        """Whether one of the signatures is this key's."""
        if self.message is not None:
            return any(public_keys.verify(public, signature, self.message) for signature in self.signatures)
        digest = bytes.fromhex((self.digest or "").partition(":")[2])
        return any(public_keys.verify_digest(public, signature, digest) for signature in self.signatures)

    def digest_by(self, algorithm: str) -> str | None:
        """The digest (hex) of what is signed, by `sha256`, `sha384` or `sha512`; None if it is not known."""
        if self.message is not None and algorithm in ("sha256", "sha384", "sha512"):
            return hashlib.new(algorithm, self.message).hexdigest()
        known, _, value = (self.digest or "").partition(":")
        return value if known == algorithm else None

    @property
    def stamped(self) -> tuple[bytes, ...]:
        """What time stamps are over: a signature, and in the legacy layout an attestation's envelope."""
        return self.signatures if self.envelope is None else (self.envelope,)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a candidate claims (`other` says of what else it speaks, None if of the right digest), and its proofs."""

    purpose: Purpose
    signed: Signed
    other: str | None
    predicate_type: str | None = None
    claims: Mapping[str, object] = field(default_factory=dict, repr=False, hash=False)
    identity: str | None = None
    annotations: Mapping[str, object] = field(default_factory=dict, hash=False)
    hint: str | None = None
    certificates: tuple[bytes, ...] = ()
    entries: tuple[bundles.LogEntry, ...] = ()
    timestamps: tuple[bytes, ...] = ()


def read(candidate: Candidate, digests: frozenset[str]) -> Evidence:
    """Read a candidate that should speak of one of `digests`.

    Raises:
        ContentError: it is not what it claims to be.
    """
    if candidate.layout is Layout.BUNDLE:
        return _bundle(candidate.payload, digests)
    if candidate.media_type == dsse.MEDIA_TYPE:
        return _legacy_attestation(candidate, digests)
    return _legacy_signature(candidate, digests)


def _bundle(payload: bytes, digests: frozenset[str]) -> Evidence:
    bundle = bundles.parse(payload)
    proofs: dict[str, Any] = {
        "hint": bundle.hint,
        "certificates": bundle.certificates,
        "entries": bundle.entries,
        "timestamps": bundle.timestamps,
    }
    if isinstance(bundle.content, dsse.Envelope):
        # sigstore_bundle.proto: an envelope in a bundle has one signature, which is the one that is logged and stamped.
        if len(bundle.content.signatures) != 1:
            raise ContentError("the bundle's envelope must have exactly one signature")
        return _envelope(bundle.content, None, digests, proofs)
    message = bundle.content
    # The digest that a bundle says is a hint. Without one, the artifact's own is tried.
    said = message.digest or min((digest for digest in digests if digest.startswith("sha256:")), default="sha256:")
    other = None if said in digests else said
    return Evidence(Purpose.SIGNATURE, Signed((message.signature,), digest=said), other, **proofs)


def _envelope(
    envelope: dsse.Envelope, raw: bytes | None, digests: frozenset[str], proofs: Mapping[str, Any]
) -> Evidence:
    if envelope.payload_type != dsse.STATEMENT:
        raise ContentError(f"the envelope holds {envelope.payload_type[:80]!r}, and no in-toto statement")
    statement = dsse.statement(envelope.payload)
    purpose = Purpose.ATTESTATION
    if raw is None and statement.predicate_type == SIGN_PREDICATE:
        purpose = Purpose.SIGNATURE
    subject = next((subject for subject in statement.subjects if subject.has(digests)), None)
    return Evidence(
        purpose,
        Signed(envelope.signatures, envelope.pae, payload=envelope.payload, envelope=raw),
        _first_digest(statement) if subject is None else None,
        statement.predicate_type,
        statement.document,
        # cosign 3 writes what the signer adds beside the subject's digest.
        annotations=subject.annotations if subject else {},
        **proofs,
    )


def _first_digest(statement: dsse.Statement) -> str:
    return ":".join(min(statement.subjects[0].digests.items()))


def _legacy_signature(candidate: Candidate, digests: frozenset[str]) -> Evidence:
    document = simple_signing.parse(candidate.payload)
    text = candidate.annotations.get(SIGNATURE_ANNOTATION, "")
    signature = _decoded(text, SIGNATURE_ANNOTATION)
    return Evidence(
        Purpose.SIGNATURE,
        Signed((signature,), candidate.payload),
        None if document.digest in digests else document.digest,
        claims=document.document,
        identity=document.reference,
        annotations=document.annotations,
        **_legacy_proofs(candidate.annotations),
    )


def _legacy_attestation(candidate: Candidate, digests: frozenset[str]) -> Evidence:
    envelope = dsse.parse(candidate.payload)
    return _envelope(envelope, candidate.payload, digests, _legacy_proofs(candidate.annotations))


def _legacy_proofs(annotations: Mapping[str, str]) -> dict[str, Any]:
    entry, stamp = annotations.get(BUNDLE_ANNOTATION), annotations.get(TIMESTAMP_ANNOTATION)
    return {
        "certificates": _certificates(annotations.get(CERTIFICATE_ANNOTATION)),
        "entries": (_legacy_entry(entry),) if entry else (),
        "timestamps": (_legacy_timestamp(stamp),) if stamp else (),
    }


def _legacy_entry(text: str) -> bundles.LogEntry:
    """An entry as Rekor 1 answers it, with its promise (cosign's pkg/cosign/bundle, RekorBundle)."""
    value = _json(text, BUNDLE_ANNOTATION)
    said = value.get("Payload")
    if not isinstance(said, dict):
        raise ContentError(f"the annotation {BUNDLE_ANNOTATION} has no payload")
    body = _decoded(said.get("body"), BUNDLE_ANNOTATION)
    kind = strict_json.loads(body, "the log entry")
    log = said.get("logID")
    if not isinstance(log, str) or not isinstance(kind, dict):
        raise ContentError(f"the annotation {BUNDLE_ANNOTATION} has no log entry that can be read")
    try:
        log_id = bytes.fromhex(log)
    except ValueError:
        raise ContentError(f"the annotation {BUNDLE_ANNOTATION} names no log") from None
    promise = _decoded(value.get("SignedEntryTimestamp"), BUNDLE_ANNOTATION)
    names = str(kind.get("kind")), str(kind.get("apiVersion"))
    return bundles.LogEntry(_number(said, "logIndex"), log_id, *names, body, _number(said, "integratedTime"), promise)


def _number(said: dict[str, Any], key: str) -> int:
    value = said.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= bundles.MAX_TIME:
        raise ContentError(f"the annotation {BUNDLE_ANNOTATION} has no number {key}")
    return value


def _legacy_timestamp(text: str) -> bytes:
    return _decoded(_json(text, TIMESTAMP_ANNOTATION).get("SignedRFC3161Timestamp"), TIMESTAMP_ANNOTATION)


def _json(text: str, name: str) -> dict[str, Any]:
    if len(text) > _MAX_ANNOTATION:
        raise ContentError(f"the annotation {name} is larger than {_MAX_ANNOTATION} bytes")
    value = strict_json.loads(text.encode(), f"the annotation {name}")
    if not isinstance(value, dict):
        raise ContentError(f"the annotation {name} is no object")
    return value


def _certificates(text: str | None) -> tuple[bytes, ...]:
    """The certificate beside a signature. The chain beside it goes up to a root, and none of it would be believed."""
    if not text:
        return ()
    try:
        kind, der = public_keys.read_pem(text.encode())
    except KeyFileError:
        kind, der = "", b""
    if kind != "CERTIFICATE":
        raise ContentError(f"the annotation {CERTIFICATE_ANNOTATION} holds no certificate in PEM")
    return (der,)


def _decoded(text: object, name: str) -> bytes:
    try:
        if isinstance(text, str) and 0 < len(text) <= _MAX_ANNOTATION:
            return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        pass
    raise ContentError(f"the annotation {name} is missing, or no base64")
