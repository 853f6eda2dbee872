"""Examples that are facts: for rules whose facts no file can give, such as those of an image in a registry.

`fail.facts.json` holds `{"schema": "image", "changes": {"/tag/moved": true}}`: what differs from facts that no rule
objects to, `rules/testing/image.facts.json`, by JSON Pointer (RFC 6901). With the changes they fit
`rules/schemas/image.json`.
"""

from __future__ import annotations

import copy
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance import bounded_files
from compliance.data import builtin_rules_folder, facts_schemas
from compliance.errors import CatalogueError
from compliance.model import Facts, Origin, Subject
from compliance.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SUFFIX: Final = ".facts.json"
MAX_BYTES: Final = 4 * 1024 * 1024
_EXAMPLE: Final = Shape(
    {
        "type": "object",
        "additionalProperties": False,
        "required": ["schema", "changes"],
        "properties": {"schema": {"type": "string"}, "changes": {"type": "object"}},
    }
)


def is_facts(example: Path) -> bool:
    """Whether an example is facts rather than a file for a source."""
    return example.name.endswith(SUFFIX)


def read(example: Path) -> Facts:
    """Read one example; its facts have no places in a text.

    Raises:
        CatalogueError: it is no JSON, there are no sound facts of that schema to change, a change names nothing in
            them, or the changed facts do not fit the schema.
    """
    origin = Origin(example.as_posix())
    content = _content(example)
    _refuse(_EXAMPLE, content, origin)
    schema = content["schema"]
    sound = _sound(schema)
    if sound is None:
        known = [name for name in facts_schemas() if _sound(name)]
        remedy = f"use one of {', '.join(known)}, or an example in the form that the rule judges"
        raise CatalogueError(f"there are no facts of schema {schema!r} to change", remedy=remedy, origin=origin)
    body = _changed(sound["body"], content["changes"], origin)
    _refuse(_shape(schema), {**body, "params": {}}, origin)
    return Facts(
        schema=schema,
        subject=Subject(**sound["subject"]),
        body=body,
        origin=origin,
        locate=lambda places: [None for _ in places],
        lines=lambda _number: None,
    )


def _refuse(shape: Shape, value: object, origin: Origin) -> None:
    problems = shape.problems(value)
    if problems:
        first = min(problems, key=lambda problem: problem.message)
        raise CatalogueError(first.message, remedy=first.remedy, origin=origin)


def _changed(body: Mapping[str, Any], changes: Mapping[str, Any], origin: Origin) -> dict[str, Any]:
    changed: dict[str, Any] = copy.deepcopy(dict(body))
    for pointer, value in changes.items():
        *way, last = (step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:] or [""])
        try:
            place: Any = changed
            for step in way:
                place = place[_key(place, step)]
            place[_key(place, last)]
            place[_key(place, last)] = value
        except (KeyError, IndexError, TypeError, ValueError) as error:
            why = f"the change {pointer!r} names nothing in the facts that it is made to"
            raise CatalogueError(why, remedy="name the nearest mapping or list that exists", origin=origin) from error
    return changed


def _key(place: object, step: str) -> str | int:
    return int(step) if isinstance(place, list) else step


def _content(example: Path) -> Any:  # noqa: ANN401 - any JSON
    origin = Origin(example.as_posix())
    try:
        return orjson.loads(bounded_files.read(example, MAX_BYTES))
    except OSError as error:
        raise CatalogueError(f"cannot be read: {error.strerror}", origin=origin) from error
    except orjson.JSONDecodeError as error:
        raise CatalogueError(f"is no JSON: {error}", origin=origin) from error


@lru_cache
def _sound(schema: str) -> dict[str, Any] | None:
    """Facts with their subject that no rule objects to, where there are any of a schema."""
    file = builtin_rules_folder() / "testing" / f"{schema}{SUFFIX}"
    if schema not in facts_schemas() or not file.is_file():
        return None
    sound: dict[str, Any] = orjson.loads(file.read_bytes())
    return sound


@lru_cache
def _shape(schema: str) -> Shape:
    return Shape(orjson.loads((builtin_rules_folder() / "schemas" / f"{schema}.json").read_bytes()))
