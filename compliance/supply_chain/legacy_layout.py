"""cosign's legacy layout: an image manifest under the tag `sha256-HEX.sig` or `.att`, one layer a signature.

The tag is shared by all signers, and a registry has no way to change a tag only if nobody else did. So: read, check
that nothing changed, write, and look again; whoever finds his layer gone adds it again to what is there now
(cosign, specs/SIGNATURE_SPEC.md; OCI distribution specification, Pushing Manifests).
"""

from __future__ import annotations

import json
import random
import time
from typing import TYPE_CHECKING, Final

from compliance.errors import ContentNotFound, SigningError
from compliance.supply_chain.content import OCI_MANIFEST, Descriptor, Manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping

    from compliance.supply_chain.content import WritableRepository

_CONFIG: Final = "application/vnd.oci.image.config.v1+json"
_NEVER: Final = "0001-01-01T00:00:00Z"
_ATTEMPTS: Final = 8
SETTLE: Final = 0.1
"""Seconds between writing and looking again: longer than another signer takes from his check to his write."""


def append(
    repository: WritableRepository,
    tag: str,
    payload: bytes,
    media_type: str,
    annotations: Mapping[str, str],
    *,
    same: Callable[[Descriptor], bool],
    without: Container[str] = (),
    settle: float = SETTLE,
) -> Descriptor:
    """Add a layer to what is under a tag, and keep the others; returns the manifest's descriptor.

    Args:
        repository: where to.
        tag: `sha256-HEX.sig` or `.att`.
        payload: the layer's blob.
        media_type: the layer's.
        annotations: the layer's.
        same: whether a layer that is there already says the same; nothing is added then.
        without: digests of layers that the new one replaces.
        settle: seconds between writing and looking again.

    Raises:
        SigningError: others write to the same tag all the time, or something else is under it.
        ContentError: as of the repository's methods.
    """
    blob = repository.put_blob(payload, media_type)
    layer = Descriptor(media_type, blob.digest, blob.size, annotations)
    for attempt in range(_ATTEMPTS):
        before, found = _read(repository, tag)
        layers = tuple(known for known in found if known.digest not in without)
        if before is not None and any(_is(layer, known) or same(known) for known in layers):
            return before
        raw = _manifest(repository, (*layers, layer))
        if _tagged(repository, tag) == (before.digest if before else None):
            written = repository.put_manifest(raw, OCI_MANIFEST, tag)
            time.sleep(settle)
            _, now = _read(repository, tag)
            if all(any(_is(wanted, known) for known in now) for wanted in (*layers, layer)):
                return written
        time.sleep(random.uniform(0, settle * (attempt + 1)))  # noqa: S311 - only so that two do not stay in step
    raise SigningError(
        f"{repository.name}:{tag} was changed by others {_ATTEMPTS} times while it was written", remedy="sign again"
    )


def _read(repository: WritableRepository, tag: str) -> tuple[Descriptor | None, tuple[Descriptor, ...]]:
    try:
        found = repository.resolve(tag)
    except ContentNotFound:
        return None, ()
    manifest = repository.manifest(found.digest)
    if not isinstance(manifest, Manifest):
        raise SigningError(f"{repository.name}:{tag} is an index, and no signatures")
    return found, manifest.layers


def _tagged(repository: WritableRepository, tag: str) -> str | None:
    try:
        return repository.resolve(tag).digest
    except ContentNotFound:
        return None


def _is(layer: Descriptor, other: Descriptor) -> bool:
    return layer.digest == other.digest and dict(layer.annotations) == dict(other.annotations)


def _manifest(repository: WritableRepository, layers: Iterable[Descriptor]) -> bytes:
    """Write the manifest as cosign does; its configuration lists the layers, because cosign appends to it."""
    kept = tuple(layers)
    made = {
        "architecture": "",
        "created": _NEVER,
        "history": [{"created": _NEVER} for _ in kept],
        "os": "",
        "rootfs": {"type": "layers", "diff_ids": [layer.digest for layer in kept]},
        "config": {},
    }
    config = repository.put_blob(json.dumps(made, separators=(",", ":")).encode(), _CONFIG)
    manifest = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": as_json(config),
        "layers": [as_json(layer) for layer in kept],
    }
    return json.dumps(manifest, separators=(",", ":")).encode()


def as_json(descriptor: Descriptor) -> dict[str, object]:
    """A descriptor as manifests write it."""
    said: dict[str, object] = {
        "mediaType": descriptor.media_type,
        "size": descriptor.size,
        "digest": descriptor.digest,
    }
    return {**said, "annotations": dict(descriptor.annotations)} if descriptor.annotations else said
