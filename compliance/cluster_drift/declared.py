"""What is declared: the manifests, charts and overlays of a path, or of a commit of a Git repository."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance.cluster_drift import git
from compliance.errors import ToolError, UsageError
from compliance.model import Gap, Input, Stage
from compliance.sources.discovery import Unit, UnitKind, discover
from compliance.sources.drift.pairing import Declared, Identity, identity, nothing
from compliance.sources.reading import Options, read, without_parts_of_overlays

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from compliance.model import PassedOver
    from compliance.sources.kubernetes.schema import KubernetesSchemas

_KINDS: Final = frozenset({UnitKind.MANIFEST, UnitKind.HELM, UnitKind.KUSTOMIZE})
_FORMS: Final = "give a file, a folder, a chart, an overlay, URL@REF of a Git repository, or release"
_ALONE: Final = "name the folder or overlay of this cluster alone"


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read: schemas of a Kubernetes version, values for charts, and what is left out of folders."""

    schemas: KubernetesSchemas
    helm_values: tuple[Path, ...] = ()
    exclude: tuple[str, ...] = ()
    folder: Path = field(default_factory=Path)


@dataclass(frozen=True, slots=True)
class DeclaredObjects:
    """All that is declared, and what there is to tell of its reading.

    `complete`: everything could be read, so that what is not in it is not declared. `expected` tells of a live object
    whether it may be there all the same.
    """

    objects: tuple[Declared, ...]
    complete: bool = True
    expected: Callable[[Mapping[str, Any]], bool] = nothing
    gaps: tuple[Gap, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    inputs: tuple[Input, ...] = ()


def read_declared(text: str, how: Reading) -> DeclaredObjects:
    """Read what a path or a commit declares; a repository that cannot be read is a gap.

    Raises:
        UsageError: it names nothing that is there, or nothing with a manifest in it.
    """
    if Path(text).exists():
        return _of_path(Path(text), how)
    source = git.parse(text)
    if source is None:
        raise UsageError(f"--against {text}: there is no such path, and it is no commit of a repository", remedy=_FORMS)
    return _of_commit(source, how)


def _of_path(path: Path, how: Reading) -> DeclaredObjects:
    return _told(str(path), list(_read([path], how, how.folder)), path.as_posix())


def _of_commit(source: git.GitSource, how: Reading) -> DeclaredObjects:
    try:
        with git.checked_out(source) as (folder, commit):
            place = folder / source.folder
            if not place.is_dir():
                raise UsageError(f"--against {source}: there is no folder {source.folder} in it", remedy=_FORMS)
            found = [_renamed(one, folder, source.address, commit) for one in _read([place], how, folder)]
    except ToolError as error:
        gap = Gap(Stage.COLLECT, str(source), error.message, error.remedy)
        return DeclaredObjects((), complete=False, gaps=(gap,))
    return _told(str(source), found, str(source))


def _read(paths: Sequence[Path], how: Reading, root: Path) -> Iterator[Declared | Gap]:
    units: list[Unit] = []
    for one in discover([str(path) for path in paths], how.exclude, root):
        if isinstance(one, Gap):
            yield one
        elif isinstance(one, Unit) and one.kind in _KINDS:
            units.append(one)
    for unit in without_parts_of_overlays(units):
        if isinstance(unit, Unit):
            found = read(unit, how.schemas, Options(how.helm_values), root)
            yield from found.gaps
            yield from (Declared(orjson.loads(one.value), one.stream.name) for one in found.manifests)


def _renamed(one: Declared | Gap, folder: Path, address: str, commit: str) -> Declared | Gap:
    """The folder that it was checked out into is nobody's business, and gone when anybody reads of it."""

    def shown(text: str) -> str:
        return text.replace(f"{folder.as_posix()}/", f"{address}//").replace(folder.as_posix(), address)

    if isinstance(one, Declared):
        return Declared(one.value, shown(one.locator), commit)
    return Gap(one.stage, shown(one.about), shown(one.why), shown(one.remedy))


def _told(name: str, found: Sequence[Declared | Gap], about: str) -> DeclaredObjects:
    objects = [one for one in found if isinstance(one, Declared)]
    gaps = [one for one in found if isinstance(one, Gap)]
    if not found:
        raise UsageError(f"--against {name}: there is no manifest in it", remedy=_FORMS)
    gaps.extend(ambiguous(objects, about, _ALONE))
    return DeclaredObjects(tuple(objects), complete=not gaps, gaps=tuple(gaps), inputs=(input_of(name, objects),))


def input_of(name: str, objects: Sequence[Declared]) -> Input:
    """What was read under this name."""
    sha256 = hashlib.sha256()
    for one in objects:
        sha256.update(orjson.dumps(one.value, option=orjson.OPT_SORT_KEYS))
    return Input(name, "declared", sha256.hexdigest(), len(objects))


def ambiguous(objects: Iterable[Declared], about: str, remedy: str) -> Iterator[Gap]:
    """Two declarations of one object: nobody can tell which of them is deployed."""
    known: dict[Identity, Declared] = {}
    for one in objects:
        if "name" not in (one.value.get("metadata") or {}):
            continue
        other = known.setdefault(identity(one.value), one)
        if other.value != one.value:
            kind, name = one.value.get("kind"), one.value["metadata"]["name"]
            why = f"{kind} {name} is declared in {other.locator} and, otherwise, in {one.locator}"
            yield Gap(Stage.COLLECT, about, why, remedy)
