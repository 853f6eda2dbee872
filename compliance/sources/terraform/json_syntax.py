"""Terraform in JSON (.tf.json, .tfvars.json): the same blocks and attributes as from the native syntax.

Reference: https://developer.hashicorp.com/terraform/language/syntax/json
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance.model import Span
from compliance.sources.terraform.scanner import MAX_DEPTH
from compliance.sources.terraform.syntax import parse_expression, parse_template
from compliance.sources.terraform.tree import Attribute, Block, Item, ListOf, Literal, Mistake, ObjectOf, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compliance.sources.terraform.tree import Expression

_LABELS: Final = {"resource": 2, "data": 2, "ephemeral": 2, "provider": 1, "variable": 1, "output": 1, "module": 1}
# Without the provider's schema nobody can tell a map from a block; these are the maps that people write.
_MAPS: Final = frozenset({"tags", "tags_all", "labels", "annotations", "variables", "triggers", "keepers", "metadata"})
_PLAIN: Final = frozenset({"variable", "output", "locals", "module", "provider", "required_providers"})
_WINDOW: Final = 65536
_REFERENCES: Final = frozenset({"depends_on", "ignore_changes", "replace_triggered_by"})


def parse(text: str) -> Source:
    """Read a .tf.json file; never fails, because what is wrong becomes a mistake."""
    document, mistake = _document(text)
    if mistake:
        return Source(mistakes=(mistake,))
    reader = _Reader(text)
    blocks: list[Block] = []
    try:
        for kind, content in document.items():
            if kind != "//":
                blocks.extend(reader.labelled(kind, (), content, _LABELS.get(kind, 0)))
    except ValueError as error:
        return Source({}, (*blocks,), (Mistake(str(error), reader.span),))
    return Source({}, (*blocks,))


def parse_variables(text: str) -> Source:
    """Read a .tfvars.json file."""
    document, mistake = _document(text)
    reader = _Reader(text)
    try:
        values = {name: Attribute(name, reader.constant(value), reader.span) for name, value in document.items()}
    except ValueError as error:
        return Source(mistakes=(Mistake(str(error), reader.span),))
    return Source(values, mistakes=(mistake,) if mistake else ())


def _document(text: str) -> tuple[dict[str, Any], Mistake | None]:
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        return {}, Mistake(f"no JSON: {error.msg}", Span(error.lineno, error.colno))
    if isinstance(document, dict):
        return document, None
    return {}, Mistake("an object was expected", Span(1))


class _MisfitError(ValueError):
    """JSON, but no Terraform."""


class _Reader:
    """Turns JSON into blocks; `span` is the place of the last key, found by going forward in the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        self._line = 1
        self.span = Span(1)

    def _go_to(self, key: str) -> Span:
        found = self._text.find(f'"{key}"', self._position, self._position + _WINDOW)
        if found >= 0:
            self._line += self._text.count("\n", self._position, found)
            self._position = found + len(key) + 2
        self.span = Span(self._line)
        return self.span

    def labelled(self, kind: str, labels: tuple[str, ...], content: Any, missing: int) -> Iterator[Block]:  # noqa: ANN401
        """The blocks of one kind: labels are keys of nested objects, and each level may be a list."""
        for one in content if isinstance(content, list) else [content]:
            if not isinstance(one, dict):
                raise _MisfitError(f"an object was expected in {' '.join((kind, *labels))}")
            if not missing:
                span = self.span if labels else self._go_to(kind)
                yield self._block(kind, labels, one, span, 0)
            for label, inner in one.items() if missing else ():
                if label != "//":
                    self._go_to(label)
                    yield from self.labelled(kind, (*labels, label), inner, missing - 1)

    def _block(self, kind: str, labels: tuple[str, ...], content: dict[str, Any], span: Span, depth: int) -> Block:
        attributes: dict[str, Attribute] = {}
        blocks: list[Block] = []
        for key, value in content.items():
            if key == "//":
                continue
            place = self._go_to(key)
            if key == "dynamic":
                blocks.extend(self._dynamic(value, depth))
            elif self._is_block(kind, key, value):
                blocks.extend(self._nested(key, value, place, depth))
            else:
                attributes[key] = Attribute(key, self._value(key, value, depth), place)
        return Block(kind, labels, attributes, (*blocks,), Span(span.line, span.column, self._line))

    @staticmethod
    def _is_block(kind: str, key: str, value: Any) -> bool:  # noqa: ANN401
        items = value if isinstance(value, list) else [value]
        if not items or not all(isinstance(item, dict) for item in items) or key in _MAPS:
            return False
        return kind not in _PLAIN or key in {"lifecycle", "validation", "default_tags", "assume_role", "features"}

    def _nested(self, key: str, value: Any, span: Span, depth: int) -> Iterator[Block]:  # noqa: ANN401
        if depth > MAX_DEPTH:
            raise _MisfitError(f"nested more than {MAX_DEPTH} deep")
        for item in value if isinstance(value, list) else [value]:
            if key == "provisioner":
                for label, inner in item.items():
                    yield self._block(key, (label,), inner if isinstance(inner, dict) else {}, span, depth + 1)
            else:
                yield self._block(key, (), item, span, depth + 1)

    def _dynamic(self, content: Any, depth: int) -> Iterator[Block]:  # noqa: ANN401
        for label, value in content.items() if isinstance(content, dict) else ():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict):
                    yield self._block("dynamic", (label,), one, self._go_to(label), depth + 1)

    def _value(self, key: str, value: Any, depth: int) -> Expression:  # noqa: ANN401
        if key in _REFERENCES and isinstance(value, list):
            return ListOf((*(parse_expression(str(item)) for item in value),))
        if key in {"type", "provider"} and isinstance(value, str):
            return parse_expression(value)
        return self._expression(value, depth)

    def _expression(self, value: Any, depth: int) -> Expression:  # noqa: ANN401
        if depth > MAX_DEPTH:
            raise _MisfitError(f"nested more than {MAX_DEPTH} deep")
        if isinstance(value, str):
            return parse_template(value)
        if isinstance(value, list):
            return ListOf((*(self._expression(item, depth + 1) for item in value),))
        if isinstance(value, dict):
            items = ((key, self._go_to(key), inner) for key, inner in value.items())
            return ObjectOf(
                (*(Item(Literal(key), self._expression(inner, depth + 1), span) for key, span, inner in items),)
            )
        return Literal(value)

    def constant(self, value: Any) -> Expression:  # noqa: ANN401
        """A value of a .tfvars.json file, in which texts are no templates."""
        if isinstance(value, list):
            return ListOf((*(self.constant(item) for item in value),))
        if isinstance(value, dict):
            return ObjectOf((*(Item(Literal(key), self.constant(inner), self.span) for key, inner in value.items()),))
        return Literal(value)
