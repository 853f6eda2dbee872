"""Where a secret is written out in a configuration."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compliance.sources.secret_names import is_secret
from compliance.sources.terraform.tree import Attribute, Item, ListOf, Literal, ObjectOf, Template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from compliance.sources.terraform.tree import Block, Expression

# A Google Cloud resource name or an Amazon Resource Name tells where a key or secret is kept.
_RESOURCE_NAME = re.compile(r"(?:projects|folders|organizations)/[^/\s]+/\S+|arn:aws[a-z-]*:\S+")
_MORE_NAMES = frozenset({"secret_string", "secret_binary", "connection_string", "master_key"})


def holds_secret(name: str, value: Expression) -> bool:
    """Whether the name announces a secret and a text is written out as its value."""
    while isinstance(value, Template) and len(value.parts) == 1:
        value = value.parts[0]
    if not isinstance(value, Literal) or not isinstance(value.value, str) or not value.value:
        return False
    if _RESOURCE_NAME.fullmatch(value.value):
        return False
    return name.lower() in _MORE_NAMES or is_secret(name, value.value)


def name_of(block: Block, attribute: str) -> str:
    """The name that tells what a value is for: a variable's default goes by the variable's name."""
    return block.labels[0] if block.type == "variable" and attribute == "default" and block.labels else attribute


def hidden_lines(blocks: Iterable[Block]) -> frozenset[int]:
    """The lines in which secrets are written out."""
    return frozenset(line for block in blocks for line in _lines(block))


def _lines(block: Block) -> Iterator[int]:
    for attribute in block.attributes.values():
        yield from _lines_of(name_of(block, attribute.name), attribute)
    for inner in block.blocks:
        yield from _lines(inner)


def _lines_of(name: str, holder: Attribute | Item) -> Iterator[int]:
    if holds_secret(name, holder.value):
        yield from range(holder.span.line, (holder.span.end_line or holder.span.line) + 1)
    waiting: list[Expression] = [holder.value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, ListOf):
            waiting.extend(value.items)
        elif isinstance(value, ObjectOf):
            for item in value.items:
                yield from _lines_of(str(item.key.value) if isinstance(item.key, Literal) else "", item)
