"""yaml.unmarshal and yaml.is_valid: YAML as OPA reads it, which is neither YAML 1.1 nor what Kubernetes makes of it.

OPA uses go-yaml 3: `yes` is text, `0644` is octal, a date is text, of two alike keys the last counts, and documents
after the first must only be well-formed.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

import yaml

from compliance.engine.builtins.operands import text
from compliance.engine.builtins.yaml_scalars import resolve
from compliance.engine.rego_values import MAX_DEPTH, BuiltinError, Number, RegoObject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compliance.engine.rego_values import Value

_MAX_VALUES = 1_000_000
_TAG = "tag:yaml.org,2002:"
_RESOLVED = frozenset({f"{_TAG}{name}" for name in ("bool", "float", "int", "null")})


def unmarshal(given: Value) -> Value:
    """yaml.unmarshal: the first document; null when there is none."""
    try:
        documents = list(_documents(yaml.parse(text(given), Loader=yaml.CSafeLoader)))
    except (yaml.YAMLError, UnicodeError) as error:
        raise BuiltinError(str(error)) from error
    return _Converter().value(documents[0]) if documents else None


def is_valid(given: Value) -> bool:
    """yaml.is_valid."""
    try:
        unmarshal(given)
    except BuiltinError:
        return False
    return True


def _documents(events: Iterator[yaml.Event]) -> Iterator[yaml.Node]:
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            yield _compose(next(events), events, {}, 0)


def _compose(event: Any, events: Iterator[yaml.Event], anchors: dict[str, yaml.Node], depth: int) -> yaml.Node:  # noqa: ANN401 - the stubs do not tell events apart
    """Build a node; unlike PyYAML's own, this goes no deeper than it may."""
    if depth > MAX_DEPTH:
        raise RecursionError("YAML nested too deeply")
    if isinstance(event, yaml.AliasEvent):
        if event.anchor not in anchors:
            raise BuiltinError(f"unknown anchor {event.anchor}")
        return anchors[event.anchor]
    node: yaml.Node
    tag = event.tag or ""
    if isinstance(event, yaml.ScalarEvent):
        node = yaml.ScalarNode(tag, event.value, style=event.style)
    else:
        node = (yaml.SequenceNode if isinstance(event, yaml.SequenceStartEvent) else yaml.MappingNode)(tag, [])
    if event.anchor is not None:
        anchors[event.anchor] = node
    if not isinstance(node, yaml.ScalarNode):
        children = list(_children(events, anchors, depth + 1))
        paired = isinstance(node, yaml.MappingNode)
        node.value.extend(zip(children[::2], children[1::2], strict=True) if paired else children)
    return node


def _children(events: Iterator[yaml.Event], anchors: dict[str, yaml.Node], depth: int) -> Iterator[yaml.Node]:
    for event in events:
        if isinstance(event, yaml.CollectionEndEvent):
            return
        yield _compose(event, events, anchors, depth)


class _Converter:
    """Turns nodes into values; counts them, because an alias repeats all that it stands for."""

    def __init__(self) -> None:
        self._values = 0
        self._open: set[int] = set()

    def value(self, node: yaml.Node) -> Value:
        self._values += 1
        if self._values > _MAX_VALUES:
            raise OverflowError("YAML with too many values")
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if id(node) in self._open:
            raise BuiltinError("an anchor contains itself")
        self._open.add(id(node))
        try:
            if isinstance(node, yaml.SequenceNode):
                return [self.value(item) for item in node.value]
            return RegoObject.of(self._mapping(node.value).items())
        finally:
            self._open.discard(id(node))

    def _mapping(self, pairs: list[tuple[yaml.Node, yaml.Node]]) -> dict[str, Value]:
        own: dict[str, Value] = {}
        merged: list[yaml.Node] = []
        for key, item in pairs:
            if _is_merge(key):
                merged.extend(item.value if isinstance(item, yaml.SequenceNode) else [item])
            else:
                own[_key(self.value(key))] = self.value(item)
        result: dict[str, Value] = {}
        for source in reversed(merged):
            if not isinstance(source, yaml.MappingNode):
                raise BuiltinError("map merge requires map or sequence of maps as the value")
            result |= self._mapping(source.value)
        return result | own


def _is_merge(key: yaml.Node) -> bool:
    return isinstance(key, yaml.ScalarNode) and key.value == "<<" and not key.style and key.tag in {"", "!"}


def _key(key: Value) -> str:
    match key:
        case bool():
            return str(key).lower()
        case str():
            return key
        case Number() if key.text.lstrip("-").isdigit():
            return key.text
        case Number():
            raise OverflowError("a fraction as a key of YAML")
    raise BuiltinError("unsupported map key")


def _scalar(node: yaml.ScalarNode) -> Value:
    if not node.tag:
        return node.value if node.style else _kept(resolve(node.value))
    if node.tag == f"{_TAG}binary":
        return _binary(node.value)
    if node.tag == f"{_TAG}timestamp":
        raise OverflowError("a timestamp in YAML")
    if node.tag not in _RESOLVED:
        return str(node.value)
    found = resolve(node.value)
    wanted = node.tag.removeprefix(_TAG)
    if _kind(found) != wanted and not (wanted == "float" and _kind(found) == "int"):
        raise BuiltinError(f"cannot decode {node.value} as a {wanted}")
    return _kept(found)


def _kind(found: Value) -> str:
    match found:
        case None:
            return "null"
        case bool():
            return "bool"
        case Number():
            return "int" if found.text.lstrip("-").isdigit() else "float"
    return "str"


def _kept(found: Value) -> Value:
    """Refuse what JSON cannot say."""
    if isinstance(found, Number) and not found.exact.is_finite():
        raise BuiltinError(f"unsupported value {found.text}")
    return found


def _binary(encoded: str) -> str:
    try:
        return base64.b64decode("".join(encoded.split("\n")), validate=True).decode(errors="replace")
    except (binascii.Error, ValueError) as error:
        raise BuiltinError("invalid base64 data") from error


BUILTINS: Mapping[str, Any] = {"yaml.is_valid": is_valid, "yaml.unmarshal": unmarshal}
