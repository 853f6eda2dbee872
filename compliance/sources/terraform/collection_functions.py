"""Functions of Terraform on lists, sets and maps.

Reference: https://developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Final

from compliance.sources.terraform.values import (
    MAX_ITEMS,
    UNKNOWN,
    Failure,
    as_list,
    as_map,
    as_number,
    as_set,
    as_text,
    as_truth,
    as_whole,
    distinct,
    equal,
    is_known,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from compliance.sources.terraform.values import Value


def _coalesce(*values: Value) -> Value:
    for value in values:
        if value is UNKNOWN or (value is not None and value != ""):
            return value
    raise Failure


def _coalesce_list(*lists: Value) -> Value:
    for one in lists:
        if one is UNKNOWN or as_list(one):
            return one
    raise Failure


def _concat(*lists: Value) -> Value:
    if any(one is UNKNOWN for one in lists) or sum(len(as_list(one)) for one in lists) > MAX_ITEMS:
        return UNKNOWN
    return [item for one in lists for item in one]


def _contains(values: Value, wanted: Value) -> Value:
    if values is UNKNOWN or not is_known(wanted):
        return UNKNOWN
    if any(is_known(value) and equal(value, wanted) for value in as_list(values)):
        return True
    return False if is_known(values) else UNKNOWN


def _element(values: Value, index: Value) -> Value:
    if values is UNKNOWN or index is UNKNOWN:
        return UNKNOWN
    return as_list(values)[as_whole(index) % len(values)]


def _flatten(values: Value) -> Value:
    if values is UNKNOWN or any(value is UNKNOWN for value in values):
        return UNKNOWN
    flat: list[Value] = []
    for value in as_list(values):
        inner = _flatten(value) if isinstance(value, list) else [value]
        if inner is UNKNOWN or len(flat) + len(inner) > MAX_ITEMS:
            return UNKNOWN
        flat.extend(inner)
    return flat


def _keys(values: Value) -> Value:
    return UNKNOWN if values is UNKNOWN else sorted(as_map(values))


def _length(values: Value) -> Value:
    if values is UNKNOWN:
        return UNKNOWN
    if isinstance(values, list | dict | str):
        return len(values)
    raise Failure


def _lookup(values: Value, key: Value, *default: Value) -> Value:
    if values is UNKNOWN or key is UNKNOWN:
        return UNKNOWN
    if as_text(key) in as_map(values):
        return values[as_text(key)]
    if not default:
        raise Failure
    return default[0]


def _merge(*maps: Value) -> Value:
    merged: dict[str, Value] = {}
    for one in maps:
        if one is UNKNOWN:
            return UNKNOWN
        merged |= {} if one is None else as_map(one)
    return merged


def _one(values: Value) -> Value:
    if values is UNKNOWN:
        return UNKNOWN
    if len(as_list(values)) > 1:
        raise Failure
    return values[0] if values else None


def _to_list(values: Value) -> Value:
    return values if values is UNKNOWN or values is None else as_list(values)


def _to_map(values: Value) -> Value:
    return values if values is UNKNOWN or values is None else as_map(values)


def _to_set(values: Value) -> Value:
    return as_set(as_list(values)) if is_known(values) else UNKNOWN


def _values(values: Value) -> Value:
    return UNKNOWN if values is UNKNOWN else [value for _, value in sorted(as_map(values).items())]


def _zip_map(keys: Value, values: Value) -> Value:
    if not is_known(keys) or values is UNKNOWN:
        return UNKNOWN
    return dict(zip(map(as_text, as_list(keys)), as_list(values), strict=True))


def _chunks(values: Value, size: Value) -> list[Value]:
    items, step = as_list(values), as_whole(size)
    return [items[start : start + step] for start in range(0, len(items), step)]


def _index(values: Value, wanted: Value) -> int:
    return next(index for index, value in enumerate(as_list(values)) if equal(value, wanted))


def _match_keys(values: Value, keys: Value, wanted: Value) -> list[Value]:
    known = _marks(wanted)
    return [value for value, key in zip(as_list(values), as_list(keys), strict=True) if repr(key) in known]


def _marks(values: Value) -> set[str]:
    """What the items are looked up by: true is not 1, and lists have no hash."""
    return {repr(value) for value in as_list(values)}


def _intersection(first: Value, *others: Value) -> list[Value]:
    marks = [_marks(one) for one in others]
    return as_set([value for value in as_list(first) if all(repr(value) in known for known in marks)])


def _subtract(first: Value, second: Value) -> list[Value]:
    known = _marks(second)
    return as_set([value for value in as_list(first) if repr(value) not in known])


def _range(*limits: Value) -> list[Value]:
    first, *rest = map(as_whole, limits)
    start, end = (first, rest[0]) if rest else (0, first)
    step = rest[1] if len(rest) > 1 else (1 if end >= start else -1)
    numbers = range(start, end, step)
    if len(numbers) > MAX_ITEMS:
        raise NotImplementedError
    return list(numbers)


def _product(*sets: Value) -> list[Value]:
    if math.prod(len(as_list(one)) for one in sets) > MAX_ITEMS:
        raise NotImplementedError
    return [list(row) for row in itertools.product(*sets)]


def _slice(values: Value, start: Value, end: Value) -> list[Value]:
    if not 0 <= as_whole(start) <= as_whole(end) <= len(as_list(values)):
        raise Failure
    items: list[Value] = values[as_whole(start) : as_whole(end)]
    return items


def _transpose(values: Value) -> dict[str, Value]:
    turned: dict[str, list[str]] = {}
    for key, items in sorted(as_map(values).items()):
        for item in as_list(items):
            turned.setdefault(as_text(item), []).append(key)
    return dict(turned)


LENIENT: Final[dict[str, Callable[..., Value]]] = {
    "coalesce": _coalesce,
    "coalescelist": _coalesce_list,
    "concat": _concat,
    "contains": _contains,
    "element": _element,
    "ephemeralasnull": lambda value: value,
    "flatten": _flatten,
    "keys": _keys,
    "length": _length,
    "lookup": _lookup,
    "merge": _merge,
    "nonsensitive": lambda value: value,
    "one": _one,
    "sensitive": lambda value: value,
    "tolist": _to_list,
    "tomap": _to_map,
    "toset": _to_set,
    "values": _values,
    "zipmap": _zip_map,
}

STRICT_COLLECTIONS: Final[dict[str, Callable[..., Value]]] = {
    "alltrue": lambda values: all(map(as_truth, as_list(values))),
    "anytrue": lambda values: any(map(as_truth, as_list(values))),
    "chunklist": _chunks,
    "compact": lambda values: [value for value in as_list(values) if value not in (None, "")],
    "distinct": lambda values: distinct(as_list(values)),
    "index": _index,
    "matchkeys": _match_keys,
    "range": _range,
    "reverse": lambda values: as_list(values)[::-1],
    "setintersection": _intersection,
    "setproduct": _product,
    "setsubtract": _subtract,
    "setunion": lambda *sets: as_set([value for one in sets for value in as_list(one)]),
    "slice": _slice,
    "sort": lambda values: sorted(map(as_text, as_list(values))),
    "sum": lambda values: sum(map(as_number, as_list(values))),
    "transpose": _transpose,
}
