"""Sees that an OCI layout holds one image that scanners can judge (image specification 1.1, image-layout.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from compliance import bounded_files
from compliance.errors import ContentError, ReadError
from compliance.supply_chain import strict_json
from compliance.supply_chain.content import MAX_MANIFEST, Index, Manifest, digest_of, parse_manifest

if TYPE_CHECKING:
    from pathlib import Path

    from compliance.supply_chain.content import Descriptor

_CONFIGURATIONS: Final = frozenset(
    {"application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json"}
)
_SYSTEM: Final = "linux"


def check(folder: Path) -> None:
    """Check that there is one image, and for Linux.

    Raises:
        ReadError: there is none or several, it is broken, is no container image, or is one for another system.
    """
    try:
        index = parse_manifest(_read(folder / "index.json"))
        manifests = index.manifests if isinstance(index, Index) else ()
        if len(manifests) != 1:
            raise ReadError(f"{folder} holds {len(manifests)} images where one is expected")
        manifest = parse_manifest(_blob(folder, manifests[0]), manifests[0].media_type)
        if not isinstance(manifest, Manifest) or manifest.config.media_type not in _CONFIGURATIONS:
            kind = manifest.artifact_type if isinstance(manifest, Manifest) else "an index of several"
            raise ReadError(f"it is no container image but {kind[:120]}, which scanners do not look into")
        configuration = strict_json.loads(_blob(folder, manifest.config), "the image's configuration")
    except ContentError as error:
        raise ReadError(error.message, remedy=error.remedy) from error
    system = configuration.get("os") if isinstance(configuration, dict) else None
    if system != _SYSTEM:
        raise ReadError(f"it is an image for {str(system)[:40]!r}, and scanners judge those for linux only")


def _blob(folder: Path, descriptor: Descriptor) -> bytes:
    algorithm, _, value = descriptor.digest.partition(":")
    data = _read(folder / "blobs" / algorithm / value)
    if algorithm == "sha256" and digest_of(data) != descriptor.digest:
        raise ReadError(f"{descriptor.digest} is there with other content")
    return data


def _read(path: Path) -> bytes:
    try:
        return bounded_files.read(path, MAX_MANIFEST)
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror}") from error
