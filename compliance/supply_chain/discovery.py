"""What lies beside an image and may speak of it: signatures, attestations and bills of materials, all unproven.

Places: cosign's tags `sha256-HEX.sig`, `.att` and `.sbom` (cosign, specs/SIGNATURE_SPEC.md), referrers (OCI
distribution specification 1.1, Listing Referrers) with Sigstore bundles or Notation's envelopes, and BuildKit's
attestation manifests in the index. What a referrer calls itself in the list is not believed: each is fetched, and its
layers say what it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from compliance.errors import AccessDenied, ContentError, ContentNotFound
from compliance.supply_chain.content import Index, Manifest, fallback_tag
from compliance.supply_chain.signatures import Candidate, Layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compliance.supply_chain.content import Descriptor, Repository

SIMPLE_SIGNING: Final = "application/vnd.dev.cosign.simplesigning.v1+json"
DSSE: Final = "application/vnd.dsse.envelope.v1+json"
_BUNDLE: Final = "application/vnd.dev.sigstore.bundle"
_NOTATION: Final = "application/vnd.cncf.notary.signature"
_NOTATION_ENVELOPES: Final = frozenset({"application/jose+json", "application/cose"})
_IN_TOTO: Final = "application/vnd.in-toto+json"
_SBOM_FORMATS: Final = (("cyclonedx", "cyclonedx"), ("spdx", "spdx"), ("syft", "other"), ("sbom", "other"))

MAX_FOUND: Final = 256
"""How many manifests and layers are looked at beside one image."""
MAX_PAYLOAD: Final = 64 * 1024 * 1024
"""Bytes of one signature or attestation; an attested bill of materials is the largest kind."""
MAX_TOTAL: Final = 128 * 1024 * 1024
"""Bytes of all that is kept of one image's candidates."""


@dataclass(frozen=True, slots=True)
class OtherSignature:
    """A signature in a format that is recognised, and not verified by this tool."""

    format: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Sbom:
    """A bill of materials kept with the image: its format, and where (`referrer`, `buildkit`, `tag`)."""

    format: str
    attached_as: str


@dataclass(frozen=True, slots=True)
class Unread:
    """Something beside the image that could not be read, so that nobody knows what it says."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """All that lies beside an image."""

    candidates: tuple[Candidate, ...] = ()
    others: tuple[OtherSignature, ...] = ()
    sboms: tuple[Sbom, ...] = ()
    unread: tuple[Unread, ...] = ()


def candidates(repository: Repository, digests: Sequence[str]) -> Found:
    """Look beside each of these digests: an index's and its platform manifest's, because either may be signed.

    What cannot be read for itself is told in `unread`.

    Raises:
        AccessDenied: the registry wants other credentials.
        ContentUnavailable: the registry gives no answer.
        ContentError: more lies beside the image than is looked at; it must not hide what counts.
    """
    search = _Search(repository, frozenset(digests))
    for digest in dict.fromkeys(digests):
        search.tags(digest)
        search.referrers(digest)
        search.index(digest)
    return Found(tuple(search.candidates), tuple(dict.fromkeys(search.others)), tuple(search.sboms), search.unread)


@dataclass(slots=True)
class _Search:
    """One search; it counts what it looks at."""

    repository: Repository
    digests: frozenset[str]
    candidates: list[Candidate] = field(default_factory=list)
    others: list[OtherSignature] = field(default_factory=list)
    sboms: list[Sbom] = field(default_factory=list)
    missed: list[Unread] = field(default_factory=list)
    looked_at: int = 0
    total: int = 0

    @property
    def unread(self) -> tuple[Unread, ...]:
        return tuple(dict.fromkeys(self.missed))

    def tags(self, digest: str) -> None:
        for suffix in (".sig", ".att", ".sbom"):
            tag = fallback_tag(digest) + suffix
            try:
                found = self.repository.resolve(tag)
            except ContentNotFound:
                continue
            manifest = self._manifest(found, f"the tag {tag}")
            if manifest is not None:
                self._layers(manifest, digest, attached_as="tag")

    def referrers(self, digest: str) -> None:
        for descriptor in self.repository.referrers(digest):
            manifest = self._manifest(descriptor, f"the referrer {descriptor.digest}")
            # Some registries answer with the subject itself, or with what refers to another one.
            if manifest is not None and manifest.subject is not None and manifest.subject.digest == digest:
                self._layers(manifest, digest, attached_as="referrer")

    def index(self, digest: str) -> None:
        """Look at BuildKit's manifests in an index, of the platforms that are judged (https://docs.docker.com/build/metadata/attestations/)."""
        found = self.repository.manifest(digest)
        if not isinstance(found, Index):
            return
        for descriptor in found.manifests:
            about = descriptor.annotations.get("vnd.docker.reference.digest")
            if descriptor.annotations.get("vnd.docker.reference.type") != "attestation-manifest":
                continue
            if about not in self.digests:
                continue
            manifest = self._manifest(descriptor, f"the attestation manifest {descriptor.digest}")
            for layer in manifest.layers if manifest is not None else ():
                kept = _sbom_format(layer.annotations.get("in-toto.io/predicate-type", ""))
                if layer.media_type == _IN_TOTO and kept is not None:
                    self.sboms.append(Sbom(kept, "buildkit"))

    def _manifest(self, descriptor: Descriptor, what: str) -> Manifest | None:
        self._count()
        try:
            found = self.repository.manifest(descriptor.digest)
        except AccessDenied:
            raise
        except ContentNotFound:
            # A list goes on naming what was deleted; what is not there says nothing.
            return None
        except ContentError as error:
            self.missed.append(Unread(what, error.message))
            return None
        return found if isinstance(found, Manifest) else None

    def _layers(self, manifest: Manifest, subject: str, *, attached_as: str) -> None:
        if _is_notation(manifest):
            self.others.append(OtherSignature("notation", _NOTATION))
            return
        bundle = manifest.artifact_type.startswith(_BUNDLE)
        for layer in manifest.layers:
            self._count()
            kept = _sbom_format(layer.media_type)
            if layer.media_type in (SIMPLE_SIGNING, DSSE):
                self._keep(layer, subject, Layout.LEGACY)
            elif bundle or layer.media_type.startswith(_BUNDLE):
                self._keep(layer, subject, Layout.BUNDLE)
            elif kept is not None:
                self.sboms.append(Sbom(kept, attached_as))

    def _keep(self, layer: Descriptor, subject: str, layout: Layout) -> None:
        self.total += min(layer.size, MAX_PAYLOAD)
        if self.total > MAX_TOTAL:
            raise ContentError(f"the signatures and attestations beside {subject} are larger than {MAX_TOTAL} bytes")
        try:
            payload = self.repository.blob(layer, max_size=MAX_PAYLOAD)
        except AccessDenied:
            raise
        except ContentError as error:
            self.missed.append(Unread(f"the {layout} blob {layer.digest}", error.message))
            return
        self.candidates.append(Candidate(layout, payload, layer.digest, subject, layer.annotations, layer.media_type))

    def _count(self) -> None:
        self.looked_at += 1
        if self.looked_at > MAX_FOUND:
            raise ContentError(
                f"more than {MAX_FOUND} signatures and other things lie beside the image",
                remedy="delete those that are of no use: what is not looked at could be what counts",
            )


def _is_notation(manifest: Manifest) -> bool:
    """Notation's signature manifest (notaryproject/specifications, signature-specification.md, Storage)."""
    enveloped = any(layer.media_type in _NOTATION_ENVELOPES for layer in manifest.layers)
    return enveloped or _NOTATION in (manifest.artifact_type, manifest.config.media_type)


def _sbom_format(media_type: str) -> str | None:
    return next((format_ for word, format_ in _SBOM_FORMATS if word in media_type.lower()), None)
