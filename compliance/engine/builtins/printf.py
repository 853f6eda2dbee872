"""sprintf: Go's fmt.Sprintf on Rego's values, complaints about the format included."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compliance.engine.builtins.operands import array, text
from compliance.engine.builtins.printf_verbs import Argument, Spec, is_big, type_name, written
from compliance.engine.rego_values import Number, show

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from compliance.engine.rego_values import Value

_LIMIT = 1_000_000
_MOST_DIGITS = 8
_MAX_LENGTH = 16 * 1024 * 1024
_FLAGS = re.compile(r"[#0+\- ]*")
_DIGITS = re.compile(r"[0-9]+")
_FRACTION_MARKS = frozenset(".eE")


def sprintf(layout: Value, values: Value) -> str:
    """Write values by a layout of Go's."""
    result: list[str] = []
    length = 0
    for part in _Formatter(text(layout), [_argument(value) for value in array(values)]).parts():
        length += len(part)
        if length > _MAX_LENGTH:
            raise OverflowError("the text is too long")
        result.append(part)
    return "".join(result)


def _argument(value: Value) -> Argument:
    if isinstance(value, Number):
        if not _FRACTION_MARKS & set(value.text):
            return int(value.text)
        number = float(value.text)
        return value.text if number in {float("inf"), float("-inf")} else number
    return value if isinstance(value, str) else show(value)


@dataclass(slots=True)
class _Formatter:
    """Goes through a layout once, with Go's own state: which argument is next, and whether the last index was good."""

    layout: str
    arguments: Sequence[Argument]
    at: int = 0
    next: int = 0
    reordered: bool = False
    good: bool = True
    indexed: bool = False

    def parts(self) -> Iterator[str]:
        while self.at < len(self.layout):
            mark = self.layout.find("%", self.at)
            end = len(self.layout) if mark < 0 else mark
            yield self.layout[self.at : end]
            self.at = end + 1
            if mark >= 0:
                yield from self._directive()
        if not self.reordered and self.next < len(self.arguments):
            extra = (f"{type_name(one)}={written(one, Spec())}" for one in self.arguments[self.next :])
            yield f"%!(EXTRA {', '.join(extra)})"

    def _directive(self) -> Iterator[str]:
        self.good = True
        flags = set(self._take(_FLAGS))
        self.indexed = self._index()
        width, complaint = self._width(flags)
        yield complaint
        precision, complaint = self._precision()
        yield complaint
        if not self.indexed:
            self._index()
        if self.at >= len(self.layout):
            yield "%!(NOVERB)"
            return
        verb = self.layout[self.at]
        self.at += 1
        yield self._value(verb, flags, width, precision)

    def _value(self, verb: str, flags: set[str], width: int | None, precision: int | None) -> str:
        if verb == "%":
            return "%"
        if not self.good:
            return f"%!{verb}(BADINDEX)"
        if self.next >= len(self.arguments):
            return f"%!{verb}(MISSING)"
        argument = self.arguments[self.next]
        self.next += 1
        if verb in {"v", "w"}:
            flags = {f"{flag}v" if flag in {"#", "+"} else flag for flag in flags}
        return written(argument, Spec(verb, frozenset(flags), width, precision))

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.layout, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found[0]

    def _number(self) -> int | None:
        """A number in the layout; one that is far too large swallows the rest, as in Go."""
        digits = self._take(_DIGITS)
        if len(digits) > _MOST_DIGITS or int(digits[:-1] or 0) > _LIMIT:
            self.at = len(self.layout)
            return None
        return int(digits) if digits else None

    def _width(self, flags: set[str]) -> tuple[int | None, str]:
        if not self.layout.startswith("*", self.at):
            width = self._number()
            self.good = self.good and not (self.indexed and width is not None)
            return width, ""
        self.at += 1
        self.indexed = False
        width = self._from_argument()
        if width is not None and width < 0:
            flags -= {"0"}
            flags |= {"-"}
            width = -width
        return width, "%!(BADWIDTH)" if width is None else ""

    def _precision(self) -> tuple[int | None, str]:
        if not self.layout.startswith(".", self.at) or self.at + 1 >= len(self.layout):
            return None, ""
        self.at += 1
        self.good = self.good and not self.indexed
        self.indexed = self._index()
        if not self.layout.startswith("*", self.at):
            return self._number() or 0, ""
        self.at += 1
        self.indexed = False
        precision = self._from_argument()
        if precision is None or precision < 0:
            return None, "%!(BADPREC)"
        return precision, ""

    def _from_argument(self) -> int | None:
        argument = self.arguments[self.next] if self.next < len(self.arguments) else None
        if argument is None:
            return None
        self.next += 1
        fits = isinstance(argument, int) and not is_big(argument) and abs(argument) <= _LIMIT
        return argument if fits and isinstance(argument, int) else None

    def _index(self) -> bool:
        """An explicit index `[n]`; tells whether there was a well-formed one."""
        if not self.layout.startswith("[", self.at):
            return False
        self.reordered = True
        closing = self.layout.find("]", self.at)
        if len(self.layout) - self.at < len("[n]") or closing < 0:
            self.at += 1
            self.good = False
            return False
        inside = self.layout[self.at + 1 : closing]
        self.at = closing + 1
        well_formed = _DIGITS.fullmatch(inside) is not None and len(inside) <= _MOST_DIGITS
        if well_formed and 0 < int(inside) <= len(self.arguments):
            self.next = int(inside) - 1
            return True
        self.good = False
        return well_formed


BUILTINS: Mapping[str, Any] = {"sprintf": sprintf}
