"""Objects in files in place of a cluster: manifests, or what `kubectl get -o json` printed.

They are found by the names that kubectl has for them, in namespaces as kubectl would. The values of Secrets are null
before anything can see them; their keys stay.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from compliance.errors import ConfigurationError, ReadError
from compliance.interop import resources, selectors
from compliance.model import ClusterReading, Gap, Input, Origin, Stage, Subject, Target
from compliance.positioned_yaml import shown
from compliance.sources.kubernetes import yaml as kubernetes_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from compliance.interop.kubectl_get import Get
    from compliance.interop.resources import Resource

_DEFINITION: Final = "CustomResourceDefinition"
_SECRET_VALUES: Final = ("data", "stringData")


@dataclass(frozen=True, slots=True)
class _Seen:
    """Where an object stands: its file, the places in its document, and the path in that."""

    file: str
    places: kubernetes_yaml.Places = field(repr=False)
    path: tuple[str | int, ...]

    def origin(self) -> Origin:
        return Origin(self.file, self.places.spans([self.path]).get(self.path))


class ObjectFiles:
    """Objects of files; call it with a `Get`, as a cluster would be asked.

    `gaps` are documents that cannot be read, `inputs` the files, `namespace` the current namespace, in which an object
    without one is taken to be.
    """

    cluster: str | None = None
    readings: tuple[ClusterReading, ...] = ()

    def __init__(self, files: Sequence[Path], namespace: str = "default") -> None:
        """Read the files.

        Raises:
            ConfigurationError: a file cannot be read at all.
        """
        self.gaps: list[Gap] = []
        self.inputs: list[Input] = []
        self.target = Target("path", ", ".join(map(shown, files)))
        self._namespace = namespace
        self._by_kind: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self._seen: dict[Subject, _Seen] = {}
        for file in files:
            self._read(file)
        definitions = self._by_kind.get(("apiextensions.k8s.io", _DEFINITION), [])
        defined = [found for each in definitions if (found := resources.of_definition(each)) is not None]
        others = (resources.guessed(group, kind) for group, kind in self._by_kind)
        self._resources = (*resources.KNOWN, *defined, *others)

    def __call__(self, get: Get) -> Mapping[str, Any]:
        """Answer as `kubectl get -o json` does.

        Raises:
            ReadError: there is no such resource, or it is not selected by such a field.
        """
        resource = resources.find(get.resource, self._resources)
        if resource is None:
            remedy = "mend the name, or give the CustomResourceDefinition with --objects too"
            raise ReadError(f"the files have no resource type {get.resource!r}", remedy=remedy)
        wanted = _wanted(get, resource, self._namespace)
        items = (self._placed(item, resource) for item in self._by_kind.get((resource.group, resource.kind), ()))
        return {"items": [item for item in items if wanted(item)]}

    def origin(self, subject: Subject) -> Origin:
        """Where an object stands; the object itself where it is in no file."""
        seen = self._seen.get(subject) or self._seen.get(Subject(subject.kind, subject.name))
        return seen.origin() if seen else Origin(str(subject), is_file=False)

    def _read(self, file: Path) -> None:
        name = shown(file)
        try:
            with file.open("rb") as stream:
                data = stream.read(kubernetes_yaml.MAX_SIZE + 1)
        except OSError as error:
            raise ConfigurationError(f"cannot be read: {error.strerror}", origin=Origin(name)) from error
        count = 0
        for document in kubernetes_yaml.load(data):
            if isinstance(document, ReadError):
                origin = Origin(name, document.span)
                self.gaps.append(Gap(Stage.COLLECT, name, document.message, document.remedy, origin=origin))
                continue
            for path, value in _objects(document.value, ()):
                self._take(value, _Seen(name, document.places, path))
                count += 1
        self.inputs.append(Input(name, "kubernetes", hashlib.sha256(data).hexdigest(), count))

    def _take(self, value: object, seen: _Seen) -> None:
        if not isinstance(value, dict) or not _text(value, "apiVersion") or not _text(value, "kind"):
            remedy = "give manifests, or what kubectl get -o json prints"
            self.gaps.append(Gap(Stage.COLLECT, seen.file, "is no Kubernetes object", remedy, origin=seen.origin()))
            return
        key = (resources.group_of(value["apiVersion"]), value["kind"])
        self._by_kind.setdefault(key, []).append(_without_secrets(value))
        self._seen.setdefault(_subject(value), seen)

    def _placed(self, item: dict[str, Any], resource: Resource) -> dict[str, Any]:
        """The object with its namespace, which a manifest may leave to kubectl."""
        metadata = _metadata(item)
        if not resource.namespaced or metadata.get("namespace"):
            return item
        return {**item, "metadata": {**metadata, "namespace": self._namespace}}


def _wanted(get: Get, resource: Resource, current: str) -> Callable[[Mapping[str, Any]], bool]:
    """The condition that an object of the resource must satisfy."""
    labels = selectors.parse_labels(get.selector or "")
    fields = selectors.parse_fields(get.field_selector or "")
    if unknown := selectors.unsupported(fields, resource.kind):
        raise ReadError(f"{get}: field label not supported: {unknown}", remedy="select with jq instead")
    everywhere = get.all_namespaces or not resource.namespaced

    def wanted(item: Mapping[str, Any]) -> bool:
        metadata = _metadata(item)
        given = metadata.get("labels")
        own = given if isinstance(given, dict) else {}
        return (
            (everywhere or metadata.get("namespace") == (get.namespace or current))
            and get.name in {None, metadata.get("name")}
            and all(each.holds(own) for each in labels)
            and all(each.holds(item) for each in fields)
        )

    return wanted


def _objects(value: object, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], object]]:
    """The document itself, or the items of a List; those of a PodList leave kind and version to it."""
    if not isinstance(value, dict) or not str(value.get("kind")).endswith("List"):
        yield path, value
        return
    items = value.get("items")
    kind = str(value["kind"]).removesuffix("List")
    told = {"apiVersion": value.get("apiVersion"), "kind": kind} if kind else {}
    for number, item in enumerate(items if isinstance(items, list) else ()):
        yield (*path, "items", number), {**told, **item} if isinstance(item, dict) else item


def _without_secrets(value: dict[str, Any]) -> dict[str, Any]:
    if value["kind"] != "Secret":
        return value
    masked = {key: dict.fromkeys(value[key]) for key in _SECRET_VALUES if isinstance(value.get(key), dict)}
    metadata = _metadata(value)
    annotations = metadata.get("annotations")
    if isinstance(annotations, dict):
        kept = {key: text for key, text in annotations.items() if not key.endswith("/last-applied-configuration")}
        metadata = {**metadata, "annotations": kept}
    return {**value, **masked, "metadata": metadata}


def _metadata(value: Mapping[str, Any]) -> dict[str, Any]:
    metadata = value.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def _subject(value: Mapping[str, Any]) -> Subject:
    metadata = _metadata(value)
    return Subject(value["kind"], str(metadata.get("name")), _text(metadata, "namespace"))


def _text(value: Mapping[str, Any], key: str) -> str | None:
    found = value.get(key)
    return found if isinstance(found, str) and found else None
