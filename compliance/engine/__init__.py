"""Engines hold facts against rules: `wasm` in this process, `opa` on a server. Both give one answer (design 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from compliance.errors import UsageError
from compliance.private_cache import user_cache

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from compliance.catalogue import Catalogue
    from compliance.engine.results import Result

CHOICES = ("auto", "wasm", "opa")
DEADLINE = 5.0
"""Seconds that one evaluation may take unless told otherwise."""


class Engine(Protocol):
    """What a scan asks; `name` goes into the result."""

    name: str

    def evaluate(self, schema: str, inputs: Sequence[bytes]) -> list[Result]:
        """Evaluate JSON documents of one facts schema (each with `params`); one result an input, in order.

        A result maps rule ids to the value of `deny`. A rule that `params` names and the result does not was
        undefined: a gap, never a pass. What went wrong with one input alone is its result, an EvaluationError.

        Raises:
            EngineError: the engine as a whole cannot answer.
        """

    def close(self) -> None:
        """Let go of processes, threads and connections; the engine is of no use afterwards."""


def open_engine(
    choice: str,
    catalogue: Catalogue,
    *,
    opa_url: str | None = None,
    opa_token: str | None = None,
    opa_ca_file: Path | None = None,
    deadline: float = DEADLINE,
) -> Engine:
    """Open the engine of a choice: `auto` is `wasm` unless a server is named.

    Args:
        choice: one of `CHOICES`.
        catalogue: the rules; a server must hold exactly these.
        opa_url: an OPA server; without one, `opa` starts its own from PATH.
        opa_token: bearer token for that server.
        opa_ca_file: certificates by which that server is to be known, instead of the system's.
        deadline: seconds that one evaluation may take.

    Raises:
        UsageError: there is no such choice, or the URL cannot be used.
        EngineError: the engine cannot be had; the remedy says what would help.
        CatalogueError: a user's rule does not compile.
        ToolError: `opa` overran its deadline.
    """
    if choice not in CHOICES:
        raise UsageError(f"there is no engine {choice!r}", remedy=f"use one of {', '.join(CHOICES)}")
    if _in_process(choice, opa_url):
        return _open_wasm(catalogue, deadline)
    from compliance.engine import address, opa  # noqa: PLC0415 - heavy import only when used

    if opa_url:
        given = address.Address.parse(opa_url, token=opa_token, ca_file=opa_ca_file)
        return opa.OpaEngine(given, catalogue, deadline=deadline)
    return opa.start(catalogue, deadline=deadline)


def prepare(choice: str, catalogue: Catalogue, *, opa_url: str | None = None) -> None:
    """Do ahead what makes the first opening of an engine slow; for a thread beside the reading of files.

    Raises:
        EngineError: the engine cannot be had; opening it raises the same.
        CatalogueError: a user's rule does not compile.
        ToolError: `opa` overran its deadline.
    """
    if _in_process(choice, opa_url):
        from compliance.engine import build, native  # noqa: PLC0415 - heavy import only when used

        kept = user_cache()
        native.prepare(build.module_of(catalogue, kept), kept)


def _in_process(choice: str, opa_url: str | None) -> bool:
    return choice == "wasm" or (choice == "auto" and not opa_url)


def _open_wasm(catalogue: Catalogue, deadline: float) -> Engine:
    from compliance.engine import build, wasm  # noqa: PLC0415 - heavy import only when used

    kept = user_cache()
    module = build.module_of(catalogue, kept)
    return wasm.WasmEngine(module, catalogue, deadline=deadline, cache=kept)
