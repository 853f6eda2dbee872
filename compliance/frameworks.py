"""Lists of controls that rules refer to: `rules/frameworks/<framework>.json`.

`automated` says that a rule can judge the control from files or a cluster; the others need a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance.errors import CatalogueError
from compliance.model import Origin
from compliance.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_TEXT: Final = {"type": "string", "minLength": 1}
_SHAPE: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["id", "title", "version", "url", "controls"],
    "additionalProperties": False,
    "properties": {
        "id": _TEXT,
        "title": _TEXT,
        "version": _TEXT,
        "url": _TEXT,
        "controls": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["id", "title", "automated"],
                "additionalProperties": False,
                "properties": {"id": _TEXT, "title": _TEXT, "automated": {"type": "boolean"}},
            },
        },
    },
}


@dataclass(frozen=True, slots=True)
class Control:
    """One thing that a framework asks for."""

    id: str
    title: str
    automated: bool


@dataclass(frozen=True, slots=True)
class Framework:
    """A published list of controls, by their ids in the order of the publication."""

    id: str
    title: str
    version: str
    url: str
    controls: Mapping[str, Control]


def read_frameworks(rules_folders: Iterable[Path]) -> dict[str, Framework]:
    """Read `frameworks/*.json` of every rules folder; a later folder may replace a framework of an earlier one.

    Raises:
        CatalogueError: a file is not as described above.
    """
    files = [file for folder in rules_folders for file in sorted((folder / "frameworks").glob("*.json"))]
    return {file.stem: _framework(file) for file in files}


def _framework(file: Path) -> Framework:
    try:
        raw = orjson.loads(file.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise CatalogueError(f"cannot be read: {error}", origin=Origin(file.as_posix())) from error
    for problem in Shape(_SHAPE).problems(raw):
        raise CatalogueError(problem.message, remedy=problem.remedy, origin=Origin(file.as_posix()))
    controls = {row["id"]: Control(**row) for row in raw["controls"]}
    if raw["id"] != file.stem or len(controls) != len(raw["controls"]):
        raise CatalogueError(
            "id must equal the file's name, and no control may come twice", origin=Origin(file.as_posix())
        )
    return Framework(raw["id"], raw["title"], raw["version"], raw["url"], controls)
