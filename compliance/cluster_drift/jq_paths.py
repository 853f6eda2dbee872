"""Which paths a jq expression of `ignore_differences` selects: asked of jq for many objects at a time.

jq runs in a process of its own with a deadline (`interop.jq_running`), which takes longer to start than to answer.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance.errors import ConfigurationError, EvaluationError, ReadError, ToolMissing
from compliance.interop import jq_running
from compliance.interop.jq_filters import JOINED, Filter, barrier, read_filter
from compliance.interop.shell_words import Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from compliance.verification_settings import Locate

Paths = tuple[tuple[str | int, ...], ...]

_LIMITS: Final = jq_running.Limits(deadline=20.0)
_MOST_KEPT: Final = 20_000
_REMEDY: Final = "mend it in ignore_differences: jq_paths"


class JqPaths:
    """Asks jq; what was asked ahead is answered without it."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._known: dict[tuple[str, bytes], Paths | ReadError] = {}

    def __call__(self, expression: str, value: object) -> Paths:
        """The paths of keys and numbers that an expression selects in a value.

        Raises:
            ReadError: jq fails on it.
        """
        key = (expression, _digest(orjson.dumps(value)))
        if key not in self._known:
            self.ahead([(expression, value)])
        found = self._known[key]
        if isinstance(found, ReadError):
            raise found
        return found

    def ahead(self, asked: Iterable[tuple[str, object]]) -> None:
        """Ask about many values at once; forgets what was asked before where that has become much."""
        if len(self._known) > _MOST_KEPT:
            self._known.clear()
        by_expression: dict[str, dict[bytes, None]] = {}
        for expression, value in asked:
            by_expression.setdefault(expression, {})[orjson.dumps(value)] = None
        for expression, values in by_expression.items():
            fresh = [value for value in values if (expression, _digest(value)) not in self._known]
            if fresh:
                keys = [(expression, _digest(value)) for value in fresh]
                self._known.update(zip(keys, self._ask(expression, fresh), strict=True))

    def _ask(self, expression: str, values: Sequence[bytes]) -> list[Paths | ReadError]:
        program = Filter(_program(expression), slurp=True, at=0)
        try:
            told = jq_running.run([program], b"\n".join(values), [], _LIMITS, self._now)
            return _sorted_out(expression, told, len(values))
        except EvaluationError as error:
            failed = ReadError(f"the jq path {expression!r} cannot be followed: {error.message}", remedy=_REMEDY)
            return [failed] * len(values)


def _digest(value: bytes) -> bytes:
    return hashlib.blake2b(value, digest_size=16).digest()


def _program(expression: str) -> str:
    """One text for each path or failure, with the number of the value that it is of."""
    return (
        f"range(length) as $__at | .[$__at] | (try (path(\n{expression}\n) | [$__at, .] | tojson) "
        "catch ([$__at, (. | tostring | .[:200])] | tojson))"
    )


def _sorted_out(expression: str, told: Iterable[dict[str, Any]], count: int) -> list[Paths | ReadError]:
    found: list[list[tuple[str | int, ...]]] = [[] for _ in range(count)]
    failed: dict[int, ReadError] = {}
    for one in told:
        try:
            number, said = orjson.loads(one["text"])
        except orjson.JSONDecodeError:
            raise EvaluationError("it selects a path that is too long") from None
        if isinstance(said, list) and all(isinstance(step, (str, int)) for step in said):
            found[number].append(tuple(said))
        else:
            failed[number] = ReadError(f"the jq path {expression!r} cannot be followed: {said}", remedy=_REMEDY)
    return [failed.get(number, tuple(paths)) for number, paths in enumerate(found)]


def check(expressions: Sequence[tuple[str, Sequence[str | int]]], now: datetime, locate: Locate) -> None:
    """Compile the expressions, each with its place in the configuration.

    Raises:
        ConfigurationError: jq is not installed, or one is not a path in its language.
    """
    if not expressions:
        return
    for expression, place in expressions:
        _refuse_reaching(expression, place, locate)
    variables: dict[str, list[object]] = {JOINED: []}
    programs = [(f"{barrier(now)}\n{_program(expression)}", variables) for expression, _ in expressions]
    try:
        problems = jq_running.check(programs, _LIMITS)
    except ToolMissing as error:
        raise ConfigurationError(
            f"ignore_differences has jq paths: {error.message}", remedy=error.remedy, origin=locate(*expressions[0][1])
        ) from error
    for (expression, place), problem in zip(expressions, problems, strict=True):
        if problem is not None:
            raise _wrong(expression, problem, place, locate)


def _refuse_reaching(expression: str, place: Sequence[str | int], locate: Locate) -> None:
    """What reaches outside of the object is refused as in shell rules."""
    script = f"jq {expression}"
    try:
        read, joins = read_filter((Word("jq", 0), Word(expression, len("jq "))), script, last=True, joins=0)
    except ReadError as error:
        raise _wrong(expression, error.message, place, locate) from error
    if joins or read.program != expression:
        raise _wrong(expression, "it asks for other objects", place, locate)


def _wrong(expression: str, why: str, place: Sequence[str | int], locate: Locate) -> ConfigurationError:
    message = f"ignore_differences: {expression!r} is no path in jq's language: {why}"
    return ConfigurationError(
        message, remedy="write it as .spec.template.spec.containers[].image", origin=locate(*place)
    )
