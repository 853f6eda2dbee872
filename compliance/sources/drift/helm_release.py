"""A release as Helm records it: what it has deployed, and what its hooks make.

Format: helm's pkg/storage/driver/util.go and pkg/release/v1/release.go. The text is base64 of JSON, compressed with
gzip since Helm 2.5; a Secret has that in base64 once more. A record also holds the values that a chart was given, which
may be secrets: nothing but the manifest and the names of hooks is taken out of it, and no message quotes it.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance.errors import ReadError
from compliance.sources.drift.pairing import Declared, Identity, identity
from compliance.sources.kubernetes import yaml as kubernetes_yaml
from compliance.sources.kubernetes.fields import integer, mapping, mappings, sequence, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MAX_RECORD: Final = 8 * 1024 * 1024
"""Characters of a record: more than an etcd takes by default."""
MAX_PLAIN: Final = 32 * 1024 * 1024
"""Bytes of a record before compression; the files of the chart are among them."""
MAX_PARTS: Final = 1_000_000
"""Commas and opening brackets of a record: bytes alone do not bound what is made of them."""

_MOST_HOOKS: Final = 1_000
_GZIP: Final = b"\x1f\x8b\x08"
_WITH_GZIP_HEADER: Final = 31
_SOURCE: Final = re.compile(r"# Source: ([^/\s]+)/(\S.*?)\s*")
_REMEDY: Final = "look at `helm history` of the release, and deploy it again"
_RELEASE_NAMESPACE: Final = "meta.helm.sh/release-namespace"


@dataclass(frozen=True, slots=True)
class HelmRelease:
    """One revision of a release; `hooks` are the objects that its hooks make, in its namespace if they name none."""

    namespace: str
    name: str
    revision: int
    status: str
    manifest: str = field(repr=False)
    hooks: tuple[Identity, ...] = ()

    def __str__(self) -> str:
        return f"helm release {self.namespace}/{self.name} revision {self.revision}"


def decode(record: str) -> HelmRelease:
    """Read a record, as a ConfigMap holds it.

    Raises:
        ReadError: it is none, is damaged, or larger than `MAX_RECORD`, `MAX_PLAIN` or `MAX_PARTS`.
    """
    said = _parsed(_plain(record))
    namespace, name, revision = text(said.get("namespace")), text(said.get("name")), integer(said.get("version"))
    if not namespace or not name or revision is None:
        raise ReadError("it names no release, namespace and revision", remedy=_REMEDY)
    return HelmRelease(
        namespace,
        name,
        revision,
        text(mapping(said, "info").get("status")) or "unknown",
        text(said.get("manifest")) or "",
        tuple(dict.fromkeys(_hooks(said, namespace))),
    )


def _plain(record: str) -> bytes:
    if len(record) > MAX_RECORD:
        raise ReadError(f"it is larger than {MAX_RECORD // 2**20} MiB", remedy=_REMEDY)
    try:
        data = base64.b64decode("".join(record.split()), validate=True)
    except (binascii.Error, ValueError):
        raise ReadError("it is no base64", remedy=_REMEDY) from None
    return _decompressed(data) if data.startswith(_GZIP) else data


def _decompressed(data: bytes) -> bytes:
    member = zlib.decompressobj(_WITH_GZIP_HEADER)
    try:
        plain = member.decompress(data, MAX_PLAIN + 1)
    except zlib.error:
        raise ReadError("its gzip stream is damaged", remedy=_REMEDY) from None
    if len(plain) > MAX_PLAIN:
        raise ReadError(f"it is larger than {MAX_PLAIN // 2**20} MiB before compression", remedy=_REMEDY)
    if not member.eof:
        raise ReadError("its gzip stream is cut off", remedy=_REMEDY)
    return plain


def _parsed(plain: bytes) -> Mapping[str, Any]:
    if sum(plain.count(mark) for mark in (b",", b"[", b"{")) > MAX_PARTS:
        raise ReadError(f"it has more than {MAX_PARTS} parts", remedy=_REMEDY)
    try:
        said = orjson.loads(plain)
    except orjson.JSONDecodeError:
        raise ReadError("it is no JSON, or nested too deep", remedy=_REMEDY) from None
    if not isinstance(said, dict):
        raise ReadError("it is no JSON object", remedy=_REMEDY)
    return said


def _hooks(said: Mapping[str, Any], namespace: str) -> Iterator[Identity]:
    for number, hook in enumerate(mappings(said.get("hooks"))):
        if number == _MOST_HOOKS:
            raise ReadError(f"it has more than {_MOST_HOOKS} hooks", remedy=_REMEDY)
        for document in kubernetes_yaml.load((text(hook.get("manifest")) or "").encode()):
            if isinstance(document, ReadError):
                raise ReadError("the manifest of a hook cannot be read", remedy=_REMEDY)
            yield identity(mapping(document.value), namespace)


def declared(release: HelmRelease) -> Iterator[Declared | ReadError]:
    """The objects of a release, each in the namespace of the release where it names none; what cannot be read, too."""
    lines = release.manifest.splitlines()
    for document in kubernetes_yaml.load(release.manifest.encode()):
        if isinstance(document, ReadError):
            line = f" (line {document.span.line})" if document.span is not None else ""
            yield ReadError(f"its manifest cannot be read{line}: {document.message}", remedy=_REMEDY)
            continue
        place = _place(release, lines, document.first_line)
        for value in _objects(document.value):
            if text(value.get("apiVersion")) and text(value.get("kind")) and isinstance(value.get("metadata"), dict):
                yield Declared(_completed(value, release), place, str(release.revision))
            else:
                yield ReadError(f"something in its manifest is no object ({place})", remedy=_REMEDY)


def _objects(value: object) -> Iterator[dict[str, Any]]:
    """The document, or the items of a List."""
    items = mapping(value).get("items")
    listed = str(mapping(value).get("kind")).endswith("List") and isinstance(items, list)
    return (mapping(item) for item in (sequence(items) if listed else (value,)))


def _place(release: HelmRelease, lines: Sequence[str], first: int) -> str:
    """The release, and the template that Helm names in a comment above what it rendered."""
    for line in (lines[number] for number in range(min(first - 1, len(lines)) - 1, -1, -1)):
        if (found := _SOURCE.fullmatch(line)) is not None:
            return f"{release}, {found[2]}"
        if line.strip() and not line.startswith("#"):
            break
    return str(release)


def _completed(value: Mapping[str, Any], release: HelmRelease) -> dict[str, Any]:
    metadata = {"namespace": release.namespace, **mapping(value, "metadata")}
    metadata["namespace"] = text(metadata["namespace"]) or release.namespace
    return {**value, "metadata": metadata}


def release_namespace(live: Mapping[str, Any]) -> str | None:
    """The namespace of the release that a live object says it belongs to."""
    return text(mapping(live, "metadata", "annotations").get(_RELEASE_NAMESPACE))
