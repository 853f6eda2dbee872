"""Kubernetes manifests: from a YAML or JSON stream to objects, and from an object to its facts.

Reading and telling are two steps, because what stands beside an object (which policies select it) is known only when
everything has been read. In between an object is kept as compact JSON, so that memory follows the size of the files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson

from compliance.errors import ReadError
from compliance.model import Facts, Gap, Origin, PassedOver, Span, Stage, Subject
from compliance.sources.kubernetes import yaml as kubernetes_yaml
from compliance.sources.kubernetes.entries import Entry, Place, entry_of
from compliance.sources.kubernetes.facts import body, container_paths, facts_schema
from compliance.sources.kubernetes.fields import mapping, text
from compliance.sources.kubernetes.hidden_lines import hidden_lines
from compliance.sources.kubernetes.paths import at_of, path_of
from compliance.sources.kubernetes.recognition import recognise
from compliance.sources.kubernetes.schema import SchemaError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from compliance.sources.kubernetes.inventory import Inventory
    from compliance.sources.kubernetes.paths import Path
    from compliance.sources.kubernetes.schema import KubernetesSchemas

_LOOKS_LIKE_AN_OBJECT = re.compile(rb"""(?:^|[{,])\s*["']?(?:apiVersion|kind)["']?\s*:""", re.MULTILINE)
_HOOKS = ("helm.sh/hook", "argocd.argoproj.io/hook")
_HELM_SOURCE = re.compile(r"# Source: (\S.*?)\s*")


@dataclass(frozen=True, slots=True)
class Stream:
    """A text with manifests: its bytes, its name for people, and the chart or overlay that rendered it."""

    data: bytes = field(repr=False)
    name: str
    rendered_by: str | None = None
    explicit: bool = False

    @property
    def place(self) -> Place:
        """Where its objects were read."""
        return Place(self.name, self.name if self.rendered_by else self.name.rpartition("/")[0])


@dataclass(frozen=True, slots=True)
class Manifest:
    """One object: its JSON, the places of its document, and its path there (an item of a List has one)."""

    value: bytes = field(repr=False)
    stream: Stream
    places: kubernetes_yaml.Places = field(repr=False)
    path: Path
    schema_errors: tuple[SchemaError, ...]


@dataclass(slots=True)
class ManifestReading:
    """What a stream held."""

    manifests: list[Manifest] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)
    identities: set[tuple[str, str, str | None, str]] = field(default_factory=set, repr=False)


def read(stream: Stream, schemas: KubernetesSchemas) -> ManifestReading:
    """Read every document of a stream; a broken one becomes a gap and hides none of the others."""
    reading = ManifestReading()
    others: dict[str, None] = {}
    for document in kubernetes_yaml.load(stream.data):
        if isinstance(document, ReadError):
            _broken(document, stream, reading)
            continue
        for path, value in _objects(document.value, ()):
            _object(value, path, document, stream, schemas, reading, others)
    if not (reading.manifests or reading.gaps or reading.passed_over):
        reading.passed_over.append(PassedOver(stream.name, next(iter(others), "an empty file")))
    return reading


def _broken(error: ReadError, stream: Stream, reading: ManifestReading) -> None:
    if stream.explicit or _LOOKS_LIKE_AN_OBJECT.search(stream.data):
        origin = Origin(stream.name, error.span, stream.rendered_by)
        reading.gaps.append(Gap(Stage.COLLECT, stream.name, error.message, error.remedy, origin=origin))
    else:
        why = "cannot be read as YAML, and nothing in it looks like a Kubernetes object"
        reading.passed_over.append(PassedOver(stream.name, why))


def _objects(value: object, path: Path) -> Iterator[tuple[Path, object]]:
    """The document itself, or the items of a List."""
    if isinstance(value, dict) and str(value.get("kind")).endswith("List") and isinstance(value.get("items"), list):
        for index, item in enumerate(value["items"]):
            yield (*path, "items", index), item
    else:
        yield path, value


def _object(
    value: object,
    path: Path,
    document: kubernetes_yaml.Document,
    stream: Stream,
    schemas: KubernetesSchemas,
    reading: ManifestReading,
    others: dict[str, None],
) -> None:
    if not isinstance(value, dict) or not (text(value.get("apiVersion")) and text(value.get("kind"))):
        if isinstance(value, dict) and text(value.get("kind")) and isinstance(value.get("metadata"), dict):
            span = Span(document.first_line)
            why = "an object with kind and metadata, but without apiVersion"
            origin = Origin(stream.name, span, stream.rendered_by)
            reading.gaps.append(Gap(Stage.COLLECT, stream.name, why, "add the apiVersion of its kind", origin=origin))
        else:
            others[recognise(value)] = None
        return
    if (what := recognise(value, is_object=True)) is not None:
        others[what] = None
        return
    _forget_release_namespace(value, stream)
    errors = (
        *_duplicates(document, path, value),
        *_repeated(value, reading),
        *schemas.errors(value["apiVersion"], value["kind"], value),
    )
    reading.manifests.append(Manifest(orjson.dumps(value), stream, document.places, path, errors))
    if (entry := entry_of(value, stream.place)) is not None:
        reading.entries.append(entry)


def _forget_release_namespace(value: dict[str, Any], stream: Stream) -> None:
    """Helm renders the release's namespace as "default" when nobody says which it is: that one is not known."""
    metadata = mapping(value, "metadata")
    if (stream.rendered_by or "").startswith("Helm ") and metadata.get("namespace") == "default":
        del metadata["namespace"]


def _duplicates(document: kubernetes_yaml.Document, path: Path, value: dict[str, Any]) -> Iterator[SchemaError]:
    """Keys written twice, as the API server's strict field validation reports them; the last one is in force."""
    for found, _ in document.duplicate_keys:
        if found[: len(path)] == path:
            at = at_of(found[len(path) :], value)
            yield SchemaError("duplicate_field", at, f"field {at} is written twice; only the last one counts")


def _repeated(value: dict[str, Any], reading: ManifestReading) -> Iterator[SchemaError]:
    """An object that the same stream has written before; hooks come and go, so that they may share a name."""
    metadata = mapping(value, "metadata")
    name = text(metadata.get("name"))
    if name is None or any(hook in mapping(metadata, "annotations") for hook in _HOOKS):
        return
    identity = (value["apiVersion"].rpartition("/")[0], value["kind"], text(metadata.get("namespace")), name)
    if identity in reading.identities:
        message = f"{value['kind']} {name} is written a second time; applied together, only the last one counts"
        yield SchemaError("duplicate_object", "metadata.name", message)
    reading.identities.add(identity)


def facts(manifest: Manifest, inventory: Inventory) -> Facts:
    """Tell one object, with everything that was read beside it."""
    value = orjson.loads(manifest.value)
    metadata = mapping(value, "metadata")
    name = text(metadata.get("name")) or text(metadata.get("generateName")) or "(unnamed)"
    stream = manifest.stream
    return Facts(
        schema=facts_schema(value),
        subject=Subject(str(value["kind"]), name, text(metadata.get("namespace"))),
        body=body(value, manifest.schema_errors, inventory.seen_from(stream.place), stream.rendered_by),
        origin=Origin(_file(manifest), None, stream.rendered_by),
        locate=_locator(manifest, value),
        lines=_no_lines if value["kind"] == "Secret" else _liner(manifest, value),
    )


def _file(manifest: Manifest) -> str:
    """The file itself; for a chart the template, which Helm names in a comment above each object."""
    stream = manifest.stream
    if stream.rendered_by is None:
        return stream.name
    start = manifest.places.spans([()])[()].line
    above = reversed(_lines(stream.data)[: start - 1])
    source = next((match for line in above if (match := _HELM_SOURCE.fullmatch(line))), None)
    return source[1] if source else stream.name


def _locator(manifest: Manifest, value: dict[str, Any]) -> Callable[[Sequence[str]], list[Span | None]]:
    def locate(ats: Sequence[str]) -> list[Span | None]:
        aliases = container_paths(value)
        paths = [(*manifest.path, *path_of(at, value, aliases)) for at in ats]
        spans = manifest.places.spans(paths)
        return [spans.get(path) for path in paths]

    return locate


def _liner(manifest: Manifest, value: dict[str, Any]) -> Callable[[int], str | None]:
    data = manifest.stream.data

    @lru_cache(maxsize=1)
    def hidden() -> frozenset[int]:
        return hidden_lines(value, manifest.places, manifest.path)

    def line(number: int) -> str | None:
        lines = _lines(data)
        return lines[number - 1] if 0 < number <= len(lines) and number not in hidden() else None

    return line


@lru_cache(maxsize=8)
def _lines(data: bytes) -> tuple[str, ...]:
    """The lines of a stream; many objects of one stream ask for them in turn."""
    return kubernetes_yaml.lines_of(data)


def _no_lines(_number: int) -> None:
    return None
