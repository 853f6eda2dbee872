"""Images made on the spot: layers by the real tarfile and compressors, kept in an OCI image layout in a folder."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from compliance.errors import ContentError, ContentNotFound
from compliance.supply_chain.content import (
    OCI_MANIFEST,
    Descriptor,
    Index,
    Manifest,
    digest_of,
    parse_manifest,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import BinaryIO

CONFIGURATION = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"


@dataclass(frozen=True)
class Layer:
    """A layer's blob, the digest of its content before compression, and its media type."""

    blob: bytes
    diff_id: str
    media_type: str = LAYER


@dataclass
class Folder:
    """Content by digest in files, checked when it is read to the end, as `Repository` promises."""

    path: Path
    name: str = "registry.example.com/shop/web"
    source: str = "layout"
    named: dict[str, str] = field(default_factory=dict)
    media_types: dict[str, str] = field(default_factory=dict)

    def put(self, data: bytes, media_type: str, *, digest: str | None = None) -> Descriptor:
        """Store content; under another digest than its own where one is given."""
        said = digest or digest_of(data)
        (self.path / said.replace(":", "-")).write_bytes(data)
        self.media_types[said] = media_type
        return Descriptor(media_type, said, len(data))

    def resolve(self, reference: str | None) -> Descriptor:
        digest = self.named.get(reference or "latest", reference or "")
        if digest not in self.media_types:
            raise ContentNotFound(f"there is no {reference}")
        return Descriptor(self.media_types[digest], digest, 0)

    def manifest(self, digest: str) -> Manifest | Index:
        return parse_manifest((self.path / digest.replace(":", "-")).read_bytes(), self.media_types[digest])

    def blob(self, descriptor: Descriptor, *, max_size: int) -> bytes:
        with self.open_blob(descriptor, max_size=max_size) as stream:
            return stream.read()

    @contextmanager
    def open_blob(self, descriptor: Descriptor, *, max_size: int) -> Iterator[BinaryIO]:
        if descriptor.size > max_size:
            raise ContentError(f"the blob is larger than {max_size} bytes")
        file = self.path / descriptor.digest.replace(":", "-")
        if not file.exists():
            raise ContentNotFound("there is no such blob")
        with file.open("rb") as raw:
            yield io.BufferedReader(_Checked(raw, descriptor.digest))

    def referrers(self, digest: str) -> tuple[Descriptor, ...]:
        raise NotImplementedError

    def tags(self) -> Iterator[str]:
        raise NotImplementedError


class _Checked(io.RawIOBase):
    def __init__(self, raw: BinaryIO, digest: str) -> None:
        self._raw, self._digest, self._seen = raw, digest, hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:  # noqa: ANN401 - a buffer
        data = self._raw.read(len(into))
        self._seen.update(data)
        into[: len(data)] = data
        if not data and f"sha256:{self._seen.hexdigest()}" != self._digest:
            raise ContentError("the blob's digest differs")
        return len(data)


def tar(entries: Sequence[tarfile.TarInfo | tuple[str, str | bytes]], *, form: int = tarfile.PAX_FORMAT) -> bytes:
    """An archive; an entry is a header with `content` beside it, or a name and the content of a file."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=form) as archive:
        for entry in entries:
            if isinstance(entry, tuple):
                name, content = entry
                data = content.encode() if isinstance(content, str) else content
                header = tarfile.TarInfo(name)
            else:
                header, data = entry, getattr(entry, "content", b"")
            header.size = len(data) if header.isreg() else header.size
            archive.addfile(header, io.BytesIO(data))
    return packed.getvalue()


def entry(name: str, kind: bytes = tarfile.REGTYPE, **fields: Any) -> tarfile.TarInfo:  # noqa: ANN401 - fields of a header
    """A header with some fields set; `content` is a file's bytes."""
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
    folder: Folder,
    layers: Sequence[Layer] = (),
    config: Mapping[str, Any] | None = None,
    annotations: Mapping[str, str] | None = None,
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
    told = folder.put(json.dumps(content).encode(), CONFIGURATION)
    manifest = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": _descriptor(told),
        "layers": [_descriptor(folder.put(one.blob, one.media_type)) for one in layers],
        "annotations": dict(annotations or {}),
    }
    stored = folder.put(json.dumps(manifest).encode(), OCI_MANIFEST)
    read = folder.manifest(stored.digest)
    assert isinstance(read, Manifest)
    return read


def _descriptor(one: Descriptor) -> dict[str, Any]:
    return {"mediaType": one.media_type, "digest": one.digest, "size": one.size}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """An empty repository."""
    return Folder(tmp_path)


class _Made:
    """The functions above, for tests that cannot import a conftest."""

    Folder = Folder
    Layer = Layer
    tar = staticmethod(tar)
    entry = staticmethod(entry)
    layer = staticmethod(layer)
    image = staticmethod(image)


@pytest.fixture(scope="session")
def made() -> type[_Made]:
    """What makes layers and images."""
    return _Made
