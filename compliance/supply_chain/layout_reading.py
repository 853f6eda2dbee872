"""Reading an image layout, wherever its files are: in a folder, or inside a tar (image-layout.md)."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from compliance.errors import ContentError, ContentNotFound
from compliance.supply_chain import strict_json
from compliance.supply_chain.checked import CheckedStream, buffered, check, check_size
from compliance.supply_chain.content import (
    INDEXES,
    MANIFESTS,
    MAX_MANIFEST,
    Descriptor,
    Index,
    Manifest,
    fallback_tag,
    is_digest,
    parse_manifest,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager
    from typing import BinaryIO, Self

LAYOUT_FILE: Final = "oci-layout"
INDEX_FILE: Final = "index.json"
REF_NAME: Final = "org.opencontainers.image.ref.name"
_CONTAINERD_NAME: Final = "io.containerd.image.name"
_MAX_WALK: Final = 4096
_MAX_LAYOUT_FILE: Final = 4096
_VERSIONS: Final = frozenset({"1.0.0"})


class Files(Protocol):
    """Files by their names inside a layout (`blobs/sha256/HEX`)."""

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        """Open a file.

        Raises:
            ContentNotFound: it is not there; ContentError: it is no regular file.
        """


class LayoutReader:
    """An image layout that is read; all methods raise as `content.Repository`'s do. Safe in any thread."""

    source = "layout"

    def __init__(self, files: Files, name: str) -> None:
        self._files = files
        self.name = name
        version = self._json(LAYOUT_FILE, _MAX_LAYOUT_FILE).get("imageLayoutVersion")
        if version not in _VERSIONS:
            raise ContentError(f"{name} is an image layout of version {str(version)[:40]!r}, which is not known")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of what is open: nothing, between calls."""

    def index_value(self) -> dict[str, Any]:
        """`index.json` as it stands."""
        return self._json(INDEX_FILE, MAX_MANIFEST)

    def _json(self, name: str, limit: int) -> dict[str, Any]:
        value = strict_json.loads(self._read(name, limit), f"{self.name}/{name}")
        if not isinstance(value, dict):
            raise ContentError(f"{self.name}/{name} is no JSON object")
        return value

    def _read(self, name: str, limit: int) -> bytes:
        with self._files.open(name) as file:
            data = file.read(limit + 1)
        if len(data) > limit:
            raise ContentError(f"{self.name}/{name} is larger than {limit} bytes")
        return data

    def _entries(self) -> tuple[Descriptor, ...]:
        index = parse_manifest(self._read(INDEX_FILE, MAX_MANIFEST))
        if not isinstance(index, Index):
            raise ContentError(f"{self.name}/{INDEX_FILE} is no index")
        return index.manifests

    def resolve(self, reference: str | None) -> Descriptor:
        """Find what a tag or digest names; None is the only image that is no referrer of another."""
        if reference is not None and is_digest(reference):
            return self.manifest(reference).descriptor
        entries = self._entries()
        found = self._only_images(entries) if reference is None else _named(entries, reference)
        digests = {one.digest for one in found}
        if len(digests) != 1:
            named = ", ".join(sorted({name for one in entries for name in _names(one)})[:20]) or "none"
            wanted = "only image" if reference is None else f"image named {reference[:140]!r}"
            error = ContentError if digests else ContentNotFound
            raise error(
                f"{self.name} has {'more than one' if digests else 'no'} {wanted}",
                remedy=f"name one by tag or digest; tags there: {named}",
            )
        # The blob itself, and not the entry, says what it is.
        return self.manifest(found[0].digest).descriptor

    def _only_images(self, entries: tuple[Descriptor, ...]) -> list[Descriptor]:
        kinds = [one for one in entries if one.media_type in MANIFESTS | INDEXES]
        if len({one.digest for one in kinds}) == 1:
            return kinds
        return [one for one in kinds if not self._refers(one)]

    def _refers(self, entry: Descriptor) -> bool:
        """Whether an entry speaks of another: by its subject, or by a tag made of a digest (`sha256-HEX.sig`)."""
        if any(name.startswith("sha256-") for name in _names(entry)):
            return True
        return self.manifest(entry.digest).subject is not None

    def manifest(self, digest: str) -> Manifest | Index:
        """Read a manifest or index, held against its digest."""
        raw = self._read(blob_name(digest), MAX_MANIFEST)
        check(raw, digest, f"{self.name}@{digest}")
        found = parse_manifest(raw)
        if found.descriptor.digest == digest:
            return found
        return replace(found, descriptor=replace(found.descriptor, digest=digest))

    def blob(self, descriptor: Descriptor, *, max_size: int) -> bytes:
        """Read a small blob whole."""
        with self.open_blob(descriptor, max_size=max_size) as stream:
            return stream.read()

    @contextmanager
    def open_blob(self, descriptor: Descriptor, *, max_size: int) -> Iterator[BinaryIO]:
        """Read a blob as a stream; the read that reaches its end raises ContentError where the digest differs."""
        what = f"the blob {descriptor.digest} of {self.name}"
        check_size(descriptor, max_size, what)
        with (
            self._files.open(blob_name(descriptor.digest)) as file,
            buffered(CheckedStream(file.read, descriptor, what)) as stream,
        ):
            yield stream

    def referrers(self, digest: str) -> tuple[Descriptor, ...]:
        """List what refers to a manifest: what is listed and has it as its subject, and what its tag lists."""
        blob_name(digest)
        found: dict[str, Descriptor] = {}
        for one in self._tagged(digest):
            found.setdefault(one.digest, one)
        for manifest in self.manifests():
            if manifest.subject is not None and manifest.subject.digest == digest:
                found[manifest.descriptor.digest] = _as_listed(manifest)
        return tuple(found.values())

    def _tagged(self, digest: str) -> tuple[Descriptor, ...]:
        named = _named(self._entries(), fallback_tag(digest))
        index = self.manifest(named[0].digest) if named and named[0].digest != digest else None
        return index.manifests if isinstance(index, Index) else ()

    def manifests(self) -> Iterator[Manifest | Index]:
        """Yield every manifest and index that `index.json` lists, and those that they list."""
        seen: set[str] = set()
        waiting = [*self._entries()]
        while waiting:
            entry = waiting.pop()
            if entry.digest in seen or entry.media_type not in MANIFESTS | INDEXES:
                continue
            seen.add(entry.digest)
            if len(seen) > _MAX_WALK:
                raise ContentError(f"{self.name} has more than {_MAX_WALK} manifests")
            try:
                manifest = self.manifest(entry.digest)
            except ContentNotFound:
                # A layout may hold one platform of an index that lists more.
                continue
            yield manifest
            waiting += manifest.manifests if isinstance(manifest, Index) else ()

    def tags(self) -> Iterator[str]:
        """List the tags."""
        yield from dict.fromkeys(one.annotations[REF_NAME] for one in self._entries() if one.annotations.get(REF_NAME))


def blob_name(digest: str) -> str:
    """The name of a blob's file in a layout.

    Raises:
        ContentError: it is no digest that can be checked, and no name is made of it.
    """
    if not is_digest(digest):
        raise ContentError(f"{digest[:140]!r} is no digest that can be checked")
    algorithm, _, value = digest.partition(":")
    return f"blobs/{algorithm}/{value}"


def _named(entries: tuple[Descriptor, ...], name: str) -> list[Descriptor]:
    return [one for one in entries if name in _names(one)]


def _names(entry: Descriptor) -> tuple[str, ...]:
    """What an entry is called: by the specification's annotation, and by the whole reference that Docker writes."""
    given: Mapping[str, str] = entry.annotations
    return tuple(given[key] for key in (REF_NAME, _CONTAINERD_NAME) if given.get(key))


def _as_listed(manifest: Manifest | Index) -> Descriptor:
    """The entry that the referrers API would have for a manifest."""
    own = manifest.descriptor
    kind = manifest.artifact_type if isinstance(manifest, Manifest) else own.artifact_type
    return Descriptor(own.media_type, own.digest, own.size, manifest.annotations, kind)
