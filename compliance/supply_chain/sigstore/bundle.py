"""Sigstore bundles: a signature with all that is needed to verify it.

Versions 0.1, 0.2 and 0.3 (sigstore/protobuf-specs, sigstore_bundle.proto, as protobuf's JSON). What is read here
is well-formed, and nothing of it is proven. Fields that the specification does not have are refused, as cosign does, so
that no other reader sees more in a bundle than we do.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from compliance.errors import ContentError
from compliance.supply_chain import dsse, public_keys, strict_json
from compliance.supply_chain.sigstore import protobuf_json as pb

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPE: Final = "application/vnd.dev.sigstore.bundle.v0.3+json"
VERSIONS: Final[Mapping[str, str]] = {
    "application/vnd.dev.sigstore.bundle+json;version=0.1": "0.1",
    "application/vnd.dev.sigstore.bundle+json;version=0.2": "0.2",
    "application/vnd.dev.sigstore.bundle+json;version=0.3": "0.3",
    MEDIA_TYPE: "0.3",
}
"""By media type."""
MAX_SIZE: Final = dsse.MAX_SIZE + 1024 * 1024
_MAX_ENTRIES: Final = 32
_MAX_CERTIFICATES: Final = 10
_MAX_HASHES: Final = 64
MAX_TIME: Final = 253402300799
"""The last second of the year 9999, in seconds since 1970."""

_ALGORITHMS: Final[Mapping[str, str]] = {"SHA2_256": "sha256", "SHA2_384": "sha384", "SHA2_512": "sha512"}


@dataclass(frozen=True, slots=True)
class MessageSignature:
    """A signature over an artifact; `digest` (`algorithm:hex`) is what the bundle says that the artifact has."""

    signature: bytes
    digest: str | None


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """That an entry is in a log's tree: hashes from the leaf up, and the log's signed checkpoint."""

    log_index: int
    tree_size: int
    root_hash: bytes
    hashes: tuple[bytes, ...]
    checkpoint: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LogEntry:
    """An entry of a transparency log; `integrated_time` in seconds since 1970, `promise` the signed entry timestamp."""

    log_index: int
    log_id: bytes
    kind: str
    version: str
    body: bytes = field(repr=False)
    integrated_time: int | None = None
    promise: bytes | None = None
    proof: InclusionProof | None = None


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle; who signed is said by `certificates` (DER, leaf first), or is a key of which `hint` may tell."""

    version: str
    content: MessageSignature | dsse.Envelope
    hint: str | None
    certificates: tuple[bytes, ...]
    entries: tuple[LogEntry, ...]
    timestamps: tuple[bytes, ...]

    @property
    def signatures(self) -> tuple[bytes, ...]:
        """The signatures over the content."""
        content = self.content
        return (content.signature,) if isinstance(content, MessageSignature) else content.signatures


def hint_of(public: public_keys.PublicKey) -> str:
    """What cosign writes as a key's hint: base64 of SHA-256 of the SubjectPublicKeyInfo in DER."""
    return base64.b64encode(hashlib.sha256(public_keys.public_der(public)).digest()).decode()


def bundle_for_key(content: MessageSignature | dsse.Envelope, public: public_keys.PublicKey) -> bytes:
    """Write a bundle v0.3 of a signature by a key, without log entry, as `cosign sign --key` does."""
    made: dict[str, object] = {
        "mediaType": MEDIA_TYPE,
        "verificationMaterial": {"publicKey": {"hint": hint_of(public)}},
    }
    if isinstance(content, dsse.Envelope):
        made["dsseEnvelope"] = dsse.to_json(content)
    else:
        algorithm, _, value = (content.digest or "").partition(":")
        names = {ours: theirs for theirs, ours in _ALGORITHMS.items()}
        made["messageSignature"] = {
            "messageDigest": {
                "algorithm": names[algorithm],
                "digest": base64.b64encode(bytes.fromhex(value)).decode(),
            },
            "signature": base64.b64encode(content.signature).decode(),
        }
    return json.dumps(made, separators=(",", ":")).encode()


def parse(data: bytes) -> Bundle:
    """Read a bundle.

    Raises:
        ContentError: it is none, of an unknown version, ambiguous, or larger than allowed.
    """
    if len(data) > MAX_SIZE:
        raise ContentError(f"the bundle is larger than {MAX_SIZE} bytes")
    value = pb.without_nulls(strict_json.loads(data, "the bundle"))
    pb.only(value, "", "mediaType", "verificationMaterial", "messageSignature", "dsseEnvelope")
    version = VERSIONS.get(value.get("mediaType")) if isinstance(value.get("mediaType"), str) else None
    if version is None:
        raise ContentError(f"the bundle's media type {str(value.get('mediaType'))[:80]!r} is none that can be read")
    made = _bundle(version, _content(value), pb.member(value, "verificationMaterial"))
    _check(made)
    return made


def _bundle(version: str, content: MessageSignature | dsse.Envelope, material: dict[str, Any]) -> Bundle:
    signers = ("publicKey", "certificate", "x509CertificateChain")
    pb.only(material, "verificationMaterial", *signers, "tlogEntries", "timestampVerificationData")
    if sum(key in material for key in signers) != 1:
        raise ContentError("the bundle must have one of publicKey, certificate and x509CertificateChain")
    hint = None
    if "publicKey" in material:
        hint = pb.member(material, "publicKey").get("hint", "")
        if not isinstance(hint, str):
            raise ContentError("the bundle's publicKey.hint is no text")
    stamps = pb.member(material, "timestampVerificationData") if "timestampVerificationData" in material else {}
    entries = pb.entries(material, "tlogEntries", _MAX_ENTRIES)
    return Bundle(
        version,
        content,
        hint,
        _certificates(material),
        tuple(entry_from_json(entry) for entry in entries),
        tuple(pb.octets(stamp, "signedTimestamp") for stamp in pb.entries(stamps, "rfc3161Timestamps", _MAX_ENTRIES)),
    )


def _check(bundle: Bundle) -> None:
    """What each version requires (sigstore_bundle.proto, comments of `media_type` and `tlog_entries`)."""
    for entry in bundle.entries:
        if bundle.version == "0.1" and entry.promise is None:
            raise ContentError("the bundle is of version 0.1, and its log entry has no inclusion promise")
        if bundle.version != "0.1" and entry.proof is None:
            raise ContentError(f"the bundle is of version {bundle.version}, and its log entry has no inclusion proof")
    if bundle.version == "0.3" and len(bundle.certificates) > 1:
        raise ContentError("the bundle is of version 0.3 and has a chain of certificates")


def _content(value: dict[str, Any]) -> MessageSignature | dsse.Envelope:
    if ("messageSignature" in value) == ("dsseEnvelope" in value):
        raise ContentError("the bundle must have one of messageSignature and dsseEnvelope")
    if "dsseEnvelope" in value:
        envelope = pb.member(value, "dsseEnvelope")
        pb.only(envelope, "dsseEnvelope", "payload", "payloadType", "signatures")
        return dsse.from_json(envelope)
    message = pb.member(value, "messageSignature")
    pb.only(message, "messageSignature", "messageDigest", "signature")
    digest = None
    if "messageDigest" in message:
        found = pb.member(message, "messageDigest")
        algorithm = _ALGORITHMS.get(str(found.get("algorithm")))
        if algorithm is None:
            raise ContentError("the bundle's messageDigest has an algorithm that cannot be used")
        digest = f"{algorithm}:{pb.octets(found, 'digest').hex()}"
    return MessageSignature(pb.octets(message, "signature"), digest)


def _certificates(material: dict[str, Any]) -> tuple[bytes, ...]:
    if "certificate" in material:
        return (pb.octets(pb.member(material, "certificate"), "rawBytes"),)
    if "x509CertificateChain" not in material:
        return ()
    found = pb.entries(pb.member(material, "x509CertificateChain"), "certificates", _MAX_CERTIFICATES)
    if not found:
        raise ContentError("the bundle's chain of certificates is empty")
    return tuple(pb.octets(certificate, "rawBytes") for certificate in found)


def entry_from_json(value: Any) -> LogEntry:  # noqa: ANN401 - JSON
    """Read a `TransparencyLogEntry` (sigstore_rekor.proto)."""
    keys = ("logIndex", "logId", "kindVersion", "integratedTime", "inclusionPromise", "inclusionProof")
    pb.only(value, "tlogEntries", *keys, "canonicalizedBody")
    kind = pb.member(value, "kindVersion")
    promise = pb.member(value, "inclusionPromise") if "inclusionPromise" in value else {}
    return LogEntry(
        pb.integer(value, "logIndex"),
        pb.octets(pb.member(value, "logId"), "keyId"),
        str(kind.get("kind")),
        str(kind.get("version")),
        pb.octets(value, "canonicalizedBody"),
        # Protobuf's JSON leaves out what is zero, and Rekor 2 gives no time.
        pb.integer(value, "integratedTime", MAX_TIME) or None,
        pb.octets(promise, "signedEntryTimestamp") if promise else None,
        _proof(value) if "inclusionProof" in value else None,
    )


def _proof(value: dict[str, Any]) -> InclusionProof:
    found = pb.member(value, "inclusionProof")
    hashes = pb.entries(found, "hashes", _MAX_HASHES)
    checkpoint = pb.member(found, "checkpoint").get("envelope")
    if not isinstance(checkpoint, str):
        raise ContentError("the bundle's inclusion proof has no checkpoint")
    return InclusionProof(
        pb.integer(found, "logIndex"),
        pb.integer(found, "treeSize"),
        pb.octets(found, "rootHash"),
        tuple(pb.decoded(text, "hashes") for text in hashes),
        checkpoint,
    )
