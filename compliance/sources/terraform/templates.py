"""Texts with `${ }` and `%{ }` in them: in quotation marks, as a heredoc, or from a JSON file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from compliance.sources.secret_text import shown_word
from compliance.sources.terraform.scanner import Wrong
from compliance.sources.terraform.tree import Conditional, For, Joined, Literal, Template

if TYPE_CHECKING:
    from compliance.sources.terraform.grammar import Expressions
    from compliance.sources.terraform.tree import Expression

_QUOTED: Final = re.compile(r'(?:[^"\\$%\n]|\\.|\$\$\{|%%\{|[$%](?!\{))+')
_PLAIN: Final = re.compile(r"(?:[^$%]|\$\$\{|%%\{|[$%](?!\{))+")
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))|([$%])\4\{", re.DOTALL)
_DOUBLED: Final = re.compile(r"([$%])\1\{")
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t"}
_HEREDOC: Final = re.compile(r"<<(-?)([^\W\d][\w-]*)[ \t\r]*\n")
_INDENT: Final = re.compile(r"^[ \t]*(?=\S)", re.MULTILINE)
_END_WORDS: Final = re.compile(r"%\{~?[ \t\r\n]*(else|endif|endfor)[ \t\r\n]*~?\}")
_LAST_CHARACTER: Final = 0x10FFFF
_SURROGATES: Final = range(0xD800, 0xE000)


def quoted(parser: Expressions) -> Expression:
    """Read `"…"`; the opening mark comes next."""
    start = parser.position
    parser.position += 1
    parts = _Parts(parser, _QUOTED, quoted=True).read()
    if not parser.text.startswith('"', parser.position):
        raise Wrong("a text in quotation marks does not end on its line", start)
    parser.position += 1
    return _template(parts)


def heredoc(parser: Expressions) -> Expression:
    """Read `<<WORD` up to the line that holds nothing but the word."""
    start = parser.position
    opening = parser.match(_HEREDOC)
    if opening is None:
        parser.fail("a heredoc's word at the end of the line was expected")
    closing = re.compile(rf"^[ \t]*{re.escape(opening[2])}[ \t\r]*$", re.MULTILINE).search(parser.text, opening.end())
    if closing is None:
        raise Wrong(f"the heredoc {opening[2]} does not end", start)
    content = parser.text[opening.end() : closing.start()]
    parser.position = closing.end()
    try:
        return text(parser, _dedented(content) if opening[1] else content)
    except Wrong as error:
        raise Wrong(f"{error.message}, in the heredoc {opening[2]}", start) from None


def text(parser: Expressions, content: str) -> Expression:
    """Read a whole text as a template; `parser` lends its kind and its depth."""
    inner = type(parser)(content, parser.depth)
    parts = _Parts(inner, _PLAIN, quoted=False).read()
    if inner.position < len(content):
        inner.fail("the end of the text was expected")
    return _template(parts)


def _dedented(content: str) -> str:
    indents = [len(match[0]) for match in _INDENT.finditer(content)]
    return re.sub(rf"^[ \t]{{0,{min(indents, default=0)}}}", "", content, flags=re.MULTILINE)


def _template(parts: list[Expression]) -> Expression:
    if not parts:
        return Literal("")
    return parts[0] if len(parts) == 1 and isinstance(parts[0], Literal) else Template(tuple(parts))


class _Parts:
    """The parts of a template, one after the other; `~` takes white space away from the texts beside it."""

    def __init__(self, parser: Expressions, literal: re.Pattern[str], *, quoted: bool) -> None:
        self._parser = parser
        self._literal = literal
        self._quoted = quoted
        self._strip = False

    def read(self) -> list[Expression]:
        """Read up to the closing mark, the end of the text, or an `else`, `endif` or `endfor`."""
        parser = self._parser
        parts: list[Expression] = []
        while True:
            if found := parser.match(self._literal):
                parts.append(Literal(self._text(found[0])))
            elif parser.text.startswith("${", parser.position):
                parts.append(self._interpolation(parts))
            elif _END_WORDS.match(parser.text, parser.position):
                self._open(parts, peek=True)
                return parts
            elif parser.text.startswith("%{", parser.position):
                parts.append(self._directive(parts))
            else:
                return parts

    def _text(self, found: str) -> str:
        value = _ESCAPE.sub(_unescaped, found) if self._quoted else _DOUBLED.sub(r"\1{", found)
        stripped = value.lstrip() if self._strip else value
        self._strip = False
        return stripped

    def _open(self, parts: list[Expression], *, peek: bool = False) -> None:
        """Go past `${` or `%{`, and do what a `~` behind it asks for."""
        parser = self._parser
        strips = parser.text.startswith("~", parser.position + 2)
        last = parts[-1] if parts else None
        if strips and isinstance(last, Literal):
            parts[-1] = Literal(str(last.value).rstrip())
        if not peek:
            parser.position += 2 + strips

    def _close(self) -> None:
        self._strip = self._parser.take("~")
        self._parser.expect("}", "at the end of ${ or %{")

    def _interpolation(self, parts: list[Expression]) -> Expression:
        with self._parser.nested(over_lines=True):
            self._open(parts)
            value = self._parser.expression()
            self._close()
        # A literal would be taken for text around it: ${5} alone is a number.
        return Template((value,)) if isinstance(value, Literal) else value

    def _directive(self, parts: list[Expression]) -> Expression:
        with self._parser.nested(over_lines=True):
            self._open(parts)
            word = self._parser.identifier("if or for")
            if word == "if":
                return self._if()
            if word == "for":
                return self._for()
            raise Wrong(f"%{{ {shown_word(word)} }} stands where if or for belongs", self._parser.position)

    def _if(self) -> Expression:
        test = self._parser.expression()
        self._close()
        yes = _template(self.read())
        no: Expression = Literal("")
        word = self._end_word()
        if word == "else":
            no = _template(self.read())
            word = self._end_word()
        if word != "endif":
            raise Wrong("a %{ if } has no %{ endif }", self._parser.position)
        return Conditional(test, yes, no)

    def _for(self) -> Expression:
        key, value, over = self._parser.loop()
        self._close()
        result = _template(self.read())
        if self._end_word() != "endfor":
            raise Wrong("a %{ for } has no %{ endfor }", self._parser.position)
        return Joined(For(key, value, over, result))

    def _end_word(self) -> str:
        found = self._parser.match(_END_WORDS)
        if found is None:
            return ""
        self._strip = found[0].endswith("~}")
        return found[1]


def _unescaped(match: re.Match[str]) -> str:
    short, long, letter, doubled = match.groups()
    if doubled:
        return f"{doubled}{{"
    if letter:
        return _ESCAPES.get(letter, letter)
    number = int(short or long, 16)
    return "\ufffd" if number > _LAST_CHARACTER or number in _SURROGATES else chr(number)
