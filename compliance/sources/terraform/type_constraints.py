"""Type constraints of variables: conversion, and the defaults of optional attributes.

Reference: https://developer.hashicorp.com/terraform/language/expressions/type-constraints
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from compliance.sources.terraform.tree import Call, Literal, Name, ObjectOf
from compliance.sources.terraform.values import (
    UNKNOWN,
    Failure,
    as_list,
    as_map,
    as_number,
    as_set,
    as_text,
    as_truth,
    is_known,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from compliance.sources.terraform.tree import Expression
    from compliance.sources.terraform.values import Value

    Constant = Callable[[Expression], Value]

_PRIMITIVES: Final = {"string": as_text, "number": as_number, "bool": as_truth}


def convert(value: Value, constraint: Expression, constant: Constant) -> Value:
    """Convert to a type constraint; `constant` evaluates the default of an optional attribute.

    Raises:
        Failure: the value does not fit.
    """
    if value is None or value is UNKNOWN:
        return value
    match constraint:
        case Name(name) | Literal(str(name)):
            return _PRIMITIVES[name](value) if name in _PRIMITIVES else value
        case Call("list" | "set", (inner,)):
            items = [convert(item, inner, constant) for item in as_list(value)]
            return as_set(items) if constraint.name == "set" and is_known(items) else items
        case Call("map", (inner,)):
            return {key: convert(item, inner, constant) for key, item in as_map(value).items()}
        case Call("object", (ObjectOf() as wanted,)):
            return _object(as_map(value), wanted, constant)
    return value


def _object(value: dict[str, Value], wanted: ObjectOf, constant: Constant) -> Value:
    converted: dict[str, Value] = {}
    for item in wanted.items:
        if not isinstance(item.key, Literal):
            raise Failure
        name = str(item.key.value)
        constraint, default = item.value, None
        optional = isinstance(constraint, Call) and constraint.name == "optional"
        if isinstance(constraint, Call) and optional:
            constraint, *defaults = constraint.arguments
            default = constant(defaults[0]) if defaults else None
        if name not in value and not optional:
            raise Failure
        given = value.get(name)
        converted[name] = convert(default if given is None else given, constraint, constant)
    return converted
