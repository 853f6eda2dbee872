"""Rego's values in Python, and the text in which OPA's Wasm hands them to host functions and takes them back.

Numbers keep their digits (`Number`), since Rego tells `1.50` from `1.5` when it prints them. Sets and objects may hold
anything Rego can, so they are classes of their own, always in Rego's order.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeAlias

from compliance.engine.go_text import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MAX_DEPTH = 200
_MAX_DIGITS = 1000

_MARK = re.compile(r'\s*(set\(\)|[\[\]{}:,]|true|false|null|-?[0-9][0-9.eE+-]*|")')
_MARKS = frozenset("[]{}:,")
_STRINGS = json.JSONDecoder(strict=False)
_CONSTANTS: dict[str, bool | None] = {"null": None, "true": True, "false": False}


class BuiltinError(Exception):
    """A built-in function was given what it does not take; the call is undefined."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number by its JSON text."""

    text: str

    @property
    def exact(self) -> Decimal:
        """The value without rounding."""
        try:
            return Decimal(self.text)
        except InvalidOperation:
            raise BuiltinError(f"{self.text} is no number") from None

    @property
    def integer(self) -> int:
        """The value when it is whole; BuiltinError when it is not."""
        if self.exact.adjusted() > _MAX_DIGITS:
            raise BuiltinError("number too big")
        if self.exact % 1:
            raise BuiltinError(f"{self.text} is no integer")
        return int(self.exact)


@dataclass(frozen=True, slots=True)
class RegoSet:
    """A set: its members in Rego's order, no two alike."""

    members: tuple[Value, ...]

    @classmethod
    def of(cls, members: Iterable[Value]) -> RegoSet:
        """Make a set of what may hold duplicates, in any order."""
        return cls(tuple(value for _, value in sorted({order(v): v for v in members}.items(), key=_first)))


@dataclass(frozen=True, slots=True)
class RegoObject:
    """An object: its pairs in Rego's order of keys, no key twice."""

    pairs: tuple[tuple[Value, Value], ...]

    @classmethod
    def of(cls, pairs: Iterable[tuple[Value, Value]]) -> RegoObject:
        """Make an object; of two alike keys the later one counts."""
        found = {order(key): (key, value) for key, value in pairs}
        return cls(tuple(pair for _, pair in sorted(found.items(), key=_first)))

    def get(self, key: str) -> Value | None:
        """The value of a text key; None when there is none."""
        return next((value for found, value in self.pairs if found == key), None)


Value: TypeAlias = "bool | str | Number | list[Value] | RegoSet | RegoObject | None"


def number(value: int) -> Number:
    """Make a Number of an integer."""
    return Number(str(value))


def order(value: Value) -> tuple[Any, ...]:
    """A key that sorts and equates values as Rego does: null, booleans, numbers, strings, arrays, objects, sets."""
    key: tuple[Any, ...]
    match value:
        case None | bool():
            key = (0,) if value is None else (1, value)
        case Number():
            key = (2, value.exact)
        case str():
            key = (3, value.encode(errors="replace"))
        case list():
            key = (4, tuple(map(order, value)))
        case RegoObject():
            key = (5, tuple((order(name), order(item)) for name, item in value.pairs))
        case RegoSet():
            key = (6, tuple(map(order, value.members)))
    return key


def render(value: Value) -> str:
    """Write a value as `opa_value_parse` reads it: JSON with sets, and keys of any type."""
    match value:
        case None | bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return _compound(value, render)


def show(value: Value) -> str:
    """Write a value as Rego's `%v` does."""
    match value:
        case None | bool():
            return json.dumps(value)
        case str():
            return quote(value)
        case _:
            return _compound(value, show)


def parse(text: str) -> Value:
    """Read what `opa_value_dump` wrote.

    Raises:
        RecursionError: it is nested deeper than `MAX_DEPTH`.
        ValueError: it is no such text.
    """
    value, end = _parse(text, *_mark(text, 0), 0)
    if text[end:].strip():
        raise ValueError(f"unexpected text at {end}")
    return value


def _mark(text: str, at: int) -> tuple[str, int]:
    found = _MARK.match(text, at)
    if found is None:
        raise ValueError(f"no value at {at}")
    return found[1], found.end()


def _parse(text: str, mark: str, at: int, depth: int) -> tuple[Value, int]:
    if depth > MAX_DEPTH:
        raise RecursionError("nested too deeply")
    if mark == '"':
        return _STRINGS.raw_decode(text, at - 1)
    if mark in _CONSTANTS:
        return _CONSTANTS[mark], at
    if mark == "set()":
        return RegoSet(()), at
    if mark == "[":
        return _sequence(text, at, depth + 1)
    if mark == "{":
        return _braces(text, at, depth + 1)
    if mark in _MARKS:
        raise ValueError(f"no value before {at}")
    return Number(mark), at


def _sequence(text: str, at: int, depth: int) -> tuple[list[Value], int]:
    items: list[Value] = []
    mark, at = _mark(text, at)
    while mark != "]":
        value, at = _parse(text, mark, at, depth)
        items.append(value)
        mark, at = _next(text, at, "]")
    return items, at


def _braces(text: str, at: int, depth: int) -> tuple[RegoObject | RegoSet, int]:
    """An object or a set: the mark after the first value tells."""
    members: list[Value] = []
    pairs: list[tuple[Value, Value]] = []
    mark, at = _mark(text, at)
    while mark != "}":
        key, at = _parse(text, mark, at, depth)
        colon, after = _mark(text, at)
        if colon == ":":
            value, at = _parse(text, *_mark(text, after), depth)
            pairs.append((key, value))
        else:
            members.append(key)
        mark, at = _next(text, at, "}")
    if members and pairs:
        raise ValueError(f"neither object nor set before {at}")
    return (RegoSet.of(members) if members else RegoObject.of(pairs)), at


def _next(text: str, at: int, closing: str) -> tuple[str, int]:
    """The mark after a value: the closing one, or the one after a comma."""
    mark, at = _mark(text, at)
    if mark == closing:
        return mark, at
    if mark != ",":
        raise ValueError(f"neither comma nor {closing} before {at}")
    return _mark(text, at)


def _compound(value: Value, write: Callable[[Value], str]) -> str:
    match value:
        case list():
            return f"[{', '.join(map(write, value))}]"
        case RegoSet():
            return f"{{{', '.join(map(write, value.members))}}}" if value.members else "set()"
        case RegoObject():
            return f"{{{', '.join(f'{write(key)}: {write(item)}' for key, item in value.pairs)}}}"
        case Number():
            return value.text
    raise TypeError(f"{type(value).__name__} is no Rego value")


def _first(pair: tuple[tuple[Any, ...], Any]) -> tuple[Any, ...]:
    return pair[0]
