"""What an image is made of, and the one interface to wherever it is kept.

Descriptors, manifests and indexes as in the OCI image specification 1.1 (descriptor.md, manifest.md, image-index.md)
and Docker's image manifest version 2, schema 2. Everything is addressed by digest and checked against it when read.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

from compliance.errors import ContentError
from compliance.supply_chain import strict_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager
    from typing import BinaryIO

OCI_MANIFEST: Final = "application/vnd.oci.image.manifest.v1+json"
OCI_INDEX: Final = "application/vnd.oci.image.index.v1+json"
DOCKER_MANIFEST: Final = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_INDEX: Final = "application/vnd.docker.distribution.manifest.list.v2+json"
EMPTY_CONFIG: Final = "application/vnd.oci.empty.v1+json"
INDEXES: Final = frozenset({OCI_INDEX, DOCKER_INDEX})
MANIFESTS: Final = frozenset({OCI_MANIFEST, DOCKER_MANIFEST})

MAX_MANIFEST: Final = 4 * 1024 * 1024
"""Bytes of a manifest or index; the distribution specification asks registries for at least this."""
_MAX_ENTRIES: Final = 4096
_KEYS: Final = frozenset(
    {"schemaVersion", "mediaType", "artifactType", "config", "layers", "manifests", "subject", "annotations"}
)
_DESCRIPTOR_KEYS: Final = frozenset(
    {"mediaType", "digest", "size", "urls", "annotations", "data", "artifactType", "platform"}
)
_PLATFORM_KEYS: Final = frozenset({"architecture", "os", "os.version", "os.features", "variant"})
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")


@dataclass(frozen=True, slots=True)
class Platform:
    """`os/architecture/variant`, as Go spells them; empty where an index leaves them out."""

    os: str
    architecture: str
    variant: str | None = None

    def __str__(self) -> str:
        return "/".join(part for part in (self.os, self.architecture, self.variant) if part)

    @classmethod
    def parse(cls, text: str) -> Platform:
        """Read `linux/amd64` or `linux/arm64/v8`.

        Raises:
            ValueError: the text has another shape.
        """
        parts = text.split("/")
        if len(parts) not in (2, 3) or not all(parts):
            raise ValueError(f"{text!r} is no platform: write os/architecture, as in linux/amd64")
        return cls(*parts)


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What refers to content: media type, digest (`algorithm:hex`), size in bytes."""

    media_type: str
    digest: str
    size: int
    annotations: Mapping[str, str] = field(default_factory=dict, hash=False)
    artifact_type: str | None = None
    platform: Platform | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """An image manifest, or an artifact's: `raw` is what its digest is of."""

    descriptor: Descriptor
    raw: bytes = field(repr=False)
    config: Descriptor
    layers: tuple[Descriptor, ...]
    subject: Descriptor | None
    annotations: Mapping[str, str] = field(hash=False)

    @property
    def artifact_type(self) -> str:
        """`artifactType`, or else the configuration's media type (image specification, manifest.md)."""
        return self.descriptor.artifact_type or self.config.media_type


@dataclass(frozen=True, slots=True)
class Index:
    """An image index (Docker: manifest list)."""

    descriptor: Descriptor
    raw: bytes = field(repr=False)
    manifests: tuple[Descriptor, ...]
    subject: Descriptor | None
    annotations: Mapping[str, str] = field(hash=False)


class Repository(Protocol):
    """Where the content of images is kept: one repository of a registry, an OCI layout, or an archive.

    Everything read by digest is checked against it before it is handed out. All methods raise

        ContentNotFound: there is no such thing there.
        AccessDenied: the registry wants other credentials.
        ContentUnavailable: no answer, or none in time.
        ContentError: what is there is not what it claims to be, or is larger than allowed.
    """

    @property
    def name(self) -> str:
        """`registry/repository`, or the path as the user gave it."""

    @property
    def source(self) -> str:
        """`registry`, `layout` or `archive`, as the facts say it."""

    def resolve(self, reference: str | None) -> Descriptor:
        """Find what a tag or digest names; None is the only image of a layout or archive."""

    def manifest(self, digest: str) -> Manifest | Index:
        """Read a manifest or index."""

    def blob(self, descriptor: Descriptor, *, max_size: int) -> bytes:
        """Read a small blob whole."""

    def open_blob(self, descriptor: Descriptor, *, max_size: int) -> AbstractContextManager[BinaryIO]:
        """Read a blob as a stream; the read that reaches its end raises ContentError where the digest differs."""

    def referrers(self, digest: str) -> tuple[Descriptor, ...]:
        """List what refers to a manifest: the referrers API, and the index under the tag `sha256-HEX` besides."""

    def tags(self) -> Iterator[str]:
        """List the tags, page by page."""


@runtime_checkable
class WritableRepository(Repository, Protocol):
    """A repository that takes content: a registry's, or a layout. Methods raise as `Repository`'s do."""

    def put_blob(self, data: bytes, media_type: str) -> Descriptor:
        """Store a blob unless it is there."""

    def put_manifest(self, raw: bytes, media_type: str, tag: str | None = None) -> Descriptor:
        """Store a manifest or index under its digest, and under a tag where one is given."""

    def attach(self, raw: bytes, media_type: str) -> Descriptor:
        """Store a manifest that has a `subject`; keep the tag `sha256-HEX` where the registry lists no referrers."""

    def delete(self, digest: str) -> None:
        """Delete a manifest."""


def digest_of(data: bytes) -> str:
    """The SHA-256 digest as OCI writes it."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def is_digest(text: object) -> bool:
    """Whether a text is a digest that this tool can check: SHA-256 or SHA-512, lower-case hexadecimal."""
    return isinstance(text, str) and _DIGEST.fullmatch(text) is not None


def fallback_tag(digest: str) -> str:
    """The tag that lists referrers where a registry does not (distribution specification, Referrers Tag Schema)."""
    algorithm, _, value = digest.partition(":")
    return f"{algorithm}-{value[:64]}"


def parse_manifest(raw: bytes, media_type: str | None = None) -> Manifest | Index:
    """Read a manifest or index; `media_type` is what the registry or descriptor calls it, where it says so.

    Raises:
        ContentError: it is neither, is inconsistent, or has duplicate keys or more entries than allowed.
    """
    if len(raw) > MAX_MANIFEST:
        raise ContentError(f"the manifest is larger than {MAX_MANIFEST} bytes")
    value = strict_json.loads(raw, "the manifest")
    if not isinstance(value, dict):
        raise ContentError("the manifest is no JSON object")
    strict_json.as_spelled(value, _KEYS, "the manifest")
    said = value.get("mediaType")
    if said is not None and not isinstance(said, str):
        raise ContentError("mediaType is no text")
    if said is not None and media_type is not None and said != media_type:
        raise ContentError(f"the manifest calls itself {_short(said)}, and was announced as {_short(media_type)}")
    kind = said or media_type or _guessed(value)
    if ("layers" in value or "config" in value) and "manifests" in value:
        raise ContentError("the manifest has both layers and manifests, so that readers may differ about what it is")
    subject = None if value.get("subject") is None else _descriptor(value["subject"], "subject")
    artifact_type = value.get("artifactType")
    if artifact_type is not None and not isinstance(artifact_type, str):
        raise ContentError("artifactType is no text")
    own = Descriptor(kind, digest_of(raw), len(raw), artifact_type=artifact_type)
    annotations = _annotations(value.get("annotations"), "annotations")
    if kind in INDEXES:
        return Index(own, raw, _descriptors(value, "manifests"), subject, annotations)
    if kind in MANIFESTS:
        config = _descriptor(value.get("config"), "config")
        return Manifest(own, raw, config, _descriptors(value, "layers"), subject, annotations)
    raise ContentError(f"{_short(kind)} is no kind of manifest that can be judged")


def _guessed(value: Mapping[str, Any]) -> str:
    """The media type of a manifest that nobody names: OCI allows to leave it out."""
    return OCI_INDEX if "manifests" in value else OCI_MANIFEST


def _descriptors(value: Mapping[str, Any], key: str) -> tuple[Descriptor, ...]:
    entries = value.get(key)
    # Some registries answer null for an empty list.
    if entries is None:
        entries = []
    if not isinstance(entries, list):
        raise ContentError(f"{key} is no list")
    if len(entries) > _MAX_ENTRIES:
        raise ContentError(f"{key} has more than {_MAX_ENTRIES} entries")
    return tuple(_descriptor(entry, f"{key}[{number}]") for number, entry in enumerate(entries))


def _descriptor(value: object, at: str) -> Descriptor:
    if not isinstance(value, dict):
        raise ContentError(f"{at} is no descriptor")
    strict_json.as_spelled(value, _DESCRIPTOR_KEYS, at)
    media_type, digest, size = value.get("mediaType"), value.get("digest"), value.get("size")
    if not isinstance(media_type, str) or not is_digest(digest):
        raise ContentError(f"{at} lacks a media type or a digest that can be checked")
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise ContentError(f"{at} has no size")
    artifact_type = value.get("artifactType")
    return Descriptor(
        media_type,
        str(digest),
        size,
        _annotations(value.get("annotations"), f"{at}.annotations"),
        artifact_type if isinstance(artifact_type, str) else None,
        _platform(value.get("platform"), at),
    )


def _annotations(value: object, at: str) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise ContentError(f"{at} is no map of texts")
    return value


def _platform(value: object, at: str) -> Platform | None:
    if not isinstance(value, dict):
        return None
    strict_json.as_spelled(value, _PLATFORM_KEYS, f"{at}.platform")
    said = [value.get(key) or "" for key in ("os", "architecture", "variant")]
    if not all(isinstance(text, str) for text in said):
        raise ContentError(f"{at}.platform has something else than texts")
    return Platform(said[0], said[1], said[2] or None)


def _short(text: object) -> str:
    return repr(text)[:120]
