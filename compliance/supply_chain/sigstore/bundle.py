"""Sigstore bundles: a signature with all that is needed to verify it.

Versions 0.1, 0.2 and 0.3 (sigstore/protobuf-specs, sigstore_bundle.proto, as protobuf's JSON). What is read here
is well-formed, and nothing of it is proven. Fields that the specification does not have are refused, as cosign does, so
that no other reader sees more in a bundle than we do.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from compliance.errors import ContentError
from compliance.supply_chain import dsse, public_keys, strict_json

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
    value = _without_nulls(strict_json.loads(data, "the bundle"))
    _only(value, "", "mediaType", "verificationMaterial", "messageSignature", "dsseEnvelope")
    version = VERSIONS.get(value.get("mediaType")) if isinstance(value.get("mediaType"), str) else None
    if version is None:
        raise ContentError(f"the bundle's media type {str(value.get('mediaType'))[:80]!r} is none that can be read")
    made = _bundle(version, _content(value), _object(value, "verificationMaterial"))
    _check(made)
    return made


def _bundle(version: str, content: MessageSignature | dsse.Envelope, material: dict[str, Any]) -> Bundle:
    signers = ("publicKey", "certificate", "x509CertificateChain")
    _only(material, "verificationMaterial", *signers, "tlogEntries", "timestampVerificationData")
    if sum(key in material for key in signers) != 1:
        raise ContentError("the bundle must have one of publicKey, certificate and x509CertificateChain")
    hint = None
    if "publicKey" in material:
        hint = _object(material, "publicKey").get("hint", "")
        if not isinstance(hint, str):
            raise ContentError("the bundle's publicKey.hint is no text")
    stamps = _object(material, "timestampVerificationData") if "timestampVerificationData" in material else {}
    entries = _list(material, "tlogEntries", _MAX_ENTRIES)
    return Bundle(
        version,
        content,
        hint,
        _certificates(material),
        tuple(_entry(entry) for entry in entries),
        tuple(_bytes(stamp, "signedTimestamp") for stamp in _list(stamps, "rfc3161Timestamps", _MAX_ENTRIES)),
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
        envelope = _object(value, "dsseEnvelope")
        _only(envelope, "dsseEnvelope", "payload", "payloadType", "signatures")
        return dsse.from_json(envelope)
    message = _object(value, "messageSignature")
    _only(message, "messageSignature", "messageDigest", "signature")
    digest = None
    if "messageDigest" in message:
        found = _object(message, "messageDigest")
        algorithm = _ALGORITHMS.get(str(found.get("algorithm")))
        if algorithm is None:
            raise ContentError("the bundle's messageDigest has an algorithm that cannot be used")
        digest = f"{algorithm}:{_bytes(found, 'digest').hex()}"
    return MessageSignature(_bytes(message, "signature"), digest)


def _certificates(material: dict[str, Any]) -> tuple[bytes, ...]:
    if "certificate" in material:
        return (_bytes(_object(material, "certificate"), "rawBytes"),)
    if "x509CertificateChain" not in material:
        return ()
    found = _list(_object(material, "x509CertificateChain"), "certificates", _MAX_CERTIFICATES)
    if not found:
        raise ContentError("the bundle's chain of certificates is empty")
    return tuple(_bytes(certificate, "rawBytes") for certificate in found)


def _entry(value: Any) -> LogEntry:  # noqa: ANN401 - JSON
    """Read a `TransparencyLogEntry` (sigstore_rekor.proto)."""
    keys = ("logIndex", "logId", "kindVersion", "integratedTime", "inclusionPromise", "inclusionProof")
    _only(value, "tlogEntries", *keys, "canonicalizedBody")
    kind = _object(value, "kindVersion")
    promise = _object(value, "inclusionPromise") if "inclusionPromise" in value else {}
    return LogEntry(
        _integer(value, "logIndex"),
        _bytes(_object(value, "logId"), "keyId"),
        str(kind.get("kind")),
        str(kind.get("version")),
        _bytes(value, "canonicalizedBody"),
        # Protobuf's JSON leaves out what is zero, and Rekor 2 gives no time.
        _integer(value, "integratedTime", MAX_TIME) or None,
        _bytes(promise, "signedEntryTimestamp") if promise else None,
        _proof(value) if "inclusionProof" in value else None,
    )


def _proof(value: dict[str, Any]) -> InclusionProof:
    found = _object(value, "inclusionProof")
    hashes = _list(found, "hashes", _MAX_HASHES)
    checkpoint = _object(found, "checkpoint").get("envelope")
    if not isinstance(checkpoint, str):
        raise ContentError("the bundle's inclusion proof has no checkpoint")
    return InclusionProof(
        _integer(found, "logIndex"),
        _integer(found, "treeSize"),
        _bytes(found, "rootHash"),
        tuple(_decoded(text, "hashes") for text in hashes),
        checkpoint,
    )


def _without_nulls(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Protobuf's JSON means nothing by null."""
    if isinstance(value, dict):
        return {key: _without_nulls(entry) for key, entry in value.items() if entry is not None}
    return [_without_nulls(entry) for entry in value] if isinstance(value, list) else value


def _only(value: Any, where: str, *keys: str) -> None:  # noqa: ANN401 - JSON
    if not isinstance(value, dict):
        raise ContentError(f"the bundle{where and f's {where}'} is no object")
    if unknown := value.keys() - set(keys):
        raise ContentError(f"the bundle has {min(unknown)[:80]!r}, which its version does not have")


def _object(value: dict[str, Any], key: str) -> dict[str, Any]:
    found = value.get(key)
    if not isinstance(found, dict):
        raise ContentError(f"the bundle's {key} is no object")
    return found


def _list(value: dict[str, Any], key: str, most: int) -> list[Any]:
    found = value.get(key, [])
    if not isinstance(found, list) or len(found) > most:
        raise ContentError(f"the bundle's {key} is no list, or has more than {most} entries")
    return found


def _integer(value: dict[str, Any], key: str, most: int = 2**63 - 1) -> int:
    """A 64-bit integer, which protobuf's JSON writes as text."""
    found = value.get(key, 0)
    if isinstance(found, str) and found.isascii() and found.isdecimal() and len(found) < 20:  # noqa: PLR2004 - digits
        found = int(found)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= most:
        raise ContentError(f"the bundle's {key} is no number from 0 to {most}")
    return found


def _bytes(value: Any, key: str) -> bytes:  # noqa: ANN401 - JSON
    return _decoded(value.get(key) if isinstance(value, dict) else None, key)


def _decoded(text: object, key: str) -> bytes:
    try:
        if isinstance(text, str) and text:
            return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        pass
    raise ContentError(f"the bundle's {key} is missing, or no base64")
