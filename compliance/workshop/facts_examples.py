"""Examples that are facts: for rules whose facts no file can give, such as those of an image in a registry.

`fail.facts.json` holds `{"schema": "image", "subject": {"kind", "namespace", "name"}, "body": {…}}`. The body is all
that a source would tell, without `params`, and fits `rules/schemas/<schema>.json`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance.data import builtin_rules_folder, facts_schemas
from compliance.errors import CatalogueError
from compliance.model import Facts, Origin, Subject
from compliance.shape import Shape

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX: Final = ".facts.json"
MAX_BYTES: Final = 4 * 1024 * 1024
_TEXT: Final = {"type": "string", "minLength": 1}
_WRAPPER: Final = {
    "type": "object",
    "additionalProperties": False,
    "required": ["schema", "subject", "body"],
    "properties": {
        "schema": {"type": "string"},
        "subject": {
            "type": "object",
            "additionalProperties": False,
            "required": ["kind", "namespace", "name"],
            "properties": {"kind": _TEXT, "namespace": {"anyOf": [_TEXT, {"type": "null"}]}, "name": _TEXT},
        },
        "body": {"type": "object", "properties": {"params": False}},
    },
}


def is_facts(example: Path) -> bool:
    """Whether an example is facts rather than a file for a source."""
    return example.name.endswith(SUFFIX)


def read(example: Path) -> Facts:
    """Read one example; its facts have no places in a text.

    Raises:
        CatalogueError: it is no JSON, there is no such facts schema, or something does not fit it.
    """
    content = _content(example)
    problems = _shape(None).problems(content)
    if not problems:
        schema = content["schema"]
        if schema not in facts_schemas():
            remedy = f"use one of {', '.join(facts_schemas())}"
            raise CatalogueError(f"{schema!r} is no facts schema", remedy=remedy, origin=Origin(example.as_posix()))
        problems = _shape(schema).problems({**content["body"], "params": {}})
    if problems:
        first = min(problems, key=lambda problem: problem.message)
        raise CatalogueError(first.message, remedy=first.remedy, origin=Origin(example.as_posix()))
    return Facts(
        schema=content["schema"],
        subject=Subject(**content["subject"]),
        body=content["body"],
        origin=Origin(example.as_posix()),
        locate=lambda places: [None for _ in places],
        lines=lambda _number: None,
    )


def _content(example: Path) -> Any:  # noqa: ANN401 - any JSON
    origin = Origin(example.as_posix())
    try:
        with example.open("rb") as stream:
            text = stream.read(MAX_BYTES + 1)
        if len(text) > MAX_BYTES:
            raise CatalogueError(f"is larger than {MAX_BYTES // 1024} KiB", origin=origin)
        return orjson.loads(text)
    except OSError as error:
        raise CatalogueError(f"cannot be read: {error.strerror}", origin=origin) from error
    except orjson.JSONDecodeError as error:
        raise CatalogueError(f"is no JSON: {error}", origin=origin) from error


@lru_cache
def _shape(schema: str | None) -> Shape:
    """A facts schema's shape, or that of the example around the facts."""
    if schema is None:
        return Shape(_WRAPPER)
    return Shape(orjson.loads((builtin_rules_folder() / "schemas" / f"{schema}.json").read_bytes()))
