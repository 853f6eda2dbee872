"""What is generated from rules: the files in `rules/compiled/`, which are checked in, and bundles for servers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from compliance import catalogue
from compliance.engine import build

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from compliance.catalogue import Catalogue

FOLDER: Final = "compiled"


def artefacts(rules: Catalogue) -> dict[str, bytes]:
    """Compile rules: file name and content, the same bytes for the same rules and the same OPA.

    Raises:
        CatalogueError: OPA refuses a rule.
        EngineError: there is no `opa` on PATH.
        ToolError: `opa` overran its deadline.
    """
    source = build.source_of(rules)
    return {
        "catalogue.json": catalogue.dump(rules),
        "digest": f"{rules.digest}\n".encode(),
        "entry.rego": source.entry.encode(),
        "policy.wasm": build.compile_wasm(source),
    }


def bundle(rules: Catalogue) -> bytes:
    """Pack rules and their entry point for an OPA server (tar.gz); raises as `artefacts` does."""
    return build.build_bundle(build.source_of(rules))


def stale(root: Path, built: Mapping[str, bytes]) -> list[Path]:
    """List the files of a rules folder that are missing, differ from what was built, or were never built."""
    folder = root / FOLDER
    wrong = [name for name, content in built.items() if _content(folder / name) != content]
    foreign = [path.name for path in folder.glob("*") if path.name not in built]
    return [folder / name for name in sorted((*wrong, *foreign))]


def write(root: Path, built: Mapping[str, bytes]) -> None:
    """Put the files in their place."""
    folder = root / FOLDER
    folder.mkdir(exist_ok=True)
    for name, content in built.items():
        (folder / name).write_bytes(content)


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
