"""The saved result, `compliance/assessment/v1`: all of an assessment and its decision, and back again.

Published form: `compliance/schemas/assessment-v1.json` (JSON Schema 2020-12). Times are ISO 8601 with their offset, an
unknown value is null, and every key is always there; readers take a result that lacks those that were added since.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance.errors import ConfigurationError
from compliance.model import Origin, Span
from compliance.output import history_tree, json_text, result_tree
from compliance.output.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema_rs import Draft202012Validator, ValidationError

    from compliance.model import Assessment, Decision

SCHEMA: Final = "compliance/assessment/v1"
MAX_CHARACTERS: Final = 512 * 1024 * 1024
_REMEDY: Final = "use a result that `-o json=FILE` of this version wrote"


def render(taken: Assessment, decided: Decision) -> str:
    """The result as JSON, keys sorted: equal results are equal bytes."""
    return "".join(pieces(taken, decided))


def pieces(taken: Assessment, decided: Decision) -> Iterator[str]:
    """The same piece by piece."""
    decision = result_tree.decision(decided)
    return json_text.pieces({"schema": SCHEMA, **history_tree.assessment(taken), "decision": decision})


def read(text: str, *, source: str = "-") -> tuple[Assessment, Decision]:
    """The inverse of `render`; `source` is the file's name for errors. Fingerprints are computed anew.

    Raises:
        ConfigurationError: `text` is no JSON (with line and column) or does not fit the schema (with the path in it).
    """
    origin = Origin(source)
    tree = _parse(text, origin)
    schema = tree.get("schema") if isinstance(tree, dict) else None
    if schema != SCHEMA:
        found = f"its schema is {one_line(schema)[:80]!r}" if isinstance(schema, str) else "it names no schema"
        raise ConfigurationError(f"no {SCHEMA} result: {found}", remedy=_REMEDY, origin=origin)
    error: ValidationError | None = next(iter(_validator().iter_errors(tree)), None)
    if error is not None:
        place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.instance_path)
        raise ConfigurationError(
            f"{place.removeprefix('.') or 'the result'}: {error.message}", remedy=_REMEDY, origin=origin
        )
    try:
        return history_tree.read_assessment(tree), result_tree.read_decision(tree["decision"])
    except (ValueError, OverflowError) as error:
        raise ConfigurationError(f"a value in it is out of range: {error}", remedy=_REMEDY, origin=origin) from None


def _parse(text: str, origin: Origin) -> Any:  # noqa: ANN401 - any JSON, checked by the caller
    if len(text) > MAX_CHARACTERS:
        raise ConfigurationError(f"it is longer than {MAX_CHARACTERS} characters", remedy=_REMEDY, origin=origin)
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        place = Origin(origin.file, Span(max(error.lineno, 1), max(error.colno, 1)))
        raise ConfigurationError(f"it is no JSON: {error.msg}", remedy=_REMEDY, origin=place) from None


@cache
def _validator() -> Draft202012Validator:
    from jsonschema_rs import Draft202012Validator  # noqa: PLC0415 - heavy import only when used

    schema = resources.files("compliance").joinpath("schemas", "assessment-v1.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(schema), mask="the value")
