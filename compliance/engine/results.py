"""What both engines make of one evaluation's JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import orjson

from compliance.errors import EvaluationError

if TYPE_CHECKING:
    from collections.abc import Mapping

Result: TypeAlias = "Mapping[str, Any] | EvaluationError"
"""What one input gave: each rule's value by its id (a rule that was undefined is absent), or why there is none."""


def normal(values: object) -> Mapping[str, Any]:
    """Check that `values` maps rule ids, and put each rule's denials into one order, since a set has none.

    Raises:
        EvaluationError: it is no mapping.
    """
    if not isinstance(values, dict):
        raise EvaluationError("the entry point did not answer with an object")
    for value in values.values():
        if isinstance(value, list):
            value.sort(key=_canonical)
    return values


def _canonical(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
