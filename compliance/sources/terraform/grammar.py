"""Expressions of the HCL native syntax, read by recursive descent.

Reference: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md, "Expressions"
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from compliance.sources.terraform import templates
from compliance.sources.terraform.scanner import Scanner, Wrong
from compliance.sources.terraform.tree import (
    Binary,
    Call,
    Conditional,
    For,
    Index,
    Item,
    ListOf,
    Literal,
    Member,
    Name,
    ObjectOf,
    Splat,
    Unary,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from compliance.sources.terraform.tree import Expression

_OPERATOR: Final = re.compile(r"\|\||&&|==|!=|<=|>=|[<>+*/%-]")
_STRENGTH: Final = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5}
_STRONGEST: Final = 6
_NUMBER: Final = re.compile(r"[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_DIGITS: Final = re.compile(r"[0-9]{1,9}")
_FUNCTION: Final = re.compile(r"[^\W\d][\w-]*(?:::[^\W\d][\w-]*)*(?=[ \t]*\()")
_FOR: Final = re.compile(r"for[ \t\r\n]+(?=[^\W\d][\w-]*[ \t\r\n]*(?:,|in\b))")
_KEYWORDS: Final = {"true": True, "false": False, "null": None}
_LONGEST_NUMBER: Final = 300
ITEM: Final = Name("*")


class Expressions(Scanner):
    """Reads expressions."""

    def expression(self) -> Expression:
        """Read one expression, as far as it goes."""
        with self.nested(over_lines=self.over_lines):
            test = self._binary(1)
            if not self.take("?"):
                return test
            yes = self.expression()
            self.expect(":", "between the two values of a condition")
            return Conditional(test, yes, self.expression())

    def loop(self) -> tuple[str | None, str, Expression]:
        """Read `key, value in list`."""
        first, second = self.identifier("a name for the items"), None
        if self.take(","):
            second = self.identifier("a name for the values")
        if self.identifier("in") != "in":
            self.fail("in was expected")
        over = self.expression()
        return (None, first, over) if second is None else (first, second, over)

    def _binary(self, weakest: int) -> Expression:
        left = self._unary()
        while True:
            self.skip()
            found = _OPERATOR.match(self.text, self.position)
            strength = _STRENGTH.get(found[0], _STRONGEST) if found else 0
            if found is None or strength < weakest:
                return left
            self.position = found.end()
            left = Binary(found[0], left, self._binary(strength + 1))

    def _unary(self) -> Expression:
        for operator in "-!":
            if self.take(operator):
                with self.nested(over_lines=self.over_lines):
                    return Unary(operator, self._unary())
        return self._traversed(self._term())

    def _traversed(self, value: Expression, *, members_only: bool = False) -> Expression:
        """Read the `.name`, `[key]` and splats behind a value."""
        while True:
            if self.peek(".") and not self.peek("..."):
                if members_only and self.peek(".*"):
                    return value
                self.position += 1
                value = self._member(value)
            elif not members_only and self.take("["):
                value = self._index(value)
            else:
                return value

    def _member(self, of: Expression) -> Expression:
        if self.take("*"):
            return Splat(of, self._traversed(ITEM, members_only=True))
        self.skip()
        if found := self.match(_DIGITS):
            return Index(of, Literal(int(found[0])))
        return Member(of, self.identifier("a name after the dot"))

    def _index(self, of: Expression) -> Expression:
        with self.nested(over_lines=True):
            if splat := self.take("*"):
                key: Expression = ITEM
            else:
                key = self.expression()
            self.expect("]", "after the index")
        if not splat:
            return Index(of, key)
        with self.nested(over_lines=self.over_lines):
            return Splat(of, self._traversed(ITEM))

    def _term(self) -> Expression:
        self.skip()
        opened = _OPENED.get(self.text[self.position : self.position + 1])
        if opened:
            return opened(self)
        if found := self.match(_NUMBER):
            return self._number(found)
        if found := self.match(_FUNCTION):
            return self._call(found[0])
        name = self.identifier("a value")
        return Literal(_KEYWORDS[name]) if name in _KEYWORDS else Name(name)

    def parenthesis(self) -> Expression:
        """Read `(value)`."""
        with self.nested(over_lines=True):
            self.position += 1
            value = self.expression()
            self.expect(")", "after the value in parentheses")
        return value

    def _number(self, found: re.Match[str]) -> Expression:
        if len(found[0]) > _LONGEST_NUMBER or abs(float(found[0])) == float("inf"):
            raise Wrong("the number is too large", found.start())
        return Literal(float(found[0]) if found[1] or found[2] else int(found[0]))

    def _call(self, name: str) -> Expression:
        arguments, spread = [], False
        with self.nested(over_lines=True):
            self.take("(")
            while not self.take(")"):
                arguments.append(self.expression())
                spread = self.take("...")
                if not self.take(",") and not self.peek(")"):
                    self.fail(f"a comma or ) was expected in {name}(")
        return Call(name, (*arguments,), spread)

    def list_of(self) -> Expression:
        """Read `[items]` or `[for …]`."""
        items = []
        with self.nested(over_lines=True):
            self.position += 1
            self.skip()
            if self.match(_FOR):
                return self._for("]")
            while not self.take("]"):
                items.append(self.expression())
                if not self.take(",") and not self.peek("]"):
                    self.fail("a comma or ] was expected in a list")
        return ListOf((*items,))

    def object_of(self) -> Expression:
        """Read `{items}` or `{for …}`."""
        items = []
        with self.nested(over_lines=True):
            self.position += 1
            self.skip()
            if self.match(_FOR):
                return self._for("}")
            while not self.take("}"):
                items.append(self._item())
        return ObjectOf((*items,))

    def _item(self) -> Item:
        self.skip()
        start = self.position
        with self.nested(over_lines=False):
            key = self._traversed(self._term())
            if not self.take("="):
                self.expect(":", "or = after the key of an object")
            value = self.expression()
            if not self.take(",") and not self.peek("\n") and not self.peek("}"):
                self.fail("a comma or the end of the line was expected in an object")
        return Item(Literal(key.name) if isinstance(key, Name) else key, value, self.span(start, self.position))

    def _for(self, closing: str) -> Expression:
        key, value, over = self.loop()
        self.expect(":", "after the list that is gone through")
        result, result_key, grouped = self.expression(), None, False
        if closing == "}":
            self.expect("=>", "between key and value")
            result_key, result = result, self.expression()
            grouped = self.take("...")
        test = None
        if not self.peek(closing) and self.identifier(f"if or {closing}") == "if":
            test = self.expression()
        self.expect(closing, "at the end of for")
        return For(key, value, over, result, result_key, test, grouped)


_OPENED: Final[dict[str, Callable[[Expressions], Expression]]] = {
    '"': templates.quoted,
    "<": templates.heredoc,
    "(": Expressions.parenthesis,
    "[": Expressions.list_of,
    "{": Expressions.object_of,
}
