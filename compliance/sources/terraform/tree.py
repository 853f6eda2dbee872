"""What a Terraform text says, before anything is evaluated.

Reference: HCL native syntax specification, https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compliance.model import Span


@dataclass(frozen=True, slots=True)
class Literal:
    """A null, truth value, number or text that is written out."""

    value: float | str | None


@dataclass(frozen=True, slots=True)
class Template:
    """A text with parts to fill in; a single part that is no literal keeps its own type."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """The texts of a list in a row: what `%{ for }` stands for."""

    over: Expression


@dataclass(frozen=True, slots=True)
class Name:
    """The first name of a reference, such as `var` or `aws_vpc`."""

    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """`of.name`."""

    of: Expression
    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """`of[key]`."""

    of: Expression
    key: Expression


@dataclass(frozen=True, slots=True)
class Splat:
    """`of[*].rest`: `each` is the rest, in which `Name("*")` stands for one item."""

    of: Expression
    each: Expression


@dataclass(frozen=True, slots=True)
class Unary:
    """`-of` or `!of`."""

    operator: str
    of: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    """`left operator right`."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Conditional:
    """`test ? yes : no`."""

    test: Expression
    yes: Expression
    no: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """`name(arguments)`; `spread`: the last argument is a list of arguments (`...`)."""

    name: str
    arguments: tuple[Expression, ...]
    spread: bool = False


@dataclass(frozen=True, slots=True)
class ListOf:
    """`[items]`."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """`key = value` within an object."""

    key: Expression
    value: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """`{items}`."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class For:
    """`[for key, value in over : result if test]`, or an object when there is a `result_key`."""

    key: str | None
    value: str
    over: Expression
    result: Expression
    result_key: Expression | None = None
    test: Expression | None = None
    grouped: bool = False


Expression = (
    Literal
    | Template
    | Joined
    | Name
    | Member
    | Index
    | Splat
    | Unary
    | Binary
    | Conditional
    | Call
    | ListOf
    | ObjectOf
    | For
)


@dataclass(frozen=True, slots=True)
class Attribute:
    """`name = value`."""

    name: str
    value: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Block:
    """`type "label" { … }`."""

    type: str
    labels: tuple[str, ...]
    attributes: Mapping[str, Attribute]
    blocks: tuple[Block, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something that is no Terraform, and where."""

    message: str
    span: Span


@dataclass(frozen=True, slots=True)
class Source:
    """One file: what could be read of it, and what could not."""

    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
