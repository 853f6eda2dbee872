"""What operators, indexes and members come to, for values that are already there."""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, Final

from compliance.sources.terraform.values import (
    UNKNOWN,
    Failure,
    Lazy,
    SetOf,
    Value,
    as_list,
    as_number,
    as_text,
    as_truth,
    as_whole,
    is_known,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ARITHMETIC: Final[Mapping[str, Callable[[float, float], float]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": math.fmod,
}


def member_of(of: Value, name: str) -> Value:
    """`of.name`, or a Failure where there is no such member."""
    if of is UNKNOWN:
        return UNKNOWN
    if isinstance(of, Lazy):
        return of.member(name)
    if isinstance(of, dict) and name in of:
        return of[name]
    raise Failure


def item_of(of: Value, key: Value) -> Value:
    """`of[key]`, or a Failure where there is no such item."""
    if of is UNKNOWN or not is_known(key):
        return UNKNOWN
    if isinstance(of, Lazy):
        return of.item(key)
    if isinstance(of, dict):
        return member_of(of, as_text(key))
    index = as_whole(key)
    if not 0 <= index < len(as_list(of)):
        raise Failure
    return of[index]


def unary(operation: str, value: Value) -> Value:
    """`-value` or `!value`."""
    if not is_known(value):
        return UNKNOWN
    return not as_truth(value) if operation == "!" else -as_number(value)


def arithmetic(operation: str, left: float, right: float) -> Value:
    """An operation on two numbers."""
    if operation in "/%" and right == 0:
        raise Failure
    try:
        return _ARITHMETIC[operation](left, right)
    except OverflowError:
        return UNKNOWN


def pairs_of(over: Value) -> Value:
    """The items of a list or map with their keys, in Terraform's order."""
    if isinstance(over, Lazy):
        return over.items()
    if isinstance(over, dict):
        return sorted(over.items())
    if isinstance(over, SetOf):
        return [(value, value) for value in over]
    return UNKNOWN if over is UNKNOWN else list(enumerate(as_list(over)))


def grouped(pairs: list[tuple[Value, Value]]) -> dict[str, Value]:
    """What `for` with `...` makes: a list a key."""
    groups: dict[str, list[Value]] = {}
    for key, value in pairs:
        groups.setdefault(as_text(key), []).append(value)
    return dict(groups)
