"""Everything that a rules folder must keep, in one go (rules/README.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compliance.catalogue import inspect_folder, read, rego_sources
from compliance.engine import build
from compliance.errors import CatalogueError
from compliance.workshop import rego

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def check(root: Path) -> Iterator[CatalogueError]:
    """List what is wrong with a rules folder: the contract first, then what OPA says.

    Raises:
        ToolError: there is no `opa` on PATH, or it overran its deadline; the contract's problems came before it.
    """
    inspection = inspect_folder(root)
    yield from inspection.problems
    if not _has_rules(root):
        return
    compiled = list(rego.compile_problems(root))
    yield from compiled
    yield from rego.format_problems(root)
    if not compiled and not inspection.problems:
        yield from _engine_problems(root)


def _has_rules(root: Path) -> bool:
    try:
        return bool(rego_sources(root))
    except CatalogueError:
        return False


def _engine_problems(root: Path) -> Iterator[CatalogueError]:
    """List the functions that our engines do not offer: the compiler of the Wasm module knows."""
    try:
        build.compile_wasm(build.source_of(read(root)))
    except CatalogueError as error:
        yield error
