"""Blocks with their values: nested and dynamic blocks become lists, whatever their number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from compliance.sources.terraform.operations import pairs_of
from compliance.sources.terraform.scopes import Bound
from compliance.sources.terraform.tree import Call, Index, Literal, Member, Name
from compliance.sources.terraform.values import UNKNOWN, Failure, SetOf, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compliance.sources.terraform.expressions import Evaluator
    from compliance.sources.terraform.scopes import Scope
    from compliance.sources.terraform.tree import Block, Expression

_MAX_DYNAMIC: Final = 100


class Section(dict[str, Value]):
    """The values of a block by name; nested blocks are Blocks of sections."""

    def __init__(self, block: Block) -> None:
        super().__init__()
        self.block = block


class Blocks(list[Value]):
    """Nested blocks of one kind; UNKNOWN among them says that there may be others."""


def section(block: Block, evaluator: Evaluator, scope: Scope) -> Section:
    """Evaluate everything in a block."""
    found = Section(block)
    for name, attribute in block.attributes.items():
        found[name] = evaluator.settled(attribute.value, scope)
    for inner in block.blocks:
        if inner.type != "dynamic":
            _add(found, inner.type, section(inner, evaluator, scope))
        elif inner.labels:
            for item in _dynamic(inner, evaluator, scope):
                _add(found, inner.labels[0], item)
    return found


def _add(found: Section, name: str, item: Value) -> None:
    items = found.setdefault(name, Blocks())
    if isinstance(items, Blocks):
        items.append(item)


def _dynamic(block: Block, evaluator: Evaluator, scope: Scope) -> Iterator[Value]:
    """The blocks that a dynamic block makes; UNKNOWN when there may be others."""
    content = next((inner for inner in block.blocks if inner.type == "content"), None)
    over = block.attributes.get("for_each")
    iterator = block.attributes.get("iterator")
    name = text_of(iterator.value) if iterator else block.labels[0]
    if content is None or over is None:
        yield UNKNOWN
        return
    values = evaluator.settled(over.value, scope)
    try:
        pairs = pairs_of(values)
    except Failure:
        pairs = UNKNOWN
    if pairs is UNKNOWN:
        yield UNKNOWN
        return
    for key, value in pairs[:_MAX_DYNAMIC]:
        # A tuple may become a set here, whose keys are its values.
        known = key if isinstance(values, dict | SetOf) else UNKNOWN
        yield section(content, evaluator, Bound({name: {"key": known, "value": value}}, scope))
    if len(pairs) > _MAX_DYNAMIC:
        yield UNKNOWN


def text_of(expression: Expression) -> str:
    """A reference or a type constraint as it is written; an ellipsis for everything else."""
    match expression:
        case Literal(value):
            return str(value)
        case Name(name):
            return name
        case Member(of, name):
            return f"{text_of(of)}.{name}"
        case Index(of, key):
            return f"{text_of(of)}[{text_of(key)}]"
        case Call(name, arguments):
            return f"{name}({', '.join(map(text_of, arguments))})"
    return "…"
