"""From the paths that a user names to the units of work in them, decided by names and places only.

A unit is what is read as a whole: a manifest file, a Dockerfile, a pipeline, a Terraform folder, a Helm chart, a
Kustomize folder.
`.gitignore` files are obeyed, as are the patterns of `exclude:`; both use git's pattern language.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import pathspec

from compliance.errors import UsageError
from compliance.model import Gap, PassedOver, Stage
from compliance.sources.dockerfile import is_dockerfile_name
from compliance.sources.pipeline.names import is_pipeline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MANIFEST_SUFFIXES = (".yaml", ".yml", ".json")
_TERRAFORM_SUFFIXES = (".tf", ".tf.json")
_CHART = "Chart.yaml"
KUSTOMIZATION_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_NEVER_ENTERED = frozenset({".git", ".terraform", ".venv", "node_modules"})
_STARTS_AS_DOCKERFILE = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s*(?:#[^\n]*)?\n)*\s*(?:FROM|ARG)\s", re.IGNORECASE)
STDIN = "-"
_MAX_ENTRIES = 1_000_000
_MAX_DEPTH = 100


class UnitKind(StrEnum):
    """What a unit of work is."""

    MANIFEST = "manifest"
    DOCKERFILE = "dockerfile"
    PIPELINE = "pipeline"
    TERRAFORM = "terraform"
    HELM = "helm"
    KUSTOMIZE = "kustomize"


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing to read. `explicit`: the user named it, so that a misfit is a gap and not passed over.

    `data` is the text itself where it was read already (standard input).
    """

    kind: UnitKind
    path: Path
    name: str
    explicit: bool = False
    data: bytes | None = field(default=None, repr=False)


@dataclass(slots=True)
class _Walk:
    """One walk's state: what was seen already, and how much is still allowed."""

    excluded: pathspec.GitIgnoreSpec
    root: Path
    seen: set[tuple[int, int]] = field(default_factory=set)
    entries: int = 0

    def first_visit(self, path: Path) -> bool:
        """Whether this file or folder has not been met yet, by whatever name."""
        status = path.stat()
        key = (status.st_dev, status.st_ino)
        if key in self.seen:
            return False
        self.seen.add(key)
        return True

    def excludes(self, path: Path, *, folder: bool) -> bool:
        """Whether the configuration's patterns leave out this absolute path."""
        if not self.excluded.patterns or not path.is_relative_to(self.root):
            return False
        return self.excluded.match_file(path.relative_to(self.root).as_posix() + ("/" if folder else ""))


@dataclass(frozen=True, slots=True)
class _Ignore:
    """The .gitignore files in force: the last one that has a say wins."""

    specs: tuple[tuple[Path, pathspec.GitIgnoreSpec], ...] = ()

    def ignores(self, path: Path, *, folder: bool) -> bool:
        ignored = False
        for root, spec in self.specs:
            verdict = spec.check_file(path.relative_to(root).as_posix() + ("/" if folder else "")).include
            ignored = ignored if verdict is None else verdict
        return ignored

    def entering(self, folder: Path) -> _Ignore:
        file = folder / ".gitignore"
        if not file.is_file():
            return self
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        return _Ignore((*self.specs, (folder, pathspec.GitIgnoreSpec.from_lines(lines))))


def standard_input(data: bytes) -> Unit:
    """Standard input as a unit: a Dockerfile when it starts like one, else manifests or a Terraform plan."""
    kind = UnitKind.DOCKERFILE if _STARTS_AS_DOCKERFILE.match(data) else UnitKind.MANIFEST
    return Unit(kind, Path(STDIN), STDIN, explicit=True, data=data)


def discover(
    paths: Sequence[str], exclude: Sequence[str] = (), root: Path | None = None
) -> Iterator[Unit | Gap | PassedOver]:
    """Find the units below each path, each file once even when several paths reach it.

    `exclude` patterns are relative to `root` (the configuration's folder; default: the working folder).

    Raises:
        UsageError: a path does not exist, or an exclude pattern is none.
    """
    try:
        walk = _Walk(pathspec.GitIgnoreSpec.from_lines(exclude), Path(os.path.realpath(root or Path())))
    except ValueError as error:
        raise UsageError(f"exclude: {error}", remedy="use the patterns of .gitignore") from error
    for text in paths:
        path = Path(text)
        if not path.exists():
            raise UsageError(f"{text} does not exist", remedy="name a file or a folder, or - for standard input")
        if path.is_dir():
            yield from _folder(path, path, walk, _ignore_above(path), 0)
        else:
            yield from _named_file(path, walk)


def _named_file(path: Path, walk: _Walk) -> Iterator[Unit]:
    if path.name.endswith(_TERRAFORM_SUFFIXES):
        # A file is no Terraform configuration by itself: its folder is.
        folder = path.parent
        if walk.first_visit(folder):
            yield Unit(UnitKind.TERRAFORM, folder, _shown(folder), explicit=True)
    elif walk.first_visit(path):
        yield Unit(_kind_of(path) or UnitKind.MANIFEST, path, _shown(path), explicit=True)


def _ignore_above(path: Path) -> _Ignore:
    """The .gitignore files from the repository's root down to, but not in, `path`."""
    resolved = path.absolute()
    parents = list(resolved.parents)
    root = next((index for index, parent in enumerate([resolved, *parents]) if (parent / ".git").exists()), None)
    ignore = _Ignore()
    for parent in reversed(parents[:root] if root else []):
        ignore = ignore.entering(parent)
    return ignore


def _folder(folder: Path, top: Path, walk: _Walk, ignore: _Ignore, depth: int) -> Iterator[Unit | Gap | PassedOver]:
    if depth > _MAX_DEPTH:
        yield _gap(folder, f"folders are nested more than {_MAX_DEPTH} deep", "scan a folder further down")
        return
    try:
        if not walk.first_visit(folder):
            return
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield _gap(folder, error.strerror or "cannot be listed", "make the folder readable, or exclude it")
        return
    ignore = ignore.entering(folder.absolute())
    marks = {entry.name for entry in entries if _is_mark(entry)}
    if _CHART in marks:
        yield Unit(UnitKind.HELM, folder, _shown(folder), explicit=depth == 0)
        return
    if kustomization := marks.intersection(KUSTOMIZATION_NAMES):
        yield Unit(UnitKind.KUSTOMIZE, folder, _shown(folder / min(kustomization)), explicit=depth == 0)
    if any(name.endswith(_TERRAFORM_SUFFIXES) for name in marks):
        yield Unit(UnitKind.TERRAFORM, folder, _shown(folder), explicit=depth == 0)
    for entry in entries:
        yield from _entry(Path(entry.path), top, walk, ignore, depth)


def _is_mark(entry: os.DirEntry[str]) -> bool:
    """Whether a file says by its name that its folder is read as a whole."""
    named = entry.name == _CHART or entry.name in KUSTOMIZATION_NAMES or entry.name.endswith(_TERRAFORM_SUFFIXES)
    return named and os.path.isfile(entry.path)  # noqa: PTH113 - Path.is_file raises where this says no


def _entry(path: Path, top: Path, walk: _Walk, ignore: _Ignore, depth: int) -> Iterator[Unit | Gap | PassedOver]:
    walk.entries += 1
    if walk.entries > _MAX_ENTRIES:
        raise UsageError(
            f"more than {_MAX_ENTRIES} files and folders below {top}", remedy="exclude some, or scan fewer"
        )
    try:
        status = path.stat()
    except OSError as error:
        if _kind_of(path) is not None:
            yield _gap(path, error.strerror or "cannot be read", "mend the link, or exclude it")
        return
    folder = stat.S_ISDIR(status.st_mode)
    if path.name in _NEVER_ENTERED or _excluded(path, walk, ignore, folder=folder):
        return
    if path.is_symlink() and not path.resolve().is_relative_to(top.resolve()):
        yield PassedOver(_shown(path), "a symbolic link that leads out of the scanned folder")
    elif folder:
        yield from _folder(path, top, walk, ignore, depth + 1)
    elif stat.S_ISREG(status.st_mode) and (kind := _kind_of(path)) and walk.first_visit(path):
        yield Unit(kind, path, _shown(path))


def _excluded(path: Path, walk: _Walk, ignore: _Ignore, *, folder: bool) -> bool:
    absolute = path.absolute()
    return ignore.ignores(absolute, folder=folder) or walk.excludes(absolute, folder=folder)


def _kind_of(path: Path) -> UnitKind | None:
    name = path.name
    if is_dockerfile_name(name):
        return UnitKind.DOCKERFILE
    if is_pipeline(path):
        return UnitKind.PIPELINE
    if name.endswith(_TERRAFORM_SUFFIXES):
        return None
    return UnitKind.MANIFEST if name.endswith(_MANIFEST_SUFFIXES) else None


def _gap(path: Path, why: str, remedy: str) -> Gap:
    return Gap(Stage.COLLECT, _shown(path), why, remedy)


def _shown(path: Path) -> str:
    """The path as text that every output can hold: a name need not be UTF-8."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")
