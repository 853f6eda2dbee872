"""DSSE envelopes, and the in-toto statements in them.

Dead Simple Signing Envelope 1.0 (secure-systems-lab/dsse, envelope.md and protocol.md), in-toto Statement v0.1 and v1
(in-toto/attestation, spec/v1/statement.md). cosign writes v0.1, sigstore-python v1.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from compliance.errors import ContentError
from compliance.supply_chain import public_keys, strict_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MEDIA_TYPE: Final = "application/vnd.dsse.envelope.v1+json"
STATEMENT: Final = "application/vnd.in-toto+json"
"""The payload type of an in-toto statement."""
STATEMENT_TYPES: Final = ("https://in-toto.io/Statement/v0.1", "https://in-toto.io/Statement/v1")
MAX_SIZE: Final = 64 * 1024 * 1024
"""Bytes of an envelope; a bill of materials in one may have tens of megabytes."""
MAX_SIGNATURES: Final = 32
_MAX_SUBJECTS: Final = 1024
_MAX_TYPE: Final = 1024
_MAX_DIGEST: Final = 256
"""Characters of a predicate type, and of a digest (gitCommit, dirHash and others too), which are shown to people."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A payload, what kind it is, and the signatures over both."""

    payload_type: str
    payload: bytes = field(repr=False)
    signatures: tuple[bytes, ...]

    @property
    def pae(self) -> bytes:
        """What is signed: the pre-authentication encoding."""
        return pae(self.payload_type, self.payload)


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that a statement is about: its digests in hex by algorithm, and what is noted beside them."""

    digests: Mapping[str, str] = field(hash=False)
    annotations: Mapping[str, object] = field(default_factory=dict, hash=False)

    def has(self, digests: Iterable[str]) -> bool:
        """Whether one of the digests (`algorithm:hex`) is this subject's."""
        return any(self.digests.get(algorithm) == value for algorithm, _, value in (d.partition(":") for d in digests))


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said (`predicate`, of the kind `predicate_type`) of which subjects."""

    type: str
    subjects: tuple[Subject, ...]
    predicate_type: str
    predicate: Mapping[str, object] = field(repr=False, hash=False)
    document: Mapping[str, object] = field(default_factory=dict, repr=False, hash=False, compare=False)
    """The whole statement as it was read."""


def pae(payload_type: str, payload: bytes) -> bytes:
    """The pre-authentication encoding (protocol.md): lengths are of bytes."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def parse(data: bytes) -> Envelope:
    """Read an envelope's JSON.

    Raises:
        ContentError: it is none, is ambiguous, or larger than allowed.
    """
    if len(data) > MAX_SIZE:
        raise ContentError(f"the envelope is larger than {MAX_SIZE} bytes")
    return from_json(strict_json.loads(data, "the envelope"))


def from_json(value: object) -> Envelope:
    """Take an envelope from JSON that was read strictly, such as a bundle's.

    Raises:
        ContentError: it is none.
    """
    if not isinstance(value, dict) or not isinstance(value.get("payloadType"), str):
        raise ContentError("the envelope has no payload type")
    found = value.get("signatures")
    if not isinstance(found, list) or not found or not all(isinstance(entry, dict) for entry in found):
        raise ContentError("the envelope has no signature")
    if len(found) > MAX_SIGNATURES:
        raise ContentError(f"the envelope has more than {MAX_SIGNATURES} signatures")
    signatures = tuple(_bytes(entry.get("sig"), "signature") for entry in found)
    return Envelope(value["payloadType"], _bytes(value.get("payload"), "payload"), signatures)


def make(payload_type: str, payload: bytes, signatures: Iterable[bytes]) -> bytes:
    """Write an envelope as cosign does."""
    return json.dumps(to_json(Envelope(payload_type, payload, tuple(signatures))), separators=(",", ":")).encode()


def to_json(envelope: Envelope) -> dict[str, object]:
    """The envelope as JSON, to be part of a bundle."""
    return {
        "payload": base64.b64encode(envelope.payload).decode(),
        "payloadType": envelope.payload_type,
        "signatures": [{"sig": base64.b64encode(signature).decode()} for signature in envelope.signatures],
    }


def verify(envelope: Envelope, public: public_keys.PublicKey) -> bool:
    """Whether one of the signatures is this key's; `keyid` is a hint that nobody vouches for, and is not asked."""
    signed = envelope.pae
    return any(public_keys.verify(public, signature, signed) for signature in envelope.signatures)


def statement(payload: bytes) -> Statement:
    """Read an in-toto statement.

    Raises:
        ContentError: it is none, or is ambiguous.
    """
    value = strict_json.loads(payload, "the statement")
    if not isinstance(value, dict) or value.get("_type") not in STATEMENT_TYPES:
        raise ContentError(f"the statement is of neither type {' nor '.join(STATEMENT_TYPES)}")
    predicate_type, predicate = value.get("predicateType"), value.get("predicate")
    if not isinstance(predicate_type, str) or not predicate_type:
        raise ContentError("the statement has no predicate type")
    if len(predicate_type) > _MAX_TYPE:
        raise ContentError(f"the statement's predicate type is longer than {_MAX_TYPE} characters")
    if predicate is not None and not isinstance(predicate, dict):
        raise ContentError("the statement's predicate is no object")
    return Statement(value["_type"], _subjects(value.get("subject")), predicate_type, predicate or {}, value)


def _subjects(found: object) -> tuple[Subject, ...]:
    if not isinstance(found, list) or not found or len(found) > _MAX_SUBJECTS:
        raise ContentError(f"the statement has no subjects, or more than {_MAX_SUBJECTS}")
    return tuple(_subject(entry) for entry in found)


def _subject(entry: object) -> Subject:
    digests = entry.get("digest") if isinstance(entry, dict) else None
    if not isinstance(digests, dict) or not digests or not all(isinstance(value, str) for value in digests.values()):
        raise ContentError("a subject of the statement has no map of digests")
    if any(len(text) > _MAX_DIGEST for pair in digests.items() for text in pair):
        raise ContentError(f"a subject of the statement has a digest longer than {_MAX_DIGEST} characters")
    annotations = entry.get("annotations") if isinstance(entry, dict) else None
    return Subject(digests, annotations if isinstance(annotations, dict) else {})


def _bytes(text: object, what: str) -> bytes:
    """Base64 of either alphabet (envelope.md)."""
    if not isinstance(text, str):
        raise ContentError(f"the envelope's {what} is missing")
    try:
        return base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        raise ContentError(f"the envelope's {what} is no base64") from None
