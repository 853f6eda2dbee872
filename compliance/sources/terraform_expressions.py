"""Evaluate expressions: what can be known becomes a plain value, and everything else UNKNOWN, never a guess."""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, assert_never

from compliance.sources.terraform_ast import (
    Binary,
    Call,
    Conditional,
    For,
    Index,
    Joined,
    ListOf,
    Literal,
    Member,
    Name,
    ObjectOf,
    Splat,
    Template,
    Unary,
)
from compliance.sources.terraform_functions import LENIENT, STRICT
from compliance.sources.terraform_grammar import ITEM
from compliance.sources.terraform_syntax import parse_template
from compliance.sources.terraform_values import (
    UNKNOWN,
    Failure,
    Lazy,
    SetOf,
    as_list,
    as_number,
    as_text,
    as_truth,
    as_whole,
    bounded,
    equal,
    is_known,
    joined,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from compliance.sources.terraform_ast import Expression
    from compliance.sources.terraform_values import Value

_MAX_STEPS: Final = 300_000
# What holds so many characters or items costs as much as one step.
_SIZE_OF_A_STEP: Final = 16
_MAX_DEPTH: Final = 100
_ARITHMETIC: Final[Mapping[str, Callable[[float, float], float]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": math.fmod,
}
# A function that is called with something it does not expect complains in one of these ways.
_COMPLAINTS: Final = (
    ArithmeticError,
    LookupError,
    NotImplementedError,
    StopIteration,
    TypeError,
    ValueError,
)


class Scope(Protocol):
    """What names stand for."""

    def resolve(self, name: str) -> Value:
        """What a name stands for; UNKNOWN when that cannot be known."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A scope with some more names."""

    names: Mapping[str, Value]
    outer: Scope

    def resolve(self, name: str) -> Value:
        """Look here first."""
        return self.names[name] if name in self.names else self.outer.resolve(name)


class Files(Protocol):
    """The files that a configuration may read."""

    def read(self, path: str) -> str | None:
        """The text of a file; None when it is not there or may not be read."""


class Evaluator:
    """Evaluates expressions, all of one configuration together within a budget of steps."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._steps = _MAX_STEPS
        self._depth = 0

    @property
    def exhausted(self) -> bool:
        """Whether the steps were not enough, so that some values are unknown only for that."""
        return self._steps <= 0

    def settled(self, expression: Expression, scope: Scope) -> Value:
        """Evaluate; what Terraform would refuse is unknown."""
        try:
            value = self.value(expression, scope)
        except (Failure, RecursionError):
            return UNKNOWN
        return UNKNOWN if isinstance(value, Lazy) else value

    def value(self, expression: Expression, scope: Scope) -> Value:
        """Evaluate an expression.

        Raises:
            Failure: Terraform would refuse it.
        """
        self._steps -= 1
        if self._steps <= 0 or self._depth >= _MAX_DEPTH:
            return UNKNOWN
        self._depth += 1
        try:
            value = bounded(self._value(expression, scope))
        finally:
            self._depth -= 1
        if isinstance(value, str | list | dict):
            self._steps -= len(value) // _SIZE_OF_A_STEP
        return value

    def _value(self, expression: Expression, scope: Scope) -> Value:  # noqa: C901, PLR0911, PLR0912 - a case a kind
        match expression:
            case Literal(value):
                return value
            case Name(name):
                return scope.resolve(name)
            case Member(of, name):
                return _member(self.value(of, scope), name)
            case Template(parts):
                return self._template(parts, scope)
            case ListOf(items):
                return [self._part(item, scope) for item in items]
            case ObjectOf():
                return self._object(expression, scope)
            case Index(of, key):
                return _item(self.value(of, scope), self.value(key, scope))
            case Call():
                return self._call(expression, scope)
            case Conditional(test, yes, no):
                return self._conditional(test, yes, no, scope)
            case Binary(operation, left, right):
                return self._binary(operation, left, right, scope)
            case Unary(operation, of):
                return _unary(operation, self.value(of, scope))
            case Splat(of, each):
                return self._splat(self.value(of, scope), each, scope)
            case For():
                return self._for(expression, scope)
            case Joined(over):
                texts = self.value(over, scope)
                return joined("", [as_text(text) for text in texts]) if is_known(texts) else UNKNOWN
            case _:
                assert_never(expression)

    def _part(self, expression: Expression, scope: Scope) -> Value:
        value = self.value(expression, scope)
        return UNKNOWN if isinstance(value, Lazy) else value

    def _template(self, parts: tuple[Expression, ...], scope: Scope) -> Value:
        values = [self.value(part, scope) for part in parts]
        if len(values) == 1:
            return values[0]
        return joined("", [as_text(value) for value in values]) if all(map(is_known, values)) else UNKNOWN

    def _object(self, expression: ObjectOf, scope: Scope) -> Value:
        found: dict[str, Value] = {}
        for item in expression.items:
            key = self.value(item.key, scope)
            if not is_known(key):
                return UNKNOWN
            found[as_text(key)] = self._part(item.value, scope)
        return found

    def _conditional(self, test: Expression, yes: Expression, no: Expression, scope: Scope) -> Value:
        decided = self.value(test, scope)
        if is_known(decided):
            return self.value(yes if as_truth(decided) else no, scope)
        one, other = self.settled(yes, scope), self.settled(no, scope)
        return one if is_known([one, other]) and equal(one, other) else UNKNOWN

    def _binary(self, operation: str, left: Expression, right: Expression, scope: Scope) -> Value:
        first = self.value(left, scope)
        if operation in {"&&", "||"}:
            return self._logic(first, right, scope, deciding=operation == "||")
        second = self.value(right, scope)
        if not is_known(first) or not is_known(second):
            return UNKNOWN
        if operation in {"==", "!="}:
            return equal(first, second) is (operation == "==")
        return _arithmetic(operation, as_number(first), as_number(second))

    def _logic(self, first: Value, right: Expression, scope: Scope, *, deciding: bool) -> Value:
        if is_known(first) and as_truth(first) is deciding:
            return deciding
        second = self.value(right, scope)
        if is_known(second) and as_truth(second) is deciding:
            return deciding
        return not deciding if is_known(first) and is_known(second) else UNKNOWN

    def _splat(self, of: Value, each: Expression, scope: Scope) -> Value:
        if of is None:
            return []
        pairs = pairs_of(of if isinstance(of, list | Lazy) or of is UNKNOWN else [of])
        if pairs is UNKNOWN:
            return UNKNOWN
        return [self._part(each, Bound({ITEM.name: item}, scope)) for _, item in pairs]

    def _for(self, loop: For, scope: Scope) -> Value:
        pairs = pairs_of(self.value(loop.over, scope))
        if pairs is UNKNOWN:
            return UNKNOWN
        results: list[tuple[Value, Value]] = []
        for key, value in pairs:
            inner = Bound({loop.value: value} | ({} if loop.key is None else {loop.key: key}), scope)
            wanted = True if loop.test is None else self.value(loop.test, inner)
            name = self.value(loop.result_key, inner) if loop.result_key else None
            if not is_known([wanted, name]):
                return UNKNOWN
            if as_truth(wanted):
                results.append((name, self._part(loop.result, inner)))
        if loop.result_key is None:
            return [value for _, value in results]
        return _grouped(results) if loop.grouped else {as_text(key): value for key, value in results}

    def _call(self, call: Call, scope: Scope) -> Value:
        if call.name == "try":
            return self._first_that_works(call.arguments, scope)
        if call.name == "can":
            return self._works(call.arguments, scope)
        arguments = [self._part(argument, scope) for argument in call.arguments]
        if call.spread:
            if not isinstance(arguments[-1], list):
                return UNKNOWN
            arguments[-1:] = arguments[-1]
        try:
            return self._apply(call.name, arguments, scope)
        except _COMPLAINTS:
            return UNKNOWN

    def _apply(self, name: str, arguments: list[Value], scope: Scope) -> Value:
        if name in LENIENT:
            return LENIENT[name](*arguments)
        if not is_known(arguments):
            return UNKNOWN
        if name in {"file", "templatefile"}:
            return self._file(scope, *arguments)
        return STRICT[name](*arguments) if name in STRICT else UNKNOWN

    def _file(self, scope: Scope, path: str, names: dict[str, Value] | None = None) -> Value:
        text = self._files.read(as_text(path))
        if text is None or names is None:
            return UNKNOWN if text is None else text
        return self.value(parse_template(text), Bound(names, scope))

    def _first_that_works(self, alternatives: tuple[Expression, ...], scope: Scope) -> Value:
        for alternative in alternatives:
            try:
                return self.value(alternative, scope)
            except Failure:
                continue
        raise Failure

    def _works(self, arguments: tuple[Expression, ...], scope: Scope) -> Value:
        try:
            values = [self.value(argument, scope) for argument in arguments]
        except Failure:
            return False
        return True if is_known(values) else UNKNOWN


def _member(of: Value, name: str) -> Value:
    if of is UNKNOWN:
        return UNKNOWN
    if isinstance(of, Lazy):
        return of.member(name)
    if isinstance(of, dict) and name in of:
        return of[name]
    raise Failure


def _item(of: Value, key: Value) -> Value:
    if of is UNKNOWN or not is_known(key):
        return UNKNOWN
    if isinstance(of, Lazy):
        return of.item(key)
    if isinstance(of, dict):
        return _member(of, as_text(key))
    index = as_whole(key)
    if not 0 <= index < len(as_list(of)):
        raise Failure
    return of[index]


def _unary(operation: str, value: Value) -> Value:
    if not is_known(value):
        return UNKNOWN
    return not as_truth(value) if operation == "!" else -as_number(value)


def _arithmetic(operation: str, left: float, right: float) -> Value:
    if operation in "/%" and right == 0:
        raise Failure
    try:
        return _ARITHMETIC[operation](left, right)
    except OverflowError:
        return UNKNOWN


def pairs_of(over: Value) -> Value:
    """The items of a list or map with their keys, in Terraform's order."""
    if isinstance(over, Lazy):
        return over.items()
    if isinstance(over, dict):
        return sorted(over.items())
    if isinstance(over, SetOf):
        return [(value, value) for value in over]
    return UNKNOWN if over is UNKNOWN else list(enumerate(as_list(over)))


def _grouped(pairs: list[tuple[Value, Value]]) -> dict[str, Value]:
    groups: dict[str, list[Value]] = {}
    for key, value in pairs:
        groups.setdefault(as_text(key), []).append(value)
    return dict(groups)
