"""Writes images as OCI layouts without any engine: the same description gives the same digests.

Formats: the OCI image specification 1.1 (image-layout.md, manifest.md, config.md, layer.md). `Healthcheck` is Docker's
addition to the configuration, which builders write into OCI images too.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

import zstandard

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MANIFEST: Final = "application/vnd.oci.image.manifest.v1+json"
_INDEX: Final = "application/vnd.oci.image.index.v1+json"
_CONFIG: Final = "application/vnd.oci.image.config.v1+json"
_LAYER: Final = "application/vnd.oci.image.layer.v1.tar"
_GZIP_FORMAT: Final = 31
_TAG: Final = "org.opencontainers.image.ref.name"


@dataclass(frozen=True, slots=True)
class File:
    """A file of a layer; `path` without a leading slash. Mode 0o4755 is setuid, the name `.wh.NAME` removes NAME."""

    path: str
    content: bytes | str = b""
    mode: int = 0o644
    uid: int = 0
    gid: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """A symbolic or hard link of a layer."""

    path: str
    target: str
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Image:
    """One image. `layers` from the bottom up; `config` holds `User`, `Env`, `Labels`, `Healthcheck` and the like.

    `compression` is `gzip`, `zstd` or empty.
    """

    layers: Sequence[Sequence[File | Link]]
    config: Mapping[str, object] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    created: str = "2026-01-01T00:00:00Z"
    platform: str = "linux/amd64"
    compression: str = "gzip"


def build_oci_layout(folder: Path, image: Image | Sequence[Image], tag: str = "latest") -> str:
    """Write an image, or an index of images for several platforms, into a layout; its digest (`sha256:HEX`).

    A layout that is there already gains the image under its tag.
    """
    if isinstance(image, Image):
        descriptor = _image(folder, image)
    else:
        manifests = [{**_image(folder, one), "platform": _platform(one)} for one in image]
        index = {"schemaVersion": 2, "mediaType": _INDEX, "manifests": manifests}
        descriptor = _blob(folder, _json(index), _INDEX)
    _enter(folder, {**descriptor, "annotations": {_TAG: tag}})
    return str(descriptor["digest"])


def layer_tar(entries: Sequence[File | Link]) -> bytes:
    """Make the tar archive of a layer: entries in the order given, no time, folders left out."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for entry in entries:
            archive.addfile(*_member(entry))
    return target.getvalue()


def _member(entry: File | Link) -> tuple[tarfile.TarInfo, io.BytesIO | None]:
    member = tarfile.TarInfo(entry.path)
    if isinstance(entry, Link):
        member.type = tarfile.LNKTYPE if entry.hard else tarfile.SYMTYPE
        member.linkname = entry.target
        member.mode = 0o777
        return member, None
    content = entry.content.encode() if isinstance(entry.content, str) else entry.content
    member.size, member.mode, member.uid, member.gid = len(content), entry.mode, entry.uid, entry.gid
    return member, io.BytesIO(content)


def _image(folder: Path, image: Image) -> dict[str, object]:
    tars = [layer_tar(layer) for layer in image.layers]
    suffix = f"+{image.compression}" if image.compression else ""
    layers = [_blob(folder, _compressed(tar, image.compression), _LAYER + suffix) for tar in tars]
    config = {
        "created": image.created,
        **_platform(image),
        "config": image.config,
        "rootfs": {"type": "layers", "diff_ids": [_digest(tar) for tar in tars]},
        "history": [{"created": image.created, "created_by": f"layer {n}"} for n, _ in enumerate(tars, 1)],
    }
    manifest = {
        "schemaVersion": 2,
        "mediaType": _MANIFEST,
        "config": _blob(folder, _json(config), _CONFIG),
        "layers": layers,
        **({"annotations": image.annotations} if image.annotations else {}),
    }
    return _blob(folder, _json(manifest), _MANIFEST)


def _platform(image: Image) -> dict[str, str]:
    return dict(zip(("os", "architecture", "variant"), image.platform.split("/"), strict=False))


def _compressed(tar: bytes, compression: str) -> bytes:
    if compression == "gzip":
        writer = zlib.compressobj(wbits=_GZIP_FORMAT)
        return writer.compress(tar) + writer.flush()
    return zstandard.ZstdCompressor().compress(tar) if compression == "zstd" else tar


def _enter(folder: Path, descriptor: Mapping[str, object]) -> None:
    """Put an image into index.json, in the place of another of the same tag."""
    (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    file = folder / "index.json"
    known = json.loads(file.read_bytes())["manifests"] if file.exists() else []
    others = [other for other in known if other.get("annotations") != descriptor["annotations"]]
    file.write_bytes(_json({"schemaVersion": 2, "mediaType": _INDEX, "manifests": [*others, descriptor]}))


def _blob(folder: Path, content: bytes, media_type: str) -> dict[str, object]:
    digest = _digest(content)
    file = folder / PurePosixPath("blobs", *digest.split(":"))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return {"mediaType": media_type, "digest": digest, "size": len(content)}


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _json(content: object) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
