"""The files of a GitLab pipeline: what it includes from its own repository is put in, the rest is listed.

Reference: https://docs.gitlab.com/ci/yaml/#include
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from compliance import bounded_files
from compliance.errors import ReadError
from compliance.sources.kubernetes import yaml as kubernetes_yaml
from compliance.sources.kubernetes.fields import mapping
from compliance.sources.pipeline.model import Include, Spot
from compliance.sources.pipeline.yaml_values import scalar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_MAX_FILES = 150
_MAX_DEPTH = 10
_MAX_BYTES = 1024 * 1024
_RAW_REF = re.compile(r"https?://(?:raw\.githubusercontent\.com/[^/]+/[^/]+/|[^?]*/-/raw/)(?P<ref>[^/]+)/")


@dataclass(slots=True)
class Files:
    """A pipeline's top-level keys from all its files, and where each stands in the first of them."""

    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, Spot | None] = field(default_factory=dict)
    includes: list[Include] = field(default_factory=list)
    parts: list[Path] = field(default_factory=list)
    complete: bool = True
    asked: int = 0


def assemble(document: Mapping[str, Any], folder: Path | None) -> Files:
    """Put the local includes of a pipeline in; `folder` is the repository's root, None when files cannot be read."""
    files = Files()
    _take(document, folder, files, None, 0)
    return files


def _take(document: Mapping[str, Any], folder: Path | None, files: Files, spot: Spot | None, depth: int) -> None:
    """Includes come first and are overridden by what the file says itself, key by key."""
    for number, entry in _entries(document.get("include")):
        here = spot or Spot(("include",) if number is None else ("include", number))
        _include(entry, here, folder, files, depth)
    for key, value in document.items():
        if key == "include":
            continue
        old = files.values.get(key)
        files.values[key] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
        files.origins[key] = spot


def _entries(value: object) -> Iterator[tuple[int | None, object]]:
    if isinstance(value, list):
        yield from enumerate(value)
    elif value is not None:
        yield None, value


def _include(entry: object, spot: Spot, folder: Path | None, files: Files, depth: int) -> None:
    kinds = {"local": entry} if isinstance(entry, str) and not entry.startswith("http") else mapping(entry)
    if isinstance(entry, str) and entry.startswith("http"):
        kinds = {"remote": entry}
    if (local := scalar(kinds.get("local"))) is not None and "project" not in kinds:
        _local(local, spot, folder, files, depth)
        return
    files.complete = False
    for kind in ("project", "remote", "component"):
        if (text := scalar(kinds.get(kind))) is not None:
            files.includes.append(_reference(kind, text, mapping(entry), spot))


def _reference(kind: str, text: str, entry: Mapping[str, Any], spot: Spot) -> Include:
    if kind == "project":
        return Include(kind, text, scalar(entry.get("ref")), spot)
    if kind == "component":
        _, at, version = text.rpartition("@")
        return Include(kind, text, version if at else None, spot)
    raw = _RAW_REF.match(text)
    # The name of a file at any other address says nothing of whether it may change.
    return Include(kind, text, raw["ref"] if raw else "", spot, pinned="integrity" in entry)


def _local(text: str, spot: Spot, folder: Path | None, files: Files, depth: int) -> None:
    files.asked += 1
    readable = folder is not None and "$" not in text and files.asked <= _MAX_FILES
    found = list(_matching(text, folder)) if folder is not None and readable else []
    if not found or depth >= _MAX_DEPTH or len(files.parts) + len(found) > _MAX_FILES:
        files.complete = False
        return
    for path in found:
        if path in files.parts:
            continue
        files.parts.append(path)
        document = _read(path)
        if document is None:
            files.complete = False
        else:
            _take(document, folder, files, spot, depth + 1)


def _matching(text: str, folder: Path) -> Iterator[Path]:
    """The files of a path or pattern that lie in the folder, wherever links lead."""
    pattern = text.lstrip("/")
    try:
        names = sorted(folder.glob(pattern)) if "*" in pattern else [folder / pattern]
        for name in names[: _MAX_FILES + 1]:
            path = name.resolve()
            if path.is_relative_to(folder) and path.is_file():
                yield path
    except (OSError, ValueError, NotImplementedError, RuntimeError):
        return


def _read(path: Path) -> dict[str, Any] | None:
    try:
        return last_mapping(bounded_files.read(path, _MAX_BYTES))
    except OSError:
        return None


def last_mapping(data: bytes) -> dict[str, Any] | None:
    """The pipeline in a file: its last document, since a header (`spec:`) may stand before it."""
    found = None
    for document in kubernetes_yaml.load(data):
        if isinstance(document, ReadError):
            return None
        if isinstance(document.value, dict):
            found = document.value
    return found
