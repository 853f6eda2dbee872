"""Evaluate expressions: what can be known becomes a plain value, and everything else UNKNOWN, never a guess."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from compliance.sources.terraform.functions import LENIENT, STRICT
from compliance.sources.terraform.grammar import ITEM
from compliance.sources.terraform.operations import arithmetic, grouped, item_of, member_of, pairs_of, unary
from compliance.sources.terraform.scopes import Bound
from compliance.sources.terraform.syntax import parse_template
from compliance.sources.terraform.tree import (
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
from compliance.sources.terraform.values import (
    UNKNOWN,
    Failure,
    Lazy,
    as_number,
    as_text,
    as_truth,
    bounded,
    equal,
    is_known,
    joined,
)

if TYPE_CHECKING:
    from compliance.sources.terraform.scopes import Files, Scope
    from compliance.sources.terraform.tree import Expression
    from compliance.sources.terraform.values import Value

_MAX_STEPS: Final = 300_000
# What holds so many characters or items costs as much as one step.
_SIZE_OF_A_STEP: Final = 16
_MAX_DEPTH: Final = 100
# A function that is called with something it does not expect complains in one of these ways.
_COMPLAINTS: Final = (
    ArithmeticError,
    LookupError,
    NotImplementedError,
    StopIteration,
    TypeError,
    ValueError,
)


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
                return member_of(self.value(of, scope), name)
            case Template(parts):
                return self._template(parts, scope)
            case ListOf(items):
                return [self._part(item, scope) for item in items]
            case ObjectOf():
                return self._object(expression, scope)
            case Index(of, key):
                return item_of(self.value(of, scope), self.value(key, scope))
            case Call():
                return self._call(expression, scope)
            case Conditional(test, yes, no):
                return self._conditional(test, yes, no, scope)
            case Binary(operation, left, right):
                return self._binary(operation, left, right, scope)
            case Unary(operation, of):
                return unary(operation, self.value(of, scope))
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
        return arithmetic(operation, as_number(first), as_number(second))

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
        return grouped(results) if loop.grouped else {as_text(key): value for key, value in results}

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
