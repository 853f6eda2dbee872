"""Helm charts and Kustomize folders: rendered by their own tools, never read as manifests while they are templates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compliance import tools
from compliance.errors import ReadError, ToolError, ToolMissing
from compliance.sources.discovery import KUSTOMIZATION_NAMES
from compliance.sources.kubernetes import yaml as kubernetes_yaml
from compliance.sources.kubernetes.fields import mapping, mappings, text, texts
from compliance.sources.kubernetes.manifests import Stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_DEADLINE = 60.0
_MAX_OUTPUT = 32 * 1024 * 1024
_LITERAL = re.compile(r"(literal sources? )\[?[^\s,\]]+\]?")  # kustomize repeats a secret that it cannot split
_MAX_KUSTOMIZATION = 1024 * 1024
_FILE_LISTS = ("resources", "bases", "components", "crds", "configurations", "generators", "transformers", "validators")


def helm(folder: Path, chart_name: str | None, values: Sequence[Path] = (), *, kubernetes_version: str) -> Stream:
    """Render a chart with its default values and those files, as a release that is called like the chart.

    It is rendered for `kubernetes_version`, such as `1.34`: helm's own default is a matter of its build.

    Raises:
        ToolError: helm is missing, fails or runs too long; the message is helm's own.
    """
    name = folder.as_posix()
    options = [part for file in values for part in ("--values", str(file))]
    release = "".join(char if char.isalnum() else "-" for char in (chart_name or "release").lower())
    argv: list[str | Path] = [
        tools.find("helm"),
        "template",
        release.strip("-")[:53] or "release",
        folder.absolute(),
        "--kube-version",
        f"{kubernetes_version}.0",
        *options,
    ]
    return Stream(_rendered(argv, name, "helm"), name, f"Helm chart {name}", explicit=True)


def kustomize(folder: Path) -> Stream:
    """Render an overlay with kustomize, or with the one inside kubectl.

    Raises:
        ToolError: neither tool is there, or it fails or runs too long; the message is the tool's own.
    """
    name = folder.as_posix()
    try:
        argv: list[str | Path] = [tools.find("kustomize"), "build", str(folder.absolute())]
    except ToolMissing as missing:
        try:
            argv = [tools.find("kubectl"), "kustomize", str(folder.absolute())]
        except ToolMissing:
            raise missing from None
    return Stream(_rendered(argv, name, "kustomize"), name, f"Kustomize folder {name}", explicit=True)


def _rendered(argv: Sequence[str | Path], name: str, tool: str) -> bytes:
    done = tools.run(argv, deadline=_DEADLINE, max_output=_MAX_OUTPUT)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        why = next((line for line in said if line.startswith("Error")), said[-1] if said else "it says nothing")
        why = _LITERAL.sub(r"\1***", why)[:500]
        raise ToolError(f"{tool} cannot render {name}: {why}", remedy=f"make `{tool}` render it, then scan again")
    return done.stdout


@dataclass(frozen=True, slots=True)
class Kustomization:
    """The files and folders that an overlay builds upon, resolved; a component renders only as a part of one."""

    references: frozenset[Path]
    component: bool


def kustomization(folder: Path) -> Kustomization:
    """Read what an overlay is made of; what cannot be read is left to kustomize to tell."""
    found = (folder / name for name in KUSTOMIZATION_NAMES if (folder / name).is_file())
    try:
        documents = _documents(next(found, folder / KUSTOMIZATION_NAMES[0]))
    except (ReadError, OSError):
        return Kustomization(frozenset(), component=False)
    local = (path for document in documents for path in _local_references(document) if "://" not in path)
    return Kustomization(
        references=frozenset((folder / path).resolve() for path in local),
        component=any(mapping(document).get("kind") == "Component" for document in documents),
    )


def _documents(file: Path) -> list[object]:
    if file.stat().st_size > _MAX_KUSTOMIZATION:
        raise ReadError(f"{file.as_posix()} is larger than {_MAX_KUSTOMIZATION} bytes", remedy="make it smaller")
    found = list(kubernetes_yaml.load(file.read_bytes()))
    for document in found:
        if isinstance(document, ReadError):
            raise document
    return [document.value for document in found if not isinstance(document, ReadError)]


def _local_references(document: object) -> Iterator[str]:
    said = mapping(document)
    for field in _FILE_LISTS:
        yield from texts(said.get(field))
    yield from texts(said.get("patchesStrategicMerge"))
    for patch in (*mappings(said.get("patches")), *mappings(said.get("patchesJson6902"))):
        if (path := text(patch.get("path"))) is not None:
            yield path
    for generator in ("configMapGenerator", "secretGenerator"):
        for item in mappings(said.get(generator)):
            yield from (file.rpartition("=")[2] for file in (*texts(item.get("files")), *texts(item.get("envs"))))
    for chart in mappings(said.get("helmCharts")):
        if (values := text(chart.get("valuesFile"))) is not None:
            yield values
