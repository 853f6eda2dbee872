"""Paths into a block (`ingress[22].cidr_blocks`, `tags.Version`): their names, plain values by them, their lines.

Items of a list of blocks go by a name of theirs; only where nothing in them can serve as one, by their number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from compliance.sources.terraform.sections import Blocks, Section
from compliance.sources.terraform.tree import Literal, ObjectOf
from compliance.sources.terraform.values import UNKNOWN, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from compliance.model import Span
    from compliance.sources.terraform.tree import Expression

_NAMING: Final = ("name", "key", "from_port", "device_name", "sid", "id")
_PLAIN_KEY: Final = re.compile(r"[^\W\d][\w-]*")
_STEP: Final = re.compile(r"\[([^\]]*)\]|([^.\[\]]+)")
_MAX_NODES: Final = 20_000
_MAX_DEPTH: Final = 40
_LARGEST: Final = 2**63
_TRUTH: Final[Mapping[str, bool]] = {"true": True, "false": False}


def below(path: str, key: str) -> str:
    """The path of a member."""
    if _PLAIN_KEY.fullmatch(key) is None:
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else key


def labelled(path: str, items: Sequence[Value]) -> Iterator[tuple[str, Value]]:
    """The items of a list, each with its path; UNKNOWN stands for further items and has the list's own path."""
    seen: dict[str, int] = {}
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            yield path, item
            continue
        label = _label(item)
        if label is None:
            label = None if len(items) == 1 else str(index)
        if label is None:
            yield path, item
            continue
        seen[label] = seen.get(label, 0) + 1
        yield f"{path}[{label}{f'#{seen[label]}' if seen[label] > 1 else ''}]", item


def _label(item: Mapping[str, Value]) -> str | None:
    if isinstance(item, Section) and item.block.labels:
        return item.block.labels[0]
    names = (item.get(key) for key in _NAMING)
    return next((str(name) for name in names if isinstance(name, str | int) and not isinstance(name, bool)), None)


class Plain:
    """Values as JSON has them: what is unknown is null, and `unknown` holds its path."""

    def __init__(self) -> None:
        self._unknown: dict[str, None] = {}
        self._nodes = 0

    @property
    def unknown(self) -> list[str]:
        """The paths of everything that is unknown, each once."""
        return list(self._unknown)

    def note(self, path: str) -> None:
        """Call something unknown."""
        self._unknown[path] = None

    def section(self, values: Mapping[str, Value]) -> dict[str, Any]:
        """The values of a block, in which "true" and "false" are truth values, as providers take them."""
        return {
            name: _TRUTH[value] if isinstance(value, str) and value in _TRUTH else self.value(below("", name), value)
            for name, value in values.items()
        }

    def value(self, path: str, value: Value, depth: int = 0) -> Any:  # noqa: ANN401 - any JSON
        """One value at a path."""
        self._nodes += 1
        if value is UNKNOWN or self._nodes > _MAX_NODES or depth > _MAX_DEPTH:
            self.note(path)
            return None
        if isinstance(value, dict):
            return {key: self._member(value, path, key, depth) for key in value}
        if isinstance(value, list):
            found = [self.value(where, item, depth + 1) for where, item in labelled(path, value)]
            return [item for item in found if item is not None] if isinstance(value, Blocks) else found
        if isinstance(value, int) and abs(value) >= _LARGEST:
            return float(value)
        return value

    def _member(self, value: dict[str, Value], path: str, key: str, depth: int) -> Any:  # noqa: ANN401 - any JSON
        one = value[key]
        if isinstance(value, Section) and isinstance(one, str) and one in _TRUTH:
            return _TRUTH[one]
        return self.value(below(path, key), one, depth + 1)


def locate(values: Section, at: str) -> Span:
    """The place of a path, or of the nearest thing around it that is written."""
    current, span = values, values.block.span
    steps = [bracket or name for bracket, name in _STEP.findall(at)]
    while steps:
        name = steps.pop(0)
        if attribute := current.block.attributes.get(name):
            return _within(attribute.value, steps) or attribute.span
        items = current.get(name)
        found = _chosen(items, steps) if isinstance(items, list) else None
        if found is None:
            return span
        current, span = found, found.block.span
    return span


def _chosen(items: Sequence[Value], steps: list[str]) -> Section | None:
    """The item that the next step names, or else the first."""
    sections = [(path, item) for path, item in labelled("", items) if isinstance(item, Section)]
    for path, item in sections:
        if steps and path == f"[{steps[0]}]":
            steps.pop(0)
            return item
    return sections[0][1] if sections else None


def _within(value: Expression, steps: list[str]) -> Span | None:
    span = None
    for step in steps:
        items = value.items if isinstance(value, ObjectOf) else ()
        found = next((item for item in items if isinstance(item.key, Literal) and str(item.key.value) == step), None)
        if not isinstance(value, ObjectOf) or found is None:
            return span
        value, span = found.value, found.span
    return span
