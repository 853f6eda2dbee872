"""`count` and `for_each`: how often a block is there, and what `count` and `each` stand for in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import orjson

from compliance.sources.terraform.operations import pairs_of
from compliance.sources.terraform.values import UNKNOWN, Failure, SetOf, Value, as_text, as_whole, is_known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compliance.sources.terraform.expressions import Evaluator
    from compliance.sources.terraform.scopes import Scope
    from compliance.sources.terraform.tree import Block

MAX_INSTANCES: Final = 100


@dataclass(frozen=True, slots=True)
class Instance:
    """One of them: its key (None where there is no repetition, or where it is not known) and the names it brings."""

    key: str | int | None
    names: Mapping[str, Value]

    @property
    def suffix(self) -> str:
        """`[0]` or `["a"]`, as addresses have it."""
        return "" if self.key is None else f"[{orjson.dumps(self.key).decode()}]"


@dataclass(frozen=True, slots=True)
class Repetition:
    """`by` is count, for_each or None; `total` is None when it is not known: then one instance stands for all."""

    by: str | None
    total: int | None
    instances: tuple[Instance, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every instance is here."""
        return self.total == len(self.instances)


_ONCE: Final = Repetition(None, 1, (Instance(None, {}),))


def repetition(block: Block, evaluator: Evaluator, scope: Scope) -> Repetition:
    """How often a resource, data source or module is there."""
    try:
        if "count" in block.attributes:
            return _counted(evaluator.settled(block.attributes["count"].value, scope))
        if "for_each" in block.attributes:
            return _for_each(evaluator.settled(block.attributes["for_each"].value, scope))
    except Failure:
        return _unknown("count" if "count" in block.attributes else "for_each")
    return _ONCE


def _unknown(by: str) -> Repetition:
    names: dict[str, Value] = {"count": {"index": UNKNOWN}}
    if by == "for_each":
        names = {"each": {"key": UNKNOWN, "value": UNKNOWN}}
    return Repetition(by, None, (Instance(None, names),))


def _counted(total: Value) -> Repetition:
    if not is_known(total) or as_whole(total) < 0:
        return _unknown("count")
    indexes = range(min(as_whole(total), MAX_INSTANCES))
    instances = (Instance(index, {"count": {"index": index}}) for index in indexes)
    return Repetition("count", as_whole(total), (*instances,))


def _for_each(over: Value) -> Repetition:
    if isinstance(over, list) and is_known(over):
        over = SetOf(over)
    elif not isinstance(over, dict):
        return _unknown("for_each")
    pairs = [(as_text(key), value) for key, value in pairs_of(over)]
    instances = (Instance(key, {"each": {"key": key, "value": value}}) for key, value in pairs[:MAX_INSTANCES])
    return Repetition("for_each", len(pairs), (*instances,))
