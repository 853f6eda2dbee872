"""JSON as every output of ours writes it: keys sorted, two spaces, so that equal results are equal bytes."""

from __future__ import annotations

from typing import Any, Final

import orjson

from compliance.output.text import without_surrogates

_OPTIONS: Final = orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


def dump(tree: object) -> str:
    """Write `tree`, built of dict, list, tuple, str, int, float, bool and None."""
    try:
        return orjson.dumps(tree, option=_OPTIONS).decode()
    except orjson.JSONEncodeError:
        return orjson.dumps(_writable(tree), option=_OPTIONS).decode()


def compact(tree: object) -> bytes:
    """The same in as few bytes as it takes."""
    try:
        return orjson.dumps(tree, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        return orjson.dumps(_writable(tree), option=orjson.OPT_SORT_KEYS)


def _writable(tree: Any) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """Replace what JSON in UTF-8 cannot hold: lone surrogates (file names), integers over 64 bits (parameters)."""
    if isinstance(tree, str):
        return without_surrogates(tree)
    if isinstance(tree, dict):
        return {without_surrogates(str(key)): _writable(value) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [_writable(value) for value in tree]
    if isinstance(tree, int) and not -(2**63) <= tree < 2**64:
        return float(tree) if abs(tree) < 10**308 else str(tree)
    return tree
