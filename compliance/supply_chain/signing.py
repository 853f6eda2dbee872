"""Signing and attesting: one digest, in cosign's legacy layout and as Sigstore bundle attached by OCI 1.1.

Both are written unless told otherwise: cosign 2 and most admission controllers read the first, cosign 3 the second.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Final

from compliance.errors import SigningError
from compliance.supply_chain import dsse, legacy_layout, public_keys, simple_signing
from compliance.supply_chain.content import EMPTY_CONFIG, OCI_MANIFEST, digest_of, fallback_tag, is_digest
from compliance.supply_chain.evidence import SIGNATURE_ANNOTATION
from compliance.supply_chain.legacy_layout import as_json
from compliance.supply_chain.replacing import Superseded, superseded
from compliance.supply_chain.signatures import SIGN_PREDICATE, Layout
from compliance.supply_chain.sigstore.bundle import MEDIA_TYPE as BUNDLE
from compliance.supply_chain.statements import STATEMENT, as_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping
    from datetime import datetime

    from compliance.supply_chain.content import Descriptor, WritableRepository
    from compliance.supply_chain.signers import Signer

BOTH: Final = (Layout.LEGACY, Layout.BUNDLE)
_EMPTY: Final = b"{}"


@dataclass(frozen=True, slots=True)
class Stored:
    """What was stored: the layout, and the digest of the manifest that holds it."""

    layout: Layout
    digest: str


@dataclass(frozen=True, slots=True)
class Image:
    """What is signed: `name` is how a runtime knows the repository (`registry.example.com/shop/web`)."""

    repository: WritableRepository
    name: str
    digest: str


def sign(
    image: Image,
    signer: Signer,
    annotations: Mapping[str, str] | None = None,
    *,
    now: datetime,
    layouts: Iterable[Layout] = BOTH,
) -> tuple[Stored, ...]:
    """Sign an image, with annotations if there are any.

    Raises:
        SigningError: no signature can be made, the digest is none, or others change the same tag all the time.
        ContentError: as of the repository's methods; ContentNotFound where the image is not there.
    """
    subject = _subject(image)
    stored = []
    for layout in layouts:
        if layout is Layout.LEGACY:
            document = simple_signing.make(image.digest, image.name, annotations)
            layer = document, simple_signing.MEDIA_TYPE, signer.document(document)
            stored.append(_append(image, ".sig", layer, _signed_before(signer, document)))
        else:
            statement = _signature_statement(image, annotations or {})
            stored.append(_attach(image, subject, signer.bundle(statement), SIGN_PREDICATE, now))
    return tuple(stored)


def attest(
    image: Image,
    signer: Signer,
    statement: Mapping[str, object],
    *,
    now: datetime,
    layouts: Iterable[Layout] = BOTH,
    replace: bool = False,
) -> tuple[Stored, ...]:
    """Sign a statement about an image (`statements.statement`).

    `replace` takes away what the same key attested before of this type in these layouts, once the new one is there.
    Without it both stay, and only where a log or authority vouches for their times is one of them the latest.

    Raises:
        SigningError: as `sign` does; or an identity shall replace, whose attestations have times.
        ContentError: as of the repository's methods.
    """
    subject, said = _subject(image), as_bytes(statement)
    predicate_type = str(statement["predicateType"])
    old = Superseded()
    if replace:
        old = superseded(image.repository, image.digest, signer.public, predicate_type)
    stored = []
    for layout in layouts:
        if layout is Layout.LEGACY:
            envelope, annotations = signer.envelope(said)
            layer = envelope, dsse.MEDIA_TYPE, {**annotations, "predicateType": predicate_type}
            stored.append(_append(image, ".att", layer, lambda _known: False, old.layers))
        else:
            stored.append(_attach(image, subject, signer.bundle(said), predicate_type, now))
            for digest in old.referrers:
                image.repository.delete(digest)
    return tuple(stored)


def _subject(image: Image) -> Descriptor:
    if not is_digest(image.digest):
        raise SigningError(f"{image.digest!r} is no digest: only digests are signed", remedy="resolve the tag first")
    return image.repository.manifest(image.digest).descriptor


def _append(
    image: Image,
    suffix: str,
    layer: tuple[bytes, str, Mapping[str, str]],
    same: Callable[[Descriptor], bool],
    without: Container[str] = (),
) -> Stored:
    payload, media_type, annotations = layer
    tag = fallback_tag(image.digest) + suffix
    written = legacy_layout.append(image.repository, tag, payload, media_type, annotations, same=same, without=without)
    return Stored(Layout.LEGACY, written.digest)


def _signed_before(signer: Signer, document: bytes) -> Callable[[Descriptor], bool]:
    """Whether a layer is this signer's signature of the same document: signing twice adds nothing."""

    def same(layer: Descriptor) -> bool:
        if signer.public is None or layer.digest != digest_of(document):
            return False
        try:
            signature = base64.b64decode(layer.annotations.get(SIGNATURE_ANNOTATION, ""), validate=True)
        except binascii.Error:
            return False
        return public_keys.verify(signer.public, signature, document)

    return same


def _signature_statement(image: Image, annotations: Mapping[str, str]) -> bytes:
    """The statement by which cosign 3 signs an image: annotations stand beside the subject's digest."""
    algorithm, _, value = image.digest.partition(":")
    subject: dict[str, object] = {"name": image.name, "digest": {algorithm: value}}
    if annotations:
        subject["annotations"] = dict(annotations)
    return as_bytes({"_type": STATEMENT, "subject": [subject], "predicateType": SIGN_PREDICATE, "predicate": {}})


def _attach(image: Image, subject: Descriptor, bundle: bytes, predicate_type: str, now: datetime) -> Stored:
    """Attach a bundle as cosign does (cosign, specs/BUNDLE_SPEC.md)."""
    repository = image.repository
    manifest = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "artifactType": BUNDLE,
        "config": as_json(repository.put_blob(_EMPTY, EMPTY_CONFIG)),
        "layers": [as_json(repository.put_blob(bundle, BUNDLE))],
        "subject": {"mediaType": subject.media_type, "size": subject.size, "digest": subject.digest},
        "annotations": {
            "dev.sigstore.bundle.content": "dsse-envelope",
            "dev.sigstore.bundle.predicateType": predicate_type,
            "org.opencontainers.image.created": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        },
    }
    raw = json.dumps(manifest, separators=(",", ":")).encode()
    return Stored(Layout.BUNDLE, repository.attach(raw, OCI_MANIFEST).digest)
