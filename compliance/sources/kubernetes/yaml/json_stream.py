"""JSON, read as JSON: kubectl does so with a text that begins with `{`, and it is far faster than reading it as YAML.

It is not only speed: JSON escapes a character outside the basic plane as two surrogates, which YAML refuses.
"""

from __future__ import annotations

import json
import re
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NoReturn

from yaml import YAMLError
from yaml.events import MappingStartEvent

from compliance.errors import ReadError
from compliance.sources.kubernetes.yaml import scalars
from compliance.sources.kubernetes.yaml.builder import Builder
from compliance.sources.kubernetes.yaml.events import Extent, events_of
from compliance.sources.kubernetes.yaml.limits import MAX_DEPTH, MAX_DOCUMENTS, MAX_NODES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from compliance.model import Span
    from compliance.sources.kubernetes.yaml.places import Entries, Path

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")


class JsonPlaces:
    """Where the entries of a JSON object stand: its text is read as YAML too, when the first place is wanted."""

    def __init__(self, text: str, extent: Extent) -> None:
        self.line = extent.line
        self._text = text
        self._extent = extent

    def spans(self, paths: Collection[Path]) -> Mapping[Path, Span]:
        """As `Places` says; of JSON that is no YAML to its end, what was read until then stands."""
        return self._places.spans(paths)

    @cached_property
    def _places(self) -> Entries:
        text = self._extent.of(self._text)
        builder, next_event = Builder(text, self.line, self._extent.column), events_of(text)
        try:
            for event in iter(next_event, None):
                if isinstance(event, MappingStartEvent):
                    builder.build(event, next_event)
                    break
        except (YAMLError, ReadError):
            pass  # a pair of escaped surrogates, for one
        return builder.places


def objects(text: str) -> list[tuple[dict[str, Any], JsonPlaces]]:
    """The objects of a text that is nothing but JSON objects, one after another.

    An empty list when it is anything else, or has what the YAML reader is to judge: a repeated key, a passed limit.
    """
    if not text.startswith("{", _end_of_space(text, 0)):
        return []
    try:
        found = list(islice(_objects(text), MAX_DOCUMENTS + 1))
        if not text.isascii() or _SURROGATE.search(text):
            json.dumps([value for value, _ in found], ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return []
    return found


def _end_of_space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _objects(text: str) -> Iterator[tuple[dict[str, Any], JsonPlaces]]:
    line, line_start, counted, position = 1, 0, 0, _end_of_space(text, 0)
    while position < len(text):
        if text[position] != "{":
            raise ValueError("something that is no object follows")
        value, end = _DECODER.raw_decode(text, position)
        _check(value)
        line += text.count("\n", counted, position)
        line_start = max(line_start, text.rfind("\n", counted, position) + 1)
        counted = position
        yield value, JsonPlaces(text, Extent(position, end, line, position - line_start))
        position = _end_of_space(text, end)


def _check(value: dict[str, Any]) -> None:
    """Hold an object against the limits, level by level."""
    level: list[Any] = [value]
    nodes = 0
    for _ in range(MAX_DEPTH):
        inner: list[Any] = []
        for node in level:
            if isinstance(node, dict):
                inner.extend(node.values())
                nodes += len(node)
            else:
                inner.extend(node)
        nodes += len(inner)
        level = [node for node in inner if isinstance(node, dict | list)]
        if not level:
            break
    if level or nodes > MAX_NODES:
        raise ValueError("too deep or too large")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise ValueError("a key is repeated")
    return mapping


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=lambda text: scalars.json_number(float(text)),
    parse_int=lambda text: scalars.json_integer(int(text)),
    parse_constant=_constant,
)
