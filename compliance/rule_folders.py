"""How a rules folder lies on disk: PACK/RULE/RULE.rego, beside a few folders that are no packs."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from compliance.errors import CatalogueError
from compliance.model import Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

MAX_RULES: Final = 5000
NO_PACKS: Final = frozenset({"compiled", "frameworks", "schemas", "testing"})
EXAMPLE_SETTINGS: Final = "compliance.yaml"
"""Beside a rule's examples: the configuration that they are judged with."""

_EXAMPLE: Final = re.compile(r"(pass|fail)[\w-]*(\.[\w.-]+)?")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_DIGEST_VERSION: Final = "compliance/rules-digest/v1"
_LAYOUT: Final = "rules lie in PACK/RULE/RULE.rego; see rules/README.md"


def rule_folders(root: Path) -> list[Path]:
    """Return every folder PACK/RULE, sorted by id.

    Raises:
        CatalogueError: `root` is no folder that can be listed, or holds more than 5000 rules.
    """
    found = [place for pack in _folders(root) if pack.name not in NO_PACKS for place in _folders(pack)]
    if len(found) > MAX_RULES:
        raise CatalogueError(f"holds more than {MAX_RULES} rules", origin=Origin(root.as_posix()))
    return found


def rego_sources(root: Path) -> list[Path]:
    """Return the rules' Rego files without tests, sorted by id: what engines compile.

    Raises:
        CatalogueError: as for `rule_folders`.
    """
    return [path for place in rule_folders(root) if (path := place / f"{place.name}.rego").is_file()]


def folder_digest(root: Path) -> str:
    """Return the SHA-256 over the paths and contents of `rego_sources`, as 64 hexadecimal digits.

    Raises:
        CatalogueError: as for `rule_folders`.
    """
    return digest_of(
        f"{path.relative_to(root).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}"
        for path in rego_sources(root)
    )


def digest_of(rows: Iterable[str]) -> str:
    """Return the SHA-256 over lines, under the version of this way of counting."""
    return hashlib.sha256("".join(f"{row}\n" for row in (_DIGEST_VERSION, *rows)).encode()).hexdigest()


def layout_problems(root: Path) -> Iterator[CatalogueError]:
    """List what stands where no rule can stand.

    Raises:
        CatalogueError: as for `rule_folders`, or `root` is a pack or holds no rules.
    """
    if any((place / f"{place.name}.rego").is_file() for place in _folders(root)):
        remedy = f"give its parent folder: {root.parent.as_posix()}"
        raise CatalogueError("is a pack, not a rules folder", remedy=remedy, origin=Origin(root.as_posix()))
    places = rule_folders(root)
    if not places:
        raise CatalogueError("holds no rules", remedy=_LAYOUT, origin=Origin(root.as_posix()))
    yield from _names(places)
    yield from _strays(root, places)


def companion_problems(place: Path) -> Iterator[CatalogueError]:
    """List what one rule's folder lacks beside the rule itself: its test, and examples of both kinds."""
    test = place / f"{place.name}_test.rego"
    if not test.is_file():
        remedy = "every clause has a test that fires it and a near miss"
        yield CatalogueError("is missing", remedy=remedy, origin=Origin(test.as_posix()))
    folder = place / "examples"
    kinds: set[str] = set()
    for example in sorted(folder.iterdir()) if folder.is_dir() else ():
        named = _EXAMPLE.fullmatch(example.name) if example.is_file() else None
        if named:
            kinds.add(named[1])
        elif example.name != EXAMPLE_SETTINGS:
            remedy = "examples are files whose names begin with pass or fail"
            yield CatalogueError("is no example", remedy=remedy, origin=Origin(example.as_posix()))
    for kind, meaning in (("fail", "that the rule denies"), ("pass", "that it accepts")):
        if kind not in kinds:
            remedy = f"add {kind}.yaml (or {kind}.Dockerfile, {kind}.tf, {kind}.facts.json) {meaning}"
            yield CatalogueError(f"holds no {kind}* example", remedy=remedy, origin=Origin(folder.as_posix()))


def _names(places: Iterable[Path]) -> Iterator[CatalogueError]:
    for place in sorted({folder for rule in places for folder in (rule.parent, rule)}):
        if not _NAME.fullmatch(place.name):
            remedy = "use lower-case letters, digits and underscores: the folders are the rule's package and id"
            yield CatalogueError(f"{place.name!r} is no rule name", remedy=remedy, origin=Origin(place.as_posix()))


def _strays(root: Path, places: Iterable[Path]) -> Iterator[CatalogueError]:
    """List Rego files that belong to no rule: an engine would not see them."""
    packs = sorted({root, *(place.parent for place in places)})
    for stray in (file for pack in packs for file in sorted(pack.glob("*.rego"))):
        yield CatalogueError("lies in no rule's folder", remedy=_LAYOUT, origin=Origin(stray.as_posix()))
    for place in places:
        names = {f"{place.name}.rego", f"{place.name}_test.rego"}
        for stray in (file for file in sorted(place.glob("*.rego")) if file.name not in names):
            remedy = f"a rule is one file, {place.name}.rego, and its test {place.name}_test.rego"
            yield CatalogueError("is not part of the rule", remedy=remedy, origin=Origin(stray.as_posix()))


def _folders(place: Path) -> list[Path]:
    try:
        return sorted(entry for entry in place.iterdir() if entry.is_dir() and entry.name[0] not in "._")
    except OSError as error:
        why = f"cannot be listed: {error.strerror}"
        raise CatalogueError(why, remedy=_LAYOUT, origin=Origin(place.as_posix())) from error
