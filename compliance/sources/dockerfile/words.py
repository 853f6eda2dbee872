"""Words of a Dockerfile as BuildKit reads them: parser directives, quotes, escapes and variables.

Reference: https://docs.docker.com/reference/dockerfile/, "Parser directives" and "Environment replacement".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_DIRECTIVE = re.compile(r"#[ \t]*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*")
_DIRECTIVES = ("syntax", "escape", "check")
_NAME = re.compile(r"[^\W\d]\w*|\d+|[@*#?$!-]")
_MAX_DEPTH = 32
_MAX_VALUE = 4096
_MAX_MATCHED = 256
_MAX_WILDCARDS = 2


class WordError(ValueError):
    """A word that BuildKit refuses: an open quote or a substitution that does not exist."""


@dataclass(frozen=True, slots=True)
class Directives:
    """Parser directives at the top of the file; `escape` is a backslash unless the file says otherwise."""

    syntax: str | None
    escape: str
    check: str | None


@dataclass(frozen=True, slots=True)
class Expansion:
    """A word without quotes and variables.

    `text` is None when a variable has a value that only a build knows. `unset` names the variables that have none
    and stood as empty.
    """

    text: str | None
    unset: tuple[str, ...]


def read_directives(text: str) -> tuple[Directives, str]:
    """Read the directives; also return the text with `escape` as the first of them.

    The parser library is older than the `check` directive: it takes it for a comment, which ends the directives.
    """
    lines = text.split("\n")
    found: dict[str, tuple[int, str]] = {}
    for index, line in enumerate(lines):
        match = _DIRECTIVE.fullmatch(line)
        if match is None or match[1].lower() not in _DIRECTIVES:
            break
        found.setdefault(match[1].lower(), (index, match[2]))
    values = {name: value for name, (_, value) in found.items()}
    if "escape" in found and "check" in found:
        lines.insert(0, lines.pop(found["escape"][0]))
        text = "\n".join(lines)
    return Directives(values.get("syntax"), values.get("escape", "\\"), values.get("check")), text


def expand(word: str, values: Mapping[str, str | None], escape: str, *, unset: str | None = "") -> Expansion:
    """Remove quotes and escapes, and put in variables.

    A value of None is set, but only a build knows to what; `unset` stands for a variable that `values` lacks.

    Raises:
        WordError: BuildKit refuses the word.
    """
    if not any(mark in word for mark in ("$", "'", '"', escape)):
        return Expansion(word, ())
    lexer = _Lexer(word, values, escape, unset)
    text = lexer.read_until("", 0)
    return Expansion(text, tuple(lexer.unset_names))


class _Lexer:
    """One pass over a word; `at` is the position of the next character."""

    def __init__(self, word: str, values: Mapping[str, str | None], escape: str, unset: str | None) -> None:
        self._word = word
        self._values = values
        self._escape = escape
        self._unset = unset
        self._at = 0
        self.unset_names: list[str] = []

    def read_until(self, stop: str, depth: int) -> str | None:
        """Read up to `stop` (the end when empty) and step over it."""
        if depth > _MAX_DEPTH:
            raise WordError("substitutions are nested too deeply")
        parts: list[str | None] = []
        while char := self._next():
            if char == stop:
                return _join(parts)
            if char == "'":
                parts.append(self._single_quoted())
            elif char == '"':
                parts.extend(self._double_quoted(depth))
            elif char == "$":
                parts.append(self._variable(depth))
            else:
                parts.append(self._next() if char == self._escape else char)
        if stop:
            raise WordError(f"a {stop} is missing")
        return _join(parts)

    def _next(self) -> str:
        char = self._word[self._at : self._at + 1]
        self._at += 1
        return char

    def _peek(self) -> str:
        return self._word[self._at : self._at + 1]

    def _single_quoted(self) -> str:
        end = self._word.find("'", self._at)
        if end < 0:
            raise WordError("a single quote is not closed")
        text = self._word[self._at : end]
        self._at = end + 1
        return text

    def _double_quoted(self, depth: int) -> list[str | None]:
        parts: list[str | None] = []
        while char := self._next():
            if char == '"':
                return parts
            if char == "$":
                parts.append(self._variable(depth))
            else:
                escaped = char == self._escape and self._peek() in {'"', "$", self._escape}
                parts.append(self._next() if escaped else char)
        raise WordError("a double quote is not closed")

    def _variable(self, depth: int) -> str | None:
        braced = self._peek() == "{"
        self._at += braced
        match = _NAME.match(self._word, self._at)
        if match is None:
            if braced:
                raise WordError("a substitution names no variable")
            return "$"
        self._at = match.end()
        return self._substitution(match[0], depth) if braced else self._value(match[0])

    def _value(self, name: str) -> str | None:
        if name not in self._values:
            self.unset_names.append(name)
        return self._values.get(name, self._unset)

    def _substitution(self, name: str, depth: int) -> str | None:
        operator = self._next()
        if operator == "}":
            return self._value(name)
        empty_is_unset = operator == ":"
        if empty_is_unset:
            operator = self._next()
        if operator and operator in "-+?":
            word = self.read_until("}", depth + 1)
            return self._conditional(name, operator, word, empty_is_unset=empty_is_unset)
        if operator and operator in "#%/" and not empty_is_unset:
            return self._pattern(name, operator, depth)
        raise WordError("a substitution uses an operator that does not exist")

    def _conditional(self, name: str, operator: str, word: str | None, *, empty_is_unset: bool) -> str | None:
        has_value = name in self._values and not (empty_is_unset and self._values[name] == "")
        if operator == "+":
            return word if has_value else ""
        if has_value or operator == "?":
            return self._value(name)
        return word

    def _pattern(self, name: str, operator: str, depth: int) -> str | None:
        doubled = self._peek() == operator
        self._at += doubled
        pattern = self.read_until("/" if operator == "/" else "}", depth + 1)
        replacement = self.read_until("}", depth + 1) if operator == "/" else ""
        value = self._value(name)
        if pattern is None or replacement is None or value is None:
            return None
        if len(value) > _MAX_MATCHED or pattern.count("*") > _MAX_WILDCARDS:
            raise WordError("a substitution's pattern is too complex")
        if operator == "/":
            regex = _regex(pattern, greedy=True)
            return re.sub(regex, lambda _: replacement, value, count=0 if doubled else 1)
        return _trim(value, pattern, at_end=operator == "%", longest=doubled)


def _join(parts: Sequence[str | None]) -> str | None:
    """Put the parts together unless one is unknown; variables that double each other end here."""
    known = [part for part in parts if part is not None]
    if sum(map(len, known)) > max(_MAX_VALUE, len(parts)):
        raise WordError(f"a value grows longer than {_MAX_VALUE} characters")
    return "".join(known) if len(known) == len(parts) else None


def _regex(pattern: str, *, greedy: bool) -> str:
    star = ".*" if greedy else ".*?"
    return "".join(star if char == "*" else "." if char == "?" else re.escape(char) for char in pattern)


def _trim(value: str, pattern: str, *, at_end: bool, longest: bool) -> str:
    """Cut the shortest or longest match off one end; the shortest at the end is found back to front."""
    if at_end:
        return _trim(value[::-1], pattern[::-1], at_end=False, longest=longest)[::-1]
    match = re.match(_regex(pattern, greedy=longest), value)
    return value[match.end() :] if match else value
