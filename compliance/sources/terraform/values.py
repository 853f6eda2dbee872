"""Values while Terraform is evaluated: plain Python values, and what is known only when Terraform runs.

null is None; numbers are int or float; lists, tuples and sets are lists; maps and objects are dicts.
"""

from __future__ import annotations

import math
import re
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_TEXT: Final = 256 * 1024
MAX_ITEMS: Final = 10_000
_LARGEST: Final = 10**300
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,300}(\.[0-9]{1,300})?([eE][+-]?[0-9]{1,3})?")
_TRUTH: Final = {"true": True, "false": False, "1": True, "0": False}


class Unknown(Enum):
    """The one value that stands for every value that cannot be known from the text."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN
Value = Any


class Failure(Exception):  # noqa: N818 - `try` in Terraform catches it
    """Terraform would refuse this expression."""


class SetOf(list[Any]):
    """A set: the index of an item is the item itself."""


class Lazy:
    """Something with members that are looked up when asked for: `var`, a resource, a module."""

    def member(self, name: str) -> Value:  # noqa: ARG002 - for those who know better
        """The member of that name."""
        return UNKNOWN

    def item(self, key: Value) -> Value:  # noqa: ARG002 - likewise
        """The item with that index."""
        return UNKNOWN

    def items(self) -> list[tuple[Value, Value]] | Literal[Unknown.UNKNOWN]:
        """Every item with its index."""
        return UNKNOWN


def is_known(value: Value) -> bool:
    """Whether nothing in it is unknown; what is too large to look through is taken as unknown."""
    waiting, seen = [value], 0
    while waiting:
        one = waiting.pop()
        seen += 1
        if one is UNKNOWN or isinstance(one, Lazy) or seen > MAX_ITEMS:
            return False
        if isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return True


def bounded(value: Value) -> Value:
    """The value, or UNKNOWN when it is larger than anything that a rule could want."""
    if isinstance(value, str) and len(value) > MAX_TEXT:
        return UNKNOWN
    if isinstance(value, list | dict) and len(value) > MAX_ITEMS:
        return UNKNOWN
    return number(value) if isinstance(value, float | int) and not isinstance(value, bool) else value


def joined(separator: str, texts: Sequence[str]) -> Value:
    """The texts in a row, or UNKNOWN when they are too long."""
    length = sum(map(len, texts)) + len(separator) * len(texts)
    return UNKNOWN if length > MAX_TEXT else separator.join(texts)


def number(value: float) -> Value:
    """A number without a needless fraction; UNKNOWN when it is beyond what fits anywhere."""
    if isinstance(value, float):
        if not math.isfinite(value):
            return UNKNOWN
        value = int(value) if value.is_integer() else value
    return UNKNOWN if abs(value) > _LARGEST else value


def as_text(value: Value) -> str:
    """Convert as Terraform does within a template.

    Raises:
        Failure: null, a list or a map is no text.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    raise Failure


def as_number(value: Value) -> float:
    """Convert to a number.

    Raises:
        Failure: it is none.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and (found := _NUMBER.fullmatch(value)):
        return float(value) if found[1] or found[2] else int(value)
    raise Failure


def as_whole(value: Value) -> int:
    """Convert to a whole number.

    Raises:
        Failure: it is none.
    """
    converted = as_number(value)
    if converted != converted // 1:
        raise Failure
    return int(converted)


def as_truth(value: Value) -> bool:
    """Convert to true or false.

    Raises:
        Failure: it is neither.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in _TRUTH:
        return _TRUTH[value]
    raise Failure


def as_list(value: Value) -> list[Value]:
    """Take a list as one.

    Raises:
        Failure: it is none.
    """
    if isinstance(value, list):
        return value
    raise Failure


def as_map(value: Value) -> dict[str, Value]:
    """Take a map as one.

    Raises:
        Failure: it is none.
    """
    if isinstance(value, dict):
        return value
    raise Failure


def equal(left: Value, right: Value) -> bool:
    """Whether two known values are the same, types included: true is not 1."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
    return bool(left == right)


def distinct(values: list[Value]) -> list[Value]:
    """Each value once, in the order of its first appearance."""
    return list({repr(value): value for value in reversed(values)}.values())[::-1]


def as_set(values: list[Value]) -> SetOf:
    """A set in the order in which Terraform goes through it: texts by their code points, numbers by size."""
    unique = distinct(values)
    if all(isinstance(value, str) for value in unique):
        return SetOf(sorted(unique))
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in unique):
        return SetOf(sorted(unique))
    return SetOf(unique)
