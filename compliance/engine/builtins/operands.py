"""Check what a built-in function is given; what does not fit makes the call undefined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compliance.engine.rego_values import BuiltinError, Number, RegoObject, RegoSet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compliance.engine.rego_values import Value

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1


def text(value: Value) -> str:
    """A string."""
    if isinstance(value, str):
        return value
    raise BuiltinError("not a string")


def numeric(value: Value) -> Number:
    """A number."""
    if isinstance(value, Number):
        return value
    raise BuiltinError("not a number")


def integer(value: Value) -> int:
    """A whole number of 64 bits."""
    whole = numeric(value).integer
    if INT64_MIN <= whole <= INT64_MAX:
        return whole
    raise BuiltinError("not a 64-bit integer")


def array(value: Value) -> list[Value]:
    """An array."""
    if isinstance(value, list):
        return value
    raise BuiltinError("not an array")


def members(value: Value) -> Sequence[Value]:
    """The members of an array or a set."""
    if isinstance(value, list):
        return value
    if isinstance(value, RegoSet):
        return value.members
    raise BuiltinError("neither array nor set")


def texts(value: Value) -> list[str]:
    """The strings in an array or a set."""
    return [text(member) for member in members(value)]


def mapping(value: Value) -> RegoObject:
    """An object."""
    if isinstance(value, RegoObject):
        return value
    raise BuiltinError("not an object")
