"""OCI image layouts: a folder with `oci-layout`, `index.json` and `blobs/` (image specification 1.1, image-layout.md).

What is inside may come from anywhere: names are made from digests only, and links are not followed, so that reading
stays in the folder.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import stat
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from compliance.errors import ContentError, ContentNotFound, ContentUnavailable
from compliance.supply_chain.content import Descriptor, Manifest, digest_of, parse_manifest
from compliance.supply_chain.layout_reading import INDEX_FILE, LAYOUT_FILE, REF_NAME, LayoutReader, blob_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from compliance.supply_chain.content import Repository

_EMPTY_INDEX: Final = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": []}
_LAYOUT: Final = {"imageLayoutVersion": "1.0.0"}
_NO_FOLLOW: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class FolderFiles:
    """The files of a folder by their relative names; links in it are refused at every step of the way."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """Open a regular file.

        Raises:
            ContentNotFound: it is not there; ContentError: it is a link, or no regular file.
        """
        with self._opened(name) as descriptor:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise ContentError(f"{self._folder}/{name} is no regular file")
            with os.fdopen(os.dup(descriptor), "rb") as stream:
                yield stream

    @contextmanager
    def _opened(self, name: str) -> Iterator[int]:
        at = -1
        try:
            at = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            for part in name.split("/"):
                step = os.open(part, _NO_FOLLOW, dir_fd=at)
                os.close(at)
                at = step
            yield at
        except (FileNotFoundError, NotADirectoryError) as error:
            raise ContentNotFound(f"{self._folder}/{name} is not there: {error.strerror}") from None
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise ContentError(f"{self._folder}/{name} is or goes by a link: refused") from None
            raise ContentUnavailable(f"{self._folder}/{name} cannot be read: {error.strerror}") from None
        finally:
            if at >= 0:
                os.close(at)


class Layout(LayoutReader):
    """An image layout in a folder, read and written."""

    def __init__(self, folder: Path) -> None:
        """Open a layout.

        Raises:
            ContentNotFound: there is none; ContentError: it is of a version that we do not know.
        """
        super().__init__(FolderFiles(folder), str(folder))
        self._folder = folder

    @classmethod
    def create(cls, folder: Path) -> Layout:
        """Make an empty layout in a folder, which is made if need be; one that is there is opened.

        Raises:
            ContentUnavailable: the folder cannot be written.
        """
        with _writing(folder):
            (folder / "blobs").mkdir(parents=True, exist_ok=True)
            if not (folder / INDEX_FILE).exists():
                _write(folder, INDEX_FILE, _json(_EMPTY_INDEX))
            if not (folder / LAYOUT_FILE).exists():
                _write(folder, LAYOUT_FILE, _json(_LAYOUT))
        return cls(folder)

    def put_blob(self, data: bytes, media_type: str) -> Descriptor:
        """Store a blob unless it is there."""
        descriptor = Descriptor(media_type, digest_of(data), len(data))
        self._put(descriptor, data)
        return descriptor

    def put_stream(self, descriptor: Descriptor, stream: BinaryIO) -> None:
        """Store a blob from a stream that checks itself against its descriptor (`open_blob`)."""
        with _writing(self._folder), _replacing(self._folder, blob_name(descriptor.digest)) as file:
            while chunk := stream.read(1024 * 1024):
                file.write(chunk)

    def put_manifest(self, raw: bytes, media_type: str, tag: str | None = None) -> Descriptor:
        """Store a manifest or index under its digest, and under a tag where one is given."""
        manifest = parse_manifest(raw, media_type)
        kind = manifest.artifact_type if isinstance(manifest, Manifest) else manifest.descriptor.artifact_type
        descriptor = Descriptor(media_type, digest_of(raw), len(raw), manifest.annotations, kind)
        self._put(descriptor, raw)
        self._update(lambda entries: _with(entries, descriptor, tag))
        return descriptor

    def attach(self, raw: bytes, media_type: str) -> Descriptor:
        """Store a manifest that has a `subject`; in a layout, `index.json` is the list of referrers."""
        if parse_manifest(raw, media_type).subject is None:
            raise ContentError("what is attached must have a subject")
        return self.put_manifest(raw, media_type)

    def delete(self, digest: str) -> None:
        """Delete a manifest, and all its entries in `index.json`."""
        name = blob_name(digest)
        with self._files.open(name):
            self._update(lambda entries: [entry for entry in entries if entry.get("digest") != digest])
        with _writing(self._folder):
            (self._folder / name).unlink(missing_ok=True)

    def _put(self, descriptor: Descriptor, data: bytes) -> None:
        with _writing(self._folder):
            _write(self._folder, blob_name(descriptor.digest), data)

    def _update(self, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> None:
        """Change the entries of `index.json`, one writer at a time."""
        with _writing(self._folder), _locked(self._folder):
            index = self.index_value()
            _write(self._folder, INDEX_FILE, _json(index | {"manifests": change(index.get("manifests") or [])}))


def write_layout(repository: Repository, digest: str, folder: Path, *, max_size: int) -> Layout:
    """Copy one image (its manifest, configuration and layers) into a fresh layout; `max_size` in bytes, for it all.

    Layers are streamed. Given an index, pick the manifest of a platform first (`opening.choose_platform`).

    Raises:
        ContentError: it is an index, is larger than allowed, or anything is not what its digest names.
        ContentUnavailable: the folder cannot be written; or as the repository raises.
    """
    manifest = repository.manifest(digest)
    if not isinstance(manifest, Manifest):
        raise ContentError(f"{repository.name}@{digest} is an index of several images", remedy="choose a platform")
    blobs = {one.digest: one for one in (manifest.config, *manifest.layers)}
    total = len(manifest.raw) + sum(one.size for one in blobs.values())
    if total > max_size:
        raise ContentError(f"{repository.name}@{digest} has {total} bytes, and {max_size} are allowed")
    if folder.exists() and any(folder.iterdir()):
        raise ContentError(f"{folder} is not empty: a layout for one image must be")
    layout = Layout.create(folder)
    for blob in blobs.values():
        with repository.open_blob(blob, max_size=max_size) as stream:
            layout.put_stream(blob, stream)
    layout.put_manifest(manifest.raw, manifest.descriptor.media_type, "image")
    return layout


def _with(entries: list[dict[str, Any]], descriptor: Descriptor, tag: str | None) -> list[dict[str, Any]]:
    """The entries with one more; a tag names one thing only, and an untagged entry is there once."""
    if tag is None and any(entry.get("digest") == descriptor.digest for entry in entries):
        return entries
    kept = [entry for entry in entries if tag is None or (entry.get("annotations") or {}).get(REF_NAME) != tag]
    made: dict[str, Any] = {
        "mediaType": descriptor.media_type,
        "digest": descriptor.digest,
        "size": descriptor.size,
        "artifactType": descriptor.artifact_type,
        "annotations": {REF_NAME: tag} if tag else None,
    }
    return [*kept, {key: value for key, value in made.items() if value}]


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _write(folder: Path, name: str, data: bytes) -> None:
    with _replacing(folder, name) as file:
        file.write(data)


@contextmanager
def _replacing(folder: Path, name: str) -> Iterator[BinaryIO]:
    """Write a file beside its place, and put it there when it is whole."""
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.parent.resolve().is_relative_to(folder.resolve()):
        raise ContentError(f"{target.parent} leads out of the layout: refused")
    descriptor, temporary = tempfile.mkstemp(prefix=".writing-", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which needs no file of its own."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ContentUnavailable(f"{folder} cannot be written: {error.strerror}") from None
