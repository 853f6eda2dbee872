"""Images in a tar: of `docker save`, old and new, and of an OCI image layout; plain or compressed with gzip.

Docker's old format (https://github.com/moby/docker-image-spec, v1.2, "Combined Image JSON + Filesystem Changeset
Format") has `manifest.json`, a configuration and layers, and no manifest as registries have. One is made up then, so
that the image can be read like any other; `synthetic` says so, and its digest is nobody's but ours.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, cast

from compliance import image_reference
from compliance.errors import ContentError, ContentNotFound
from compliance.supply_chain import strict_json
from compliance.supply_chain.both_formats import check_agreement
from compliance.supply_chain.checked import CHUNK, CheckedStream, buffered, check, check_size
from compliance.supply_chain.content import (
    DOCKER_MANIFEST,
    MAX_MANIFEST,
    Descriptor,
    Manifest,
    digest_of,
    is_digest,
    parse_manifest,
)
from compliance.supply_chain.layout_reading import INDEX_FILE, LAYOUT_FILE, LayoutReader
from compliance.supply_chain.tar_files import GZIP_MAGIC, TarFiles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO, Self

    from compliance.supply_chain.content import Index

MAX_ARCHIVE: Final = 16 * 1024**3
_CONFIG: Final = "application/vnd.docker.container.image.v1+json"
_LAYER: Final = "application/vnd.docker.image.rootfs.diff.tar"
_MAX_CONFIG: Final = 4 * 1024 * 1024
DOCKER_FILE: Final = "manifest.json"
_KEYS: Final = frozenset({"Config", "RepoTags", "Layers"})
_MAX_IMAGES: Final = 64
_MAX_LAYERS: Final = 512


class LayoutArchive(LayoutReader):
    """An OCI image layout inside a tar."""

    source = "archive"
    synthetic: Final = False

    def __init__(self, files: TarFiles, name: str) -> None:
        super().__init__(files, name)
        self._tar = files
        if DOCKER_FILE in files:
            check_agreement(self, _images(files, name))

    def close(self) -> None:
        """Close the tar."""
        self._tar.close()


class DockerArchive:
    """A tar of `docker save` without a layout in it; all methods raise as `content.Repository`'s do."""

    source: Final = "archive"
    synthetic: Final = True

    def __init__(self, files: TarFiles, name: str) -> None:
        self._files = files
        self.name = name
        self._blobs: dict[str, str] = {}
        self._manifests: dict[str, Manifest] = {}
        self._tags: dict[str, str] = {}
        for image in _images(files, name):
            self._add(image)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the tar."""
        self._files.close()

    def resolve(self, reference: str | None) -> Descriptor:
        """Find what a tag (`app:1`, as `docker save` was given it) or digest names; None is the only image."""
        if reference is None:
            found = set(self._manifests)
        else:
            found = {self._tags.get(_normalised(reference), reference)} & set(self._manifests)
        if len(found) != 1:
            raise (ContentError if found else ContentNotFound)(
                f"{self.name} has {'more than one image' if found else f'no image {reference}'}",
                remedy=f"name one of: {', '.join(sorted(self._tags)[:20]) or 'none has a name'}",
            )
        return self._manifests[found.pop()].descriptor

    def manifest(self, digest: str) -> Manifest | Index:
        """The made-up manifest of an image."""
        if digest not in self._manifests:
            raise ContentNotFound(f"{self.name} has no image {digest[:140]}")
        return self._manifests[digest]

    def blob(self, descriptor: Descriptor, *, max_size: int) -> bytes:
        """Read a small blob whole."""
        with self.open_blob(descriptor, max_size=max_size) as stream:
            return stream.read()

    @contextmanager
    def open_blob(self, descriptor: Descriptor, *, max_size: int) -> Iterator[BinaryIO]:
        """Read a blob as a stream; the read that reaches its end raises ContentError where the digest differs."""
        what = f"the blob {descriptor.digest} of {self.name}"
        check_size(descriptor, max_size, what)
        if descriptor.digest not in self._blobs:
            raise ContentNotFound(f"{what} is not there")
        with (
            self._files.open(self._blobs[descriptor.digest]) as file,
            buffered(CheckedStream(file.read, descriptor, what)) as stream,
        ):
            yield stream

    def referrers(self, digest: str) -> tuple[Descriptor, ...]:  # noqa: ARG002 - the protocol's
        """Nothing: this format has no place for them."""
        return ()

    def tags(self) -> Iterator[str]:
        """List the names that the images were saved by."""
        yield from self._tags

    def _add(self, image: dict[str, Any]) -> None:
        config_name, names = image.get("Config"), image.get("Layers") or []
        if not isinstance(config_name, str) or not _are_texts(names) or len(names) > _MAX_LAYERS:
            raise ContentError(f"{self.name}: manifest.json names no configuration and layers")
        raw = _read(self._files, self.name, config_name, _MAX_CONFIG)
        config = Descriptor(_CONFIG, digest_of(raw), len(raw))
        self._check_name(config_name, raw)
        self._blobs[config.digest] = config_name
        layers = self._layers(names, _diff_ids(raw, self.name))
        manifest = parse_manifest(_manifest(config, layers), DOCKER_MANIFEST)
        self._manifests[manifest.descriptor.digest] = cast("Manifest", manifest)
        tags = image.get("RepoTags") or []
        self._tags |= {_normalised(tag): manifest.descriptor.digest for tag in tags if isinstance(tag, str)}

    def _check_name(self, name: str, raw: bytes) -> None:
        """Docker names the configuration by its digest: that is the image's id, and must hold."""
        stem = name.rpartition("/")[2].removesuffix(".json").removeprefix("sha256:")
        if is_digest(f"sha256:{stem}"):
            check(raw, f"sha256:{stem}", f"the configuration in {self.name}")

    def _layers(self, names: list[str], diff_ids: list[str]) -> list[Descriptor]:
        if len(names) != len(diff_ids):
            raise ContentError(f"{self.name} has {len(names)} layers, and {len(diff_ids)} by its configuration")
        return [self._layer(name, diff_id) for name, diff_id in zip(names, diff_ids, strict=True)]

    def _layer(self, name: str, diff_id: str) -> Descriptor:
        """An uncompressed layer's digest is in the configuration, and checked when it is read; else it is computed."""
        size = self._files.size(name)
        with self._files.open(name) as file:
            if file.read(len(GZIP_MAGIC)) != GZIP_MAGIC:
                descriptor = Descriptor(_LAYER, diff_id, size)
            else:
                hashed = hashlib.sha256(GZIP_MAGIC)
                while chunk := file.read(CHUNK):
                    hashed.update(chunk)
                descriptor = Descriptor(f"{_LAYER}.gzip", f"sha256:{hashed.hexdigest()}", size)
        self._blobs[descriptor.digest] = name
        return descriptor


def open_archive(path: Path, *, max_size: int = MAX_ARCHIVE) -> LayoutArchive | DockerArchive:
    """Open a tar of images; `max_size` in bytes bounds what it may hold uncompressed.

    A new `docker save` has both formats in it; the layout is taken, which has manifests.

    Raises:
        ContentError: it is neither format, or is refused; ContentNotFound, ContentUnavailable: it cannot be read.
    """
    files = TarFiles(path, max_size=max_size)
    try:
        return _image_in(files, str(path))
    except BaseException:
        files.close()
        raise


def _image_in(files: TarFiles, name: str) -> LayoutArchive | DockerArchive:
    if LAYOUT_FILE in files and INDEX_FILE in files:
        return LayoutArchive(files, name)
    if DOCKER_FILE in files:
        return DockerArchive(files, name)
    raise ContentError(
        f"{name} has neither index.json nor manifest.json, so it is no image",
        remedy="make it with `docker save`, or `skopeo copy ... oci-archive:FILE`",
    )


def _images(files: TarFiles, name: str) -> list[dict[str, Any]]:
    what = f"{name}: {DOCKER_FILE}"
    images = strict_json.loads(_read(files, name, DOCKER_FILE, MAX_MANIFEST), what)
    if not isinstance(images, list) or not all(isinstance(image, dict) for image in images):
        raise ContentError(f"{what} is no list of images")
    if len(images) > _MAX_IMAGES:
        raise ContentError(f"{name} has more than {_MAX_IMAGES} images")
    for image in images:
        strict_json.as_spelled(image, _KEYS, what)
    return images


def _read(files: TarFiles, archive: str, name: str, limit: int) -> bytes:
    if files.size(name) > limit:
        raise ContentError(f"{name[:140]!r} in {archive} is larger than {limit} bytes")
    with files.open(name) as file:
        return file.read()


def _diff_ids(raw: bytes, name: str) -> list[str]:
    config = strict_json.loads(raw, f"the configuration in {name}")
    rootfs = config.get("rootfs") if isinstance(config, dict) else None
    diff_ids = rootfs.get("diff_ids") if isinstance(rootfs, dict) else None
    if not isinstance(diff_ids, list) or not all(is_digest(one) for one in diff_ids):
        raise ContentError(f"the configuration in {name} does not name its layers (rootfs.diff_ids)")
    return diff_ids


def _manifest(config: Descriptor, layers: list[Descriptor]) -> bytes:
    def entry(one: Descriptor) -> dict[str, Any]:
        return {"mediaType": one.media_type, "size": one.size, "digest": one.digest}

    made = {"schemaVersion": 2, "mediaType": DOCKER_MANIFEST, "config": entry(config)}
    return json.dumps(made | {"layers": [entry(one) for one in layers]}, separators=(",", ":")).encode()


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _normalised(tag: str) -> str:
    try:
        return image_reference.parse(tag).normalised
    except ValueError:
        return tag
