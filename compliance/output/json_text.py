"""JSON as every output of ours writes it: keys sorted, two spaces, so that equal results are equal bytes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance.output.text import without_surrogates

if TYPE_CHECKING:
    from collections.abc import Mapping

_OPTIONS: Final = orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
_BATCH: Final = 500


def dump(tree: object) -> str:
    """Write `tree`, built of dict, list, tuple, str, int, float, bool and None."""
    try:
        return orjson.dumps(tree, option=_OPTIONS).decode()
    except orjson.JSONEncodeError:
        return orjson.dumps(_writable(tree), option=_OPTIONS).decode()


def pieces(tree: Mapping[str, object]) -> Iterator[str]:
    """What `dump` writes of a mapping that is not empty, piece by piece.

    Values that are iterators are written as lists, as they give their items, so that a long one is never whole in
    memory.
    """
    before = "{"
    for key in sorted(tree):
        value = tree[key]
        yield f"{before}\n  {dump(key)[:-1]}: "
        yield from _items(value) if isinstance(value, Iterator) else (_deeper(dump(value))[:-1],)
        before = ","
    yield "\n}\n"


def _items(values: Iterator[object]) -> Iterator[str]:
    before, after = "[", "[]"
    while batch := list(islice(values, _BATCH)):
        written = _deeper(dump(batch))
        yield before + written[1 : written.rindex("\n  ]")]
        before, after = ",", "\n  ]"
    yield after


def _deeper(written: str) -> str:
    """The same a level further down: JSON has line breaks nowhere but between its parts."""
    return written[:-1].replace("\n", "\n  ") + "\n"


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
