"""Run jq's filters in a process of their own, which is killed when it takes too long (see `jq_child`)."""

from __future__ import annotations

import importlib.util
import math
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance import tools
from compliance.errors import DeadlineError, EvaluationError, ExhaustedError, ToolMissing, ToolOverflow, ToolTimeout
from compliance.interop.jq_filters import JOINED, barrier

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from compliance.interop.jq_filters import Filter

MAX_RESULTS: Final = 100_000
_CHILD: Final = Path(__file__).with_name("jq_child.py")
_MAX_OUTPUT: Final = 128 * 1024 * 1024
_KEPT: Final = frozenset({"LD_LIBRARY_PATH"})
_REMEDY: Final = "pip install 'immutable-compliance[audit]'"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one pipeline may use: seconds, bytes of memory beside `per_byte` times the document, and results."""

    deadline: float = 30.0
    memory: int = 512 * 1024 * 1024
    per_byte: int = 40
    results: int = MAX_RESULTS

    def memory_for(self, document: bytes) -> int:
        """How many bytes of memory a pipeline on this document may use."""
        return self.memory + self.per_byte * len(document)


def check(programs: Sequence[tuple[str, Mapping[str, Any]]], limits: Limits) -> list[str | None]:
    """Compile programs with the names of their variables, and say what is wrong with each; None where nothing is.

    Raises:
        ToolMissing: the library is not installed.
        EvaluationError: they cannot be compiled within the limits.
    """
    request = {"programs": [(program, dict(variables)) for program, variables in programs]}
    (answer,) = _ask(request, b"", limits)
    return list(answer)


def run(
    filters: Sequence[Filter], document: bytes, joined: Sequence[Any], limits: Limits, now: datetime
) -> list[dict[str, Any]]:
    """Run a document through filters, and return what each result amounts to (see `jq_child`).

    `joined` holds, for each join in their order, the lists of objects by namespace.

    Raises:
        ToolMissing: the library is not installed.
        DeadlineError: they took too long.
        ExhaustedError: they used too much memory, or gave too many results.
        EvaluationError: a filter failed.
    """
    stages = [
        {
            "program": f"{barrier(now)}\n{each.program}",
            "slurp": each.slurp,
            "variables": {**each.variables, JOINED: joined},
        }
        for each in filters
    ]
    *told, last = _ask({"stages": stages, "results": limits.results}, document, limits)
    if "error" in last:
        raise EvaluationError(f"jq stopped with an error: {last['error']}")
    if last["end"] > limits.results:
        raise ExhaustedError(f"jq gave more than {limits.results} results and was ended")
    return told


def _ask(request: Mapping[str, Any], document: bytes, limits: Limits) -> list[Any]:
    if importlib.util.find_spec("jq") is None:
        raise ToolMissing("the Python package jq, which runs the filters, is not installed", remedy=_REMEDY)
    given = {**request, "memory": limits.memory_for(document), "seconds": math.ceil(limits.deadline) + 1}
    try:
        done = tools.run(
            [sys.executable, "-I", "-B", _CHILD],
            deadline=limits.deadline,
            max_output=_MAX_OUTPUT,
            stdin=orjson.dumps(given) + b"\n" + document,
            cwd=Path("/"),
            env={name: None for name in os.environ if name not in _KEPT},
        )
    except ToolTimeout as error:
        raise DeadlineError(f"jq ran longer than {limits.deadline:g} s and was ended") from error
    except ToolOverflow as error:
        raise ExhaustedError("jq printed too much and was ended") from error
    lines = done.stdout.splitlines()
    if done.returncode != 0 or not lines:
        raise _died(done, limits.memory_for(document))
    return [orjson.loads(line) for line in lines]


def _died(done: tools.Completed, memory: int) -> EvaluationError:
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
    if any("allocate" in line or "MemoryError" in line for line in said):
        return ExhaustedError(f"jq used more than {memory // 1024 // 1024} MiB of memory and was ended")
    how = f"signal {-done.returncode}" if done.returncode < 0 else f"status {done.returncode}"
    return EvaluationError(f"jq ended with {how}{': ' if said else ''}{''.join(said)}")
