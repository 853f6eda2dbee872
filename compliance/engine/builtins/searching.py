"""Functions on strings: affixes, counting, splitting; `glob.quote_meta`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compliance.engine.builtins.operands import integer, text, texts
from compliance.engine.rego_values import BuiltinError, number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from compliance.engine.rego_values import Number, Value

_GLOB_MARKS = re.compile(r"([*?\\\[\]{}])")


def any_prefix_match(search: Value, base: Value) -> bool:
    """Whether any of the searched strings starts with any of the base strings."""
    prefixes = tuple(_one_or_more(base))
    return any(given.startswith(prefixes) for given in _one_or_more(search))


def any_suffix_match(search: Value, base: Value) -> bool:
    """Whether any of the searched strings ends with any of the base strings."""
    suffixes = tuple(_one_or_more(base))
    return any(given.endswith(suffixes) for given in _one_or_more(search))


def _one_or_more(value: Value) -> list[str]:
    return [value] if isinstance(value, str) else texts(value)


def count(given: Value, part: Value) -> Number:
    """strings.count: how often `part` occurs without overlap; an empty one once more than there are characters."""
    return number(text(given).count(text(part)))


def indexof_n(given: Value, part: Value) -> list[Value]:
    """indexof_n: every index at which `part` begins, in characters, overlaps included."""
    base, wanted = text(given), text(part)
    if not wanted:
        raise BuiltinError("empty search character")
    found: list[Value] = []
    at = base.find(wanted)
    while at >= 0:
        found.append(number(at))
        at = base.find(wanted, at + 1)
    return found


def split_n(given: Value, separator: Value, limit: Value) -> list[Value]:
    """strings.split_n: the first `limit` parts; below zero the last ones."""
    base, mark, most = text(given), text(separator), integer(limit)
    parts: list[Value] = list(base.split(mark) if mark else base)
    return parts[:most] if most >= 0 else parts[max(len(parts) + most, 0) :]


def quote_meta(given: Value) -> str:
    """glob.quote_meta: the pattern that matches just this."""
    return _GLOB_MARKS.sub(r"\\\1", text(given))


BUILTINS: Mapping[str, Any] = {
    "glob.quote_meta": quote_meta,
    "indexof_n": indexof_n,
    "strings.any_prefix_match": any_prefix_match,
    "strings.any_suffix_match": any_suffix_match,
    "strings.count": count,
    "strings.split_n": split_n,
}
