"""A place in a Terraform text, and how to move it: white space, comments, lines, depth."""

from __future__ import annotations

import re
from bisect import bisect_right
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NoReturn

from compliance.model import Span
from compliance.sources.secret_text import shown_word

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DEPTH: Final = 100

_COMMENTS = r"(?:#|//)[^\n]*|/\*(?s:.*?)\*/"
_WITHIN_A_LINE: Final = re.compile(rf"(?:[ \t\r]+|{_COMMENTS})*")
_OVER_LINES: Final = re.compile(rf"(?:[ \t\r\n]+|{_COMMENTS})*")
_SPACE_BEGINS: Final = frozenset(" \t\r\n#/")
_LINE_END: Final = re.compile(r"\n")
_IDENTIFIER: Final = re.compile(r"[^\W\d][\w-]*")
_WORD: Final = re.compile(r"[\w.-]{1,30}|.")


class Wrong(Exception):  # noqa: N818 - never leaves the parser
    """The text does not go on as it should, at this offset."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


class Scanner:
    """Reads one text from left to right. `over_lines`: a line's end is mere white space (within brackets)."""

    def __init__(self, text: str, depth: int = 0) -> None:
        self.text = text
        self.position = 0
        self.over_lines = False
        self.depth = depth
        self._line_starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def skip(self) -> None:
        """Go past white space and comments."""
        if self.text[self.position : self.position + 1] in _SPACE_BEGINS:
            space = _OVER_LINES if self.over_lines else _WITHIN_A_LINE
            match = space.match(self.text, self.position)
            self.position = match.end() if match else self.position

    def next_start(self) -> int | None:
        """Go to what comes next on whatever line; None at the end of the text."""
        self.over_lines = True
        self.skip()
        self.over_lines = False
        return self.position if self.position < len(self.text) else None

    def peek(self, text: str) -> bool:
        """Whether this text comes next, after white space."""
        self.skip()
        return self.text.startswith(text, self.position)

    def take(self, text: str) -> bool:
        """Go past this text when it comes next."""
        found = self.peek(text)
        if found:
            self.position += len(text)
        return found

    def expect(self, text: str, why: str) -> None:
        """Go past this text, which has to come next."""
        if not self.take(text):
            self.fail(f"{text} was expected {why}")

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Go past what fits the pattern right here."""
        found = pattern.match(self.text, self.position)
        if found:
            self.position = found.end()
        return found

    def identifier(self, what: str) -> str:
        """Read a name."""
        self.skip()
        if (found := self.match(_IDENTIFIER)) is None:
            self.fail(f"{what} was expected")
        return found[0]

    def fail(self, message: str) -> NoReturn:
        """Give up, saying what stands here instead."""
        self.skip()
        raise Wrong(f"{message}, not {self._here()}", self.position)

    def _here(self) -> str:
        found = _WORD.match(self.text, self.position)
        if found:
            return shown_word(found[0])
        return "the end of the line" if self.position < len(self.text) else "the end of the file"

    @contextmanager
    def nested(self, *, over_lines: bool) -> Iterator[None]:
        """One level deeper, with its own meaning of a line's end."""
        outer, self.over_lines = self.over_lines, over_lines
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Wrong(f"nested more than {MAX_DEPTH} deep", self.position)
        yield
        self.depth -= 1
        self.over_lines = outer

    def line(self, position: int) -> int:
        """The number of the line that holds this offset."""
        return bisect_right(self._line_starts, position)

    def span(self, start: int, end: int | None = None) -> Span:
        """The place of a part of the text."""
        line = self.line(start)
        return Span(line, start - self._line_starts[line - 1] + 1, None if end is None else self.line(end))
