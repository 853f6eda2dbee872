"""Pipelines of GitLab, GitHub, Jenkins and Tekton: one text in, facts of one shape out, whatever the system.

Shape: `rules/schemas/pipeline.json`. Nothing is fetched: what a pipeline takes from elsewhere makes it incomplete.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compliance.errors import ReadError
from compliance.model import Facts, Origin, Subject
from compliance.sources.kubernetes import yaml as kubernetes_yaml
from compliance.sources.kubernetes.fields import mapping
from compliance.sources.kubernetes.recognition import COMPOSITE_ACTION, GITHUB_WORKFLOW, GITLAB_PIPELINE
from compliance.sources.pipeline.model import System
from compliance.sources.pipeline.names import system_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from compliance.sources.kubernetes.yaml import Path as DocumentPath

__all__ = ["SYSTEMS", "PipelineReading", "System", "is_tekton", "read", "read_tekton"]

SYSTEMS = {GITLAB_PIPELINE: System.GITLAB, GITHUB_WORKFLOW: System.GITHUB, COMPOSITE_ACTION: System.GITHUB}
"""The systems whose files are known by their content, by what recognition calls them."""

_TEKTON_KINDS = frozenset({"Task", "ClusterTask", "Pipeline"})
_MAX_BYTES = 1024 * 1024
_REMEDY = "name a pipeline of GitLab, GitHub, Jenkins or Tekton, or exclude the file"


@dataclass(frozen=True, slots=True)
class PipelineReading:
    """A pipeline's facts, and the files that are parts of it; they are not judged by themselves."""

    facts: Facts
    parts: tuple[Path, ...] = ()


def read(data: bytes, name: str, path: Path | None, system: System | None = None) -> PipelineReading:
    """Read a pipeline of at most 1 MiB. `path` is None for standard input; then nothing else is opened.

    The subject is the file: its path is its name.

    Raises:
        ReadError: it cannot be read, or it is no pipeline of that system.
    """
    from compliance.sources.pipeline import github, gitlab, jenkins  # noqa: PLC0415 - heavy import only when used
    from compliance.sources.pipeline.facts import body_of  # noqa: PLC0415 - likewise
    from compliance.sources.pipeline.places import Places  # noqa: PLC0415 - likewise
    from compliance.sources.pipeline.siblings import others_scan  # noqa: PLC0415 - likewise

    if len(data) > _MAX_BYTES:
        raise ReadError(f"it is larger than {_MAX_BYTES} bytes", remedy="a pipeline is a few kilobytes; split it")
    system = system or (None if path is None else system_of(path))
    parts: list[Path] = []
    places = Places(data)
    if system is System.JENKINS:
        pipeline = jenkins.read(kubernetes_yaml.text_of(data))
    else:
        document, places.of_yaml = _document(data)
        if system is System.GITHUB or github.is_workflow(document) or github.is_composite(document):
            if not (github.is_workflow(document) or github.is_composite(document)):
                raise ReadError("it has no jobs, or nothing that starts them", remedy=_REMEDY)
            pipeline = github.read(document)
        else:
            whole = (path is not None and path.name == ".gitlab-ci.yml") or "stages" in document
            pipeline, parts = gitlab.read(document, _repository(path), whole=whole)
    elsewhere = path is not None and system is System.GITHUB and others_scan(path)
    body = body_of(pipeline, places, scanned_elsewhere=elsewhere)
    facts = Facts("pipeline", Subject("Pipeline", name), body, Origin(name), places.locate, places.line)
    return PipelineReading(facts, tuple(parts))


def _repository(path: Path | None) -> Path | None:
    """The folder that GitLab's local includes count from: the repository, or the pipeline's own folder."""
    if path is None:
        return None
    return next((folder for folder in path.parents if (folder / ".git").exists()), path.parent).resolve()


def _document(data: bytes) -> tuple[dict[str, Any], kubernetes_yaml.Places]:
    """The last document that is a mapping, and its places; a header may stand before it."""
    found: tuple[dict[str, Any], kubernetes_yaml.Places] | None = None
    for document in kubernetes_yaml.load(data):
        if isinstance(document, ReadError):
            raise document
        if isinstance(document.value, dict):
            found = document.value, document.places
    if found is None:
        raise ReadError("it is no pipeline: it holds no mapping", remedy=_REMEDY)
    return found


def is_tekton(value: Mapping[str, Any]) -> bool:
    """Whether a Kubernetes object is a Task or a Pipeline."""
    return str(value.get("apiVersion")).startswith("tekton.dev/") and value.get("kind") in _TEKTON_KINDS


def read_tekton(
    value: dict[str, Any], stream: bytes, of_yaml: kubernetes_yaml.Places, path: DocumentPath, origin: Origin
) -> Facts:
    """Read a Task or Pipeline that stands at `path` in a document of a stream of manifests."""
    from compliance.sources.pipeline import tekton  # noqa: PLC0415 - heavy import only when used
    from compliance.sources.pipeline.facts import body_of  # noqa: PLC0415 - likewise
    from compliance.sources.pipeline.places import Places  # noqa: PLC0415 - likewise

    metadata = mapping(value, "metadata")
    name, namespace = metadata.get("name"), metadata.get("namespace")
    subject = Subject(
        str(value["kind"]),
        name if isinstance(name, str) else "(unnamed)",
        namespace if isinstance(namespace, str) else None,
    )
    places = Places(stream, of_yaml, root=path)
    return Facts("pipeline", subject, body_of(tekton.read(value), places), origin, places.locate, places.line)
