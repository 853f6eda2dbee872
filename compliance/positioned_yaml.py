"""Our own configuration files: YAML with the place of every key, and nothing in it that could surprise.

Scalars follow the core schema of YAML 1.2 (chapter 10.3), as editors read them: `true` and `false` are the only
booleans, so `off`, `no` and a date such as `2027-01-31` stay text. Numbers are decimal, finite and of sane length, or
they are text. Aliases, tags, repeated keys and a second document are refused.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from compliance.errors import ConfigurationError
from compliance.model import Origin, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_BYTES: Final = 1024 * 1024
MAX_DEPTH: Final = 32

Key = str | int
Place = tuple[Key, ...]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL: Final = {"", "~", "null", "Null", "NULL"}
_BOOLEAN: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER: Final = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]{1,18}|[0-9]{1,18}(?:\.[0-9]{0,18})?)(?:[eE][-+]?[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Document:
    """A file's content as plain values, and where each key and list item stands."""

    file: str
    value: Any
    spans: Mapping[Place, Span]

    def origin(self, *place: Key) -> Origin:
        """Where a key or item is written, or the nearest thing around it that is written."""
        while place not in self.spans and place:
            place = place[:-1]
        return Origin(self.file, self.spans.get(place))


def load(path: Path) -> Document:
    """Read a file of at most 1 MiB; a file below the working folder is named from there.

    Raises:
        ConfigurationError: it cannot be read or is no such YAML; with file, line and column where there is one.
    """
    file = shown(path)
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error.strerror}", origin=Origin(file)) from error
    return parse(content, file)


def shown(path: Path) -> str:
    """Return a file's name for a person: from the working folder when it lies below."""
    try:
        here = Path.cwd()
    except OSError:
        return path.as_posix()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def parse(content: bytes, file: str) -> Document:
    """Read a text.

    Raises:
        ConfigurationError: as for `load`.
    """
    if len(content) > MAX_BYTES:
        raise ConfigurationError(f"is larger than {MAX_BYTES // 1024} KiB", origin=Origin(file))
    try:
        text = content.decode("utf-8-sig")
        return _Composer(file, yaml.parse(text, Loader=_LOADER)).document()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigurationError("is not UTF-8 text", origin=Origin(file, Span(line))) from error
    except yaml.MarkedYAMLError as error:
        raise ConfigurationError(f"is no YAML: {_problem(error)}", origin=_marked(file, error)) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        why = f"is no YAML: the character U+{_ordinal(error):04X} is not allowed"
        raise ConfigurationError(why, origin=Origin(file, Span(line))) from error


def _problem(error: yaml.MarkedYAMLError) -> str:
    return ", ".join(part for part in (error.context, error.problem) if part)


def _marked(file: str, error: yaml.MarkedYAMLError) -> Origin:
    mark = error.problem_mark or error.context_mark
    return Origin(file, Span(mark.line + 1, mark.column + 1) if mark else None)


def _ordinal(error: yaml.reader.ReaderError) -> int:
    return error.character if isinstance(error.character, int) else ord(error.character)


class _Composer:
    """Builds values from parser events; a depth limit is checked before anything deep is built."""

    def __init__(self, file: str, events: Iterator[Any]) -> None:
        self._file = file
        self._events = events
        self._spans: dict[Place, Span] = {}

    def document(self) -> Document:
        next(self._events)
        value = None
        if isinstance(next(self._events), yaml.DocumentStartEvent):
            value = self._value(next(self._events), ())
            next(self._events)
            following = next(self._events)
            if not isinstance(following, yaml.StreamEndEvent):
                raise self._refusal("a second document is not allowed here", following)
        return Document(self._file, value, self._spans)

    def _value(self, event: Any, place: Place) -> Any:  # noqa: ANN401 - PyYAML's stubs do not type events
        if isinstance(event, yaml.AliasEvent):
            raise self._refusal("aliases are not allowed here; write the value out", event)
        if event.tag is not None:
            raise self._refusal("tags are not allowed here", event)
        if len(place) > MAX_DEPTH:
            raise self._refusal(f"is nested deeper than {MAX_DEPTH} levels", event)
        self._spans.setdefault(place, _span(event))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(place)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(place)
        return _scalar(event.value) if event.implicit[0] else event.value

    def _mapping(self, place: Place) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._refusal("a key must be text", event)
            inner = (*place, event.value)
            if event.value in values:
                before = self._spans[inner].line
                raise self._refusal(f"the key {event.value!r} is already given in line {before}", event)
            self._spans[inner] = _span(event)
            values[event.value] = self._value(next(self._events), inner)
        return values

    def _sequence(self, place: Place) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            values.append(self._value(event, (*place, len(values))))
        return values

    def _refusal(self, why: str, event: Any) -> ConfigurationError:  # noqa: ANN401 - as above
        return ConfigurationError(why, origin=Origin(self._file, _span(event)))


def _span(event: Any) -> Span:  # noqa: ANN401 - as above
    return Span(event.start_mark.line + 1, event.start_mark.column + 1)


def _scalar(text: str) -> str | int | float | bool | None:
    if text in _NULL:
        return None
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    return text
