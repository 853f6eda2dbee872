"""What a block refers to: every variable, local name, module, data source and resource of its module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from compliance.sources.terraform.tree import (
    Binary,
    Call,
    Conditional,
    For,
    Index,
    Joined,
    ListOf,
    Member,
    Name,
    ObjectOf,
    Splat,
    Template,
    Unary,
)

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from compliance.sources.terraform.tree import Block, Expression

_ROOTS: Final = frozenset({"var", "local", "module"})


def references(block: Block, resources: Container[tuple[str, ...]]) -> list[str]:
    """The addresses within the module, sorted; `resources` are its (type, name) pairs."""
    return references_of(_expressions(block), resources)


def references_of(expressions: Iterable[Expression], resources: Container[tuple[str, ...]]) -> list[str]:
    """The same of single expressions."""
    return sorted({found for expression in expressions for found in _addresses(expression, resources)})


def _expressions(block: Block) -> Iterator[Expression]:
    for attribute in block.attributes.values():
        yield attribute.value
    for inner in block.blocks:
        yield from _expressions(inner)


def _addresses(expression: Expression, resources: Container[tuple[str, ...]]) -> Iterator[str]:
    waiting = [expression]
    while waiting:
        one = waiting.pop()
        waiting.extend(_parts(one))
        match one:
            case Member(Name(root), name) if root in _ROOTS or (root, name) in resources:
                yield f"{root}.{name}"
            case Member(Member(Name("data"), kind), name):
                yield f"data.{kind}.{name}"


def _parts(expression: Expression) -> Iterable[Expression]:  # noqa: PLR0911 - a case a kind
    match expression:
        case Template(parts) | ListOf(parts) | Call(_, parts):
            return parts
        case ObjectOf(items):
            return [part for item in items for part in (item.key, item.value)]
        case Joined(one) | Member(one) | Unary(_, one):
            return (one,)
        case Index(one, other) | Splat(one, other) | Binary(_, one, other):
            return (one, other)
        case Conditional(test, yes, no):
            return (test, yes, no)
        case For(_, _, over, result, result_key, test):
            return [part for part in (over, result, result_key, test) if part is not None]
    return ()
