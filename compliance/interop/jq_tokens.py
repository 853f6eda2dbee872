r"""The text of a jq filter as tokens, as far as it takes to see what it reaches for (jq 1.8 manual; src/lexer.l).

Strings are told apart from code, and code inside a string (`"\(...)"`) is code. A `[kubectl ...]`, which is no jq, is
one token of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn

from compliance.errors import ReadError
from compliance.interop.shell_words import span_at

if TYPE_CHECKING:
    from collections.abc import Iterator

_CODE: Final = re.compile(
    r"""
      (?P<space>[ \t\r\n]+)
    | (?P<comment>\#[^\n]*)
    | (?P<field>\.[A-Za-z_][A-Za-z0-9_]*)
    | (?P<variable>\$[ \t\r\n]*(?:[A-Za-z_][A-Za-z0-9_]*::)*[A-Za-z_][A-Za-z0-9_]*)
    | (?P<format>@[A-Za-z0-9_]+)
    | (?P<word>(?:[A-Za-z_][A-Za-z0-9_]*::)*[A-Za-z_][A-Za-z0-9_]*)
    | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)
    | (?P<quote>")
    | (?P<kubectl>\[[ \t\r\n]*(?=kubectl[ \t]))
    | (?P<operator>.)
    """,
    re.VERBOSE,
)
_STRING: Final = re.compile(r'(?:[^"\\]|\\[^(])*', re.DOTALL)
_SHELL_PIECE: Final = re.compile(r"""'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\[\]'"\\]+|\[|\]""", re.DOTALL)
_CLOSES: Final = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of code: its kind (a group of the pattern above), its text, where it starts, and whether it is a key.

    A key is a word of an object such as `{env: 1}`, which is text and calls nothing.
    """

    kind: str
    text: str
    at: int
    key: bool = False


def code_tokens(text: str) -> Iterator[Token]:
    """Give the tokens of the code, without blanks, comments and the text of strings.

    Raises:
        ReadError: a string, an interpolation or a bracket is never closed.
    """
    return _Lexer(text).tokens()


class _Lexer:
    r"""`_open` holds the brackets around the place; `\(` is an interpolation, after which its string goes on."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._open: list[tuple[str, int]] = []
        self._before = ""

    def tokens(self) -> Iterator[Token]:
        while self._at < len(self._text):
            match = _CODE.match(self._text, self._at)
            if match is None or match.lastgroup is None:
                self._refuse("a character that jq does not know", self._at)
            yield from self._token(match.lastgroup, match[0])
        if self._open:
            bracket, at = self._open[-1]
            self._refuse(f"{bracket} is never closed", at)

    def _token(self, kind: str, text: str) -> Iterator[Token]:
        start = self._at
        self._at += len(text)
        if kind == "comment" and text.rstrip("\r").endswith("\\"):
            self._refuse("a comment ends with a backslash, which versions of jq read differently", start)
        if kind in {"space", "comment"}:
            return
        if kind == "kubectl":
            self._at = self._end_of_command(start)
            yield Token(kind, self._text[start : self._at], start)
        elif kind == "quote":
            self._string(start)
        else:
            key = kind == "word" and self._before in {"{", ","} and bool(self._open) and self._open[-1][0] == "{"
            yield Token(kind, text, start, key=key)
            if kind == "operator":
                self._bracket(text, start)
        self._before = text

    def _bracket(self, text: str, at: int) -> None:
        if text in _CLOSES.values():
            self._open.append((text, at))
        elif text in _CLOSES:
            opened = self._open.pop()[0] if self._open else ""
            if text == ")" and opened == "\\(":
                self._string(at)
            elif opened != _CLOSES[text]:
                self._refuse(f"{text} closes nothing", at)

    def _string(self, start: int) -> None:
        """Step over a string's text, to its end or to the code inside."""
        match = _STRING.match(self._text, self._at)
        end = match.end() if match else self._at
        if self._text.startswith('"', end):
            self._at = end + 1
        elif self._text.startswith("\\(", end):
            self._open.append(("\\(", end))
            self._at = end + 2
        else:
            self._refuse("a string is never closed", start)

    def _end_of_command(self, start: int) -> int:
        """Where the `]` is that closes the one at `start`; brackets inside a shell's quotes do not count."""
        at, depth = start, 0
        while match := _SHELL_PIECE.match(self._text, at):
            at = match.end()
            depth += {"[": 1, "]": -1}.get(match[0], 0)
            if depth == 0:
                return at
        raise self._problem("[ is never closed", start)

    def _refuse(self, why: str, at: int) -> NoReturn:
        raise self._problem(why, at)

    def _problem(self, why: str, at: int) -> ReadError:
        return ReadError(f"is no jq: {why}", remedy="see https://jqlang.org/manual/", span=span_at(self._text, at))
