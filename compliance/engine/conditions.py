"""Conditions of verification policies: expressions in Rego over a statement, compiled and bounded as rules are.

Each is the body of a rule of its own module, so that one cannot reach into another: `input` is the statement, `data` is
empty but for the conditions. What is undefined does not hold.
"""

from __future__ import annotations

import hashlib
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson

from compliance.catalogue import Catalogue
from compliance.engine import build, entry
from compliance.engine.rego_files import RegoFile
from compliance.errors import CatalogueError, ComplianceError, EvaluationError
from compliance.supply_chain.verification import Outcome
from compliance.tools import INSTALL_HINTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from compliance.engine import Engine
    from compliance.private_cache import PrivateCache

_SCHEMA: Final = "conditions"
_LINES_BEFORE: Final = 3
_PLACE: Final = re.compile(r"rules/c\d+\.rego:(?P<line>\d+): ")
_COMPILED_HERE: Final = (
    "conditions are compiled here, once, wherever rules are evaluated: an OPA server holds rules, and is given no "
    f"others to run; {INSTALL_HINTS['opa']}"
)
_REMEDY: Final = "correct the condition; it is Rego over `input`, the in-toto statement"


class ConditionJudge:
    """Judges conditions in this process; modules are compiled once by the `opa` on PATH and kept in `cache`.

    Safe in any thread; statements are judged one at a time.
    """

    def __init__(self, cache: PrivateCache, *, deadline: float) -> None:
        """Begin without compiling anything; `deadline` is the seconds that one statement may take."""
        self._cache = cache
        self._deadline = deadline
        self._engines: dict[tuple[str, ...], Engine] = {}
        self._lock = threading.Lock()

    def __call__(self, conditions: Sequence[str], statement: Mapping[str, object]) -> tuple[Outcome, ...]:
        """Judge one statement; a condition that cannot be compiled or evaluated says so and does not hold."""
        texts = tuple(conditions)
        try:
            document = orjson.dumps(statement)
            with self._lock:
                (result,) = self._engine(texts).evaluate(_SCHEMA, [document])
        except CatalogueError as error:
            if len(texts) > 1:
                return tuple(outcome for text in texts for outcome in self((text,), statement))
            return (_unjudged(texts[0], _in_its_lines(error.message, texts[0]), _REMEDY),)
        except ComplianceError as error:
            return tuple(_unjudged(text, error.message, _COMPILED_HERE) for text in texts)
        except (TypeError, orjson.JSONEncodeError) as error:
            return tuple(
                _unjudged(text, f"the statement is no JSON that rules can read: {error}", "") for text in texts
            )
        if isinstance(result, EvaluationError):
            return tuple(_unjudged(text, f"its evaluation {result.message}", _REMEDY) for text in texts)
        return tuple(Outcome(text, result.get(_id(number)) is True) for number, text in enumerate(texts))

    def close(self) -> None:
        """Let go of the engines."""
        for engine in self._engines.values():
            engine.close()
        self._engines.clear()

    def _engine(self, texts: tuple[str, ...]) -> Engine:
        from compliance.engine.wasm import WasmEngine  # noqa: PLC0415 - heavy import only when used

        if texts not in self._engines:
            given = _source(texts)
            module = build.kept_module(given, self._cache)
            catalogue = Catalogue({}, _digest(texts), ())
            self._engines[texts] = WasmEngine(module, catalogue, deadline=self._deadline, cache=self._cache)
        return self._engines[texts]


def _source(texts: Sequence[str]) -> build.Source:
    files = tuple(
        RegoFile(f"rules/{_id(number)}.rego", Path(f"{_id(number)}.rego"), _rego(_id(number), text).encode())
        for number, text in enumerate(texts)
    )
    given = build.Source((), files, "", (_SCHEMA,))
    answers = [f'{_SCHEMA}["{_id(n)}"] := data.rules.{_id(n)}.holds\n' for n in range(len(texts))]
    header = entry.render({}, _digest(texts), finds=given.finds)
    return build.Source((), files, "\n".join([header, *answers]), (_SCHEMA,))


def _rego(name: str, text: str) -> str:
    # The brace has a line of its own: a condition may end in a comment.
    return f"package rules.{name}\n\nholds if {{\n{text}\n}}\n"


def _id(number: int) -> str:
    return f"c{number}"


def _digest(texts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode("utf-8", "backslashreplace")).hexdigest()


def _in_its_lines(said: str, text: str) -> str:
    """Count lines from the condition's own first; a complaint about the brace after it is one about its end."""
    lines = text.count("\n") + 1

    def own(match: re.Match[str]) -> str:
        line = int(match["line"]) - _LINES_BEFORE
        if line > lines:
            return "at its end: "
        return f"line {line}: " if lines > 1 else ""

    return _PLACE.sub(own, said)


def _unjudged(text: str, why: str, remedy: str) -> Outcome:
    return Outcome(text, holds=False, unjudged=why, remedy=remedy)
