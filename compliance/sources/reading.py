"""Read one unit of work, whatever it is, into what it holds: manifests, facts, gaps and passed-over files."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from compliance.errors import ReadError, ToolError
from compliance.model import Facts, Gap, Input, Origin, PassedOver, Stage, Subject
from compliance.sources import dockerfile, pipeline, terraform
from compliance.sources.discovery import Unit, UnitKind
from compliance.sources.dockerfile.context import has_ignore_file
from compliance.sources.kubernetes import chart, manifests, rendering

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from compliance.sources.kubernetes.entries import Entry
    from compliance.sources.kubernetes.manifests import Manifest, Stream
    from compliance.sources.kubernetes.schema import KubernetesSchemas

MAX_FILE = 32 * 1024 * 1024


@dataclass(slots=True)
class Reading:
    """What one or more units held.

    Facts come with their unit's resolved path, because a Terraform folder that is a module of another (one of
    `modules`) is judged there, with the values that it is called with.
    """

    manifests: list[Manifest] = field(default_factory=list)
    facts: list[tuple[Path, Facts]] = field(default_factory=list)
    modules: list[Path] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    inputs: list[Input] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Options:
    """Files that the user adds to what is read: values for Helm charts, variables for Terraform."""

    helm_values: tuple[Path, ...] = ()
    var_files: tuple[Path, ...] = ()


def read(unit: Unit, schemas: KubernetesSchemas, options: Options, root: Path) -> Reading:
    """Read a unit; whatever cannot be read becomes a gap.

    A Dockerfile, a pipeline and a Terraform folder have no name but their place: as subjects they are named relative to
    `root`, so that findings are the same ones wherever the scan is started and however the path is typed.
    """
    reading = Reading()
    try:
        _READERS[unit.kind](unit, schemas, options, reading)
        reading.facts = _named_from(root, unit, reading.facts)
    except (ReadError, ToolError) as error:
        span = error.span if isinstance(error, ReadError) else None
        reading.gaps.append(_gap(unit, error.message, error.remedy, Origin(unit.name, span)))
    except OSError as error:
        why = f"cannot be read: {error.strerror or error}"
        reading.gaps.append(_gap(unit, why, "make it readable, or exclude it", Origin(unit.name)))
    return reading


def _named_from(root: Path, unit: Unit, told: list[tuple[Path, Facts]]) -> list[tuple[Path, Facts]]:
    place = unit.path.resolve() if told and unit.data is None else None
    if place is None or not place.is_relative_to(root):
        return told
    relative = place.relative_to(root).as_posix()
    return [(path, replace(facts, subject=_named(facts, unit.kind, relative))) for path, facts in told]


def _named(facts: Facts, kind: UnitKind, place: str) -> Subject:
    subject = facts.subject
    if subject.name == facts.origin.file:
        return replace(subject, name=place)
    if kind is UnitKind.TERRAFORM:
        return replace(subject, namespace=None if place == "." else place)
    return subject


def read_stream(stream: Stream, schemas: KubernetesSchemas, reading: Reading) -> None:
    """Read a text with manifests, from a file, a tool or standard input, into `reading`."""
    if b"\0" in stream.data[:1024] and not stream.data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ReadError("a binary file, no manifest", remedy="name a YAML or JSON file, or exclude it")
    if (plan := _plan(stream.data)) is not None:
        found_in_plan = terraform.read_plan(plan, stream.name)
        reading.facts.extend((Path(stream.name), facts) for facts in found_in_plan.facts)
        reading.gaps.extend(found_in_plan.gaps)
        _input(reading, stream.name, "terraform plan", stream.data, len(found_in_plan.facts))
        return
    found = manifests.read(stream, schemas)
    reading.manifests.extend(found.manifests)
    reading.facts.extend((Path(stream.name), facts) for facts in _tekton(found.manifests))
    reading.entries.extend(found.entries)
    reading.gaps.extend(found.gaps)
    reading.passed_over.extend(found.passed_over)
    _input(reading, stream.name, "kubernetes", stream.data, len(found.manifests))


def _manifest(unit: Unit, schemas: KubernetesSchemas, _options: Options, reading: Reading) -> None:
    data = _bytes(unit)
    read_stream(manifests.Stream(data, unit.name, explicit=unit.explicit), schemas, reading)
    if len(reading.passed_over) == 1 and (system := pipeline.SYSTEMS.get(reading.passed_over[0].why)):
        reading.passed_over.clear()
        reading.inputs.clear()
        _read_pipeline(unit, data, reading, system)


def _pipeline(unit: Unit, _schemas: KubernetesSchemas, _options: Options, reading: Reading) -> None:
    _read_pipeline(unit, _bytes(unit), reading, None)


def _read_pipeline(unit: Unit, data: bytes, reading: Reading, system: pipeline.System | None) -> None:
    path = unit.path.absolute() if unit.data is None else None
    found = pipeline.read(data, unit.name, path, system)
    reading.facts.append((unit.path.resolve(), found.facts))
    # What a pipeline includes is judged there, as a module is where it is called.
    reading.modules.extend(found.parts)
    _input(reading, unit.name, "pipeline", data, 1)


def _tekton(found: Iterable[Manifest]) -> Iterator[Facts]:
    """Tasks and Pipelines are objects and pipelines at once; a marker spares every other object the reading."""
    for manifest in found:
        if b'"tekton.dev/' in manifest.value and pipeline.is_tekton(value := orjson.loads(manifest.value)):
            stream = manifest.stream
            origin = Origin(stream.name, None, stream.rendered_by)
            yield pipeline.read_tekton(value, stream.data, manifest.places, manifest.path, origin)


def _dockerfile(unit: Unit, _schemas: KubernetesSchemas, _options: Options, reading: Reading) -> None:
    data = _bytes(unit)
    ignore_file = has_ignore_file(unit.path) if unit.data is None else None
    reading.facts.append((unit.path, dockerfile.read(data, unit.name, ignore_file=ignore_file)))
    _input(reading, unit.name, "dockerfile", data, 1)


def _terraform(unit: Unit, _schemas: KubernetesSchemas, options: Options, reading: Reading) -> None:
    found = terraform.read_folder(unit.path, unit.name, options.var_files)
    resolved = unit.path.resolve()
    reading.facts.extend((resolved, facts) for facts in found.facts)
    reading.modules.extend(found.modules)
    reading.gaps.extend(found.gaps)
    reading.inputs.append(Input(unit.name, "terraform", found.sha256, len(found.facts)))


def _plan(data: bytes) -> Mapping[str, Any] | None:
    """The document, when it is what `terraform show -json` prints; a marker spares every other file the reading."""
    if b'"terraform_version"' not in data or not data.lstrip().startswith(b"{"):
        return None
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    return document if isinstance(document, dict) and terraform.is_plan(document) else None


def _helm(unit: Unit, schemas: KubernetesSchemas, options: Options, reading: Reading) -> None:
    name, data = f"{unit.name}/Chart.yaml", _read(unit.path / "Chart.yaml", explicit=unit.explicit)
    locked = any((unit.path / lock).is_file() for lock in ("Chart.lock", "requirements.lock"))
    told = chart.read(data, name, locked=locked)
    reading.facts.append((unit.path, told))
    _input(reading, name, "chart", data, 1)
    if told.body["type"] == "library":
        reading.passed_over.append(PassedOver(unit.name, "a Helm library chart, which renders nothing by itself"))
        return
    version = schemas.version
    read_stream(
        rendering.helm(unit.path, told.body["name"], options.helm_values, kubernetes_version=version), schemas, reading
    )


def _kustomize(unit: Unit, schemas: KubernetesSchemas, _options: Options, reading: Reading) -> None:
    read_stream(rendering.kustomize(unit.path), schemas, reading)


_READERS = {
    UnitKind.MANIFEST: _manifest,
    UnitKind.DOCKERFILE: _dockerfile,
    UnitKind.PIPELINE: _pipeline,
    UnitKind.TERRAFORM: _terraform,
    UnitKind.HELM: _helm,
    UnitKind.KUSTOMIZE: _kustomize,
}


def _bytes(unit: Unit) -> bytes:
    """The file's bytes up to the cap; only regular files, except where the user named something else himself."""
    if unit.data is not None:
        return unit.data
    return _read(unit.path, explicit=unit.explicit)


def _read(path: Path, *, explicit: bool) -> bytes:
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) and not explicit:
            raise ReadError("no regular file", remedy="exclude it")
        data = file.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise ReadError(f"larger than {MAX_FILE // 1024 // 1024} MiB", remedy="split the file, or exclude it")
    return data


def _input(reading: Reading, name: str, kind: str, data: bytes, subjects: int) -> None:
    reading.inputs.append(Input(name, kind, hashlib.sha256(data).hexdigest(), subjects))


def _gap(unit: Unit, why: str, remedy: str, origin: Origin) -> Gap:
    return Gap(Stage.COLLECT, unit.name, why, remedy, origin=origin)


def without_parts_of_overlays(units: Iterable[Unit]) -> Iterator[Unit | PassedOver]:
    """Leave out the files and bases that an overlay among the units builds upon: they are judged as it renders them.

    A component is left out even when no overlay here uses it, since it renders nothing by itself.
    """
    found = list(units)
    overlays = {unit: rendering.kustomization(unit.path) for unit in found if unit.kind is UnitKind.KUSTOMIZE}
    parts = {path: unit.name for unit, overlay in overlays.items() for path in overlay.references}
    for unit in found:
        owner = parts.get(unit.path.resolve()) if parts else None
        if unit.explicit:
            yield unit
        elif owner is not None:
            yield PassedOver(unit.name, f"a part of {owner}, judged as it renders")
        elif unit in overlays and overlays[unit].component:
            yield PassedOver(unit.name, "a Kustomize component, judged where an overlay uses it")
        else:
            yield unit
