"""The words of a Jenkinsfile: Groovy's strings, names and brackets, without its comments.

Grammar: https://groovy-lang.org/syntax.html, chapters 3 to 5. Slashy strings are not told from divisions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\r\f\v]+|\\\r?\n)
    | (?P<line>\n)
    | (?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z)|\#![^\n]*)
    | (?P<text>\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*+(?:\"\"\"|\Z) | '''(?:[^'\\]|\\.|'(?!''))*+(?:'''|\Z)
        | "(?:[^"\\\n]|\\.)*+"? | '(?:[^'\\\n]|\\.)*+'?)
    | (?P<name>[A-Za-z_$][\w$]*(?:\.[A-Za-z_][\w$]*)*)
    | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(\r?\n|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\n": "", "\r\n": ""}


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is text, name, mark or line; `value` of a text is what it holds. Lines count from 1."""

    kind: str
    value: str
    line: int
    last_line: int
    templated: bool = False


def tokens(text: str) -> Iterator[Token]:
    """All tokens but white space and comments."""
    line = 1
    for match in _TOKEN.finditer(text):
        kind, written = match.lastgroup or "mark", match[0]
        last = line + written.count("\n")
        if kind == "text":
            yield Token(kind, _content(written), line, last, written.startswith('"') and "$" in written)
        elif kind not in {"space", "comment"}:
            yield Token(kind, written, line, line)
        line = last


def _content(written: str) -> str:
    quotes = written[:3] if written[:3] in {'"""', "'''"} else written[:1]
    inner = written[len(quotes) :].removesuffix(quotes)
    return _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[1] if match[1] in "\\'\"$" else match[0]), inner)
