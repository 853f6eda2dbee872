"""From the text of a .tf or .tfvars file to its blocks and attributes.

A mistake costs the block that it stands in: reading goes on with the next one that begins a line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from compliance.sources.secret_text import shown_word
from compliance.sources.terraform import templates
from compliance.sources.terraform.grammar import Expressions
from compliance.sources.terraform.scanner import Wrong
from compliance.sources.terraform.tree import Attribute, Block, Mistake, Source

if TYPE_CHECKING:
    from compliance.sources.terraform.tree import Expression

TOP_LEVEL: Final = frozenset(
    {
        "resource",
        "data",
        "ephemeral",
        "provider",
        "variable",
        "output",
        "locals",
        "module",
        "terraform",
        "moved",
        "import",
        "removed",
        "check",
        "action",
    }
)
_RESTART: Final = re.compile(rf"^(?:{'|'.join(sorted(TOP_LEVEL))})\b", re.MULTILINE)
_LABEL: Final = re.compile(r'"((?:[^"\\\n]|\\.)*)"|([^\W\d][\w-]*)')
_BRACE: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"|(?:#|//)[^\n]*|/\*(?s:.*?)\*/|[{}]')
_MAX_MISTAKES: Final = 20


def parse(text: str) -> Source:
    """Read a file's text; never fails, because what is wrong becomes a mistake."""
    parser = _Bodies(text.removeprefix("\ufeff"))
    attributes: dict[str, Attribute] = {}
    blocks: list[Block] = []
    mistakes: list[Mistake] = []
    while (start := parser.next_start()) is not None and len(mistakes) < _MAX_MISTAKES:
        try:
            parser.entry(attributes, blocks)
        except Wrong as error:
            mistakes.append(parser.mistake(error, start))
            parser.restart(start)
    return Source(attributes, tuple(blocks), tuple(mistakes))


def parse_expression(text: str) -> Expression:
    """Read one expression that stands alone.

    Raises:
        ValueError: it is none.
    """
    parser = Expressions(text)
    try:
        value = parser.expression()
        if parser.next_start() is not None:
            parser.fail("the end of the expression was expected")
    except Wrong as error:
        raise ValueError(error.message) from None
    return value


def parse_template(content: str) -> Expression:
    """Read a text that stands in a JSON file, or in a file of its own, as a template.

    Raises:
        ValueError: it is none.
    """
    try:
        return templates.text(Expressions(""), content)
    except Wrong as error:
        raise ValueError(error.message) from None


class _Bodies(Expressions):
    """Reads attributes and blocks."""

    def entry(self, attributes: dict[str, Attribute], blocks: list[Block]) -> None:
        """Read one attribute or block into what is given."""
        start = self.position
        name = self.identifier("a block or an attribute")
        if self.peek("=") and not self.peek("=="):
            if name in attributes:
                raise Wrong(f"{name} is set twice", start)
            attributes[name] = self._attribute(name, start)
        else:
            blocks.append(self._block(name, start))
        if not self.peek("\n") and not self.peek("}") and self.position < len(self.text):
            self.fail(f"the end of the line was expected after {shown_word(name)}")

    def _attribute(self, name: str, start: int) -> Attribute:
        self.take("=")
        value = self.expression()
        return Attribute(name, value, self.span(start, self.position))

    def _block(self, name: str, start: int) -> Block:
        labels = []
        while not self.take("{"):
            if (found := self.match(_LABEL)) is None:
                self.fail(f"= or {{ was expected after {shown_word(name)}")
            labels.append(found[1] if found[2] is None else found[2])
        attributes: dict[str, Attribute] = {}
        blocks: list[Block] = []
        with self.nested(over_lines=False):
            while self.next_start() is not None and not self.peek("}"):
                self.entry(attributes, blocks)
            self.expect("}", f"to close the block {name}")
        return Block(name, tuple(labels), attributes, tuple(blocks), self.span(start, self.position - 1))

    def mistake(self, error: Wrong, start: int) -> Mistake:
        """Say what is wrong: a block that is never closed is told as such, at its first line."""
        header = self.text[start : self._restart_after(start)].partition("\n")[0].partition("{")[0].strip()
        if not self._is_open(start):
            return Mistake(error.message, self.span(error.position))
        at_the_end = not self.text[error.position :].strip()
        detail = "" if at_the_end else f" (line {self.line(error.position)}: {error.message})"
        return Mistake(f"the block {header} is never closed{detail}", self.span(start))

    def _is_open(self, start: int) -> bool:
        region = self.text[start : self._restart_after(start)]
        braces = [match[0] for match in _BRACE.finditer(region) if match[0] in "{}"]
        return braces.count("{") > braces.count("}")

    def _restart_after(self, start: int) -> int:
        found = _RESTART.search(self.text, start + 1)
        return found.start() if found else len(self.text)

    def restart(self, start: int) -> None:
        """Go to the next block that begins a line."""
        self.position = self._restart_after(start)
        self.depth = 0
        self.over_lines = False
