"""Makes images on the spot: layers by the real tarfile and compressors, kept in an OCI image layout."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compliance.supply_chain.content import OCI_INDEX, OCI_MANIFEST, Manifest, digest_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from compliance.supply_chain.content import Descriptor
    from compliance.supply_chain.layout import Layout

CONFIGURATION = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"


@dataclass(frozen=True)
class Layer:
    """A layer's blob, the digest of its content before compression, and its media type."""

    blob: bytes
    diff_id: str
    media_type: str = LAYER


def tar(entries: Sequence[tarfile.TarInfo | tuple[str, str | bytes]], *, form: int = tarfile.PAX_FORMAT) -> bytes:
    """An archive; an entry is the header of something empty, or a name and the content of a file."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=form) as archive:
        for entry in entries:
            if isinstance(entry, tuple):
                name, content = entry
                data = content.encode() if isinstance(content, str) else content
                header = tarfile.TarInfo(name)
                header.size = len(data)
            else:
                header, data = entry, b""
            archive.addfile(header, io.BytesIO(data))
    return packed.getvalue()


def entry(name: str, kind: bytes = tarfile.REGTYPE, **fields: Any) -> tarfile.TarInfo:  # noqa: ANN401 - fields of a header
    """A header with some fields set."""
    made = tarfile.TarInfo(name)
    made.type = kind
    made.mode = 0o755 if kind == tarfile.DIRTYPE else 0o644
    for key, value in fields.items():
        setattr(made, key, value)
    return made


def layer(data: bytes) -> Layer:
    """A layer of that archive, compressed with gzip."""
    return Layer(gzip.compress(data, 1, mtime=0), digest_of(data))


def image(
    layout: Layout,
    layers: Sequence[Layer] = (),
    config: Mapping[str, Any] | None = None,
    annotations: Mapping[str, str] | None = None,
    *,
    tag: str | None = None,
    **whole: Any,  # noqa: ANN401 - JSON
) -> Manifest:
    """Store an image: `config` is the configuration's `config`, `whole` are other keys of it."""
    content = {
        "os": "linux",
        "architecture": "amd64",
        "config": dict(config or {}),
        "rootfs": {"type": "layers", "diff_ids": [one.diff_id for one in layers]},
        **whole,
    }
    return artifact(layout, CONFIGURATION, json.dumps(content).encode(), layers, annotations, tag)


def artifact(
    layout: Layout,
    media_type: str,
    configuration: bytes,
    layers: Sequence[Layer] = (),
    annotations: Mapping[str, str] | None = None,
    tag: str | None = None,
) -> Manifest:
    """Store a manifest with a configuration of that type."""
    manifest = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": _descriptor(layout.put_blob(configuration, media_type)),
        "layers": [_descriptor(layout.put_blob(one.blob, one.media_type)) for one in layers],
        "annotations": dict(annotations or {}),
    }
    stored = layout.put_manifest(json.dumps(manifest).encode(), OCI_MANIFEST, tag)
    read = layout.manifest(stored.digest)
    assert isinstance(read, Manifest)
    return read


def index(layout: Layout, manifests: Mapping[str, Manifest], tag: str) -> str:
    """Store an index of images by architecture, and return its digest."""
    entries = [
        _descriptor(one.descriptor) | {"platform": {"os": "linux", "architecture": architecture}}
        for architecture, one in manifests.items()
    ]
    content = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": entries}
    return layout.put_manifest(json.dumps(content).encode(), OCI_INDEX, tag).digest


def _descriptor(one: Descriptor) -> dict[str, Any]:
    return {"mediaType": one.media_type, "digest": one.digest, "size": one.size}
