"""The questions that authors have for OPA: does it compile, is it formatted, do the tests pass and reach every line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import orjson

from compliance import tools
from compliance.data import builtin_rules_folder
from compliance.errors import CatalogueError, EngineError
from compliance.model import Origin, Span
from compliance.rule_folders import rule_folders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

_DEADLINE: Final = 120.0
_FULL: Final = 100.0


ExampleCheck: TypeAlias = "Callable[[Path], Iterable[CatalogueError]]"
"""Runs the examples of a rules folder through the whole pipeline, and returns those that contradict their rule."""


@dataclass(frozen=True, slots=True)
class TestReport:
    """What `opa test` found.

    `coverage` is the share of each rule's lines that tests reach, in per cent by id; it is empty while a test fails.
    """

    __test__ = False  # pytest must not take it for a test

    passed: int
    coverage: Mapping[str, float]
    problems: tuple[CatalogueError, ...]


def compile_problems(root: Path) -> Iterator[CatalogueError]:
    """List what `opa check --strict` refuses, against the facts schemas.

    Raises:
        ToolError: there is no `opa` on PATH, or it overran its deadline.
    """
    schemas = builtin_rules_folder() / "schemas"
    done = _opa("check", "--strict", "--format", "json", "--schema", schemas, *_files(root))
    if done.returncode == 0:
        return
    for row in _json(done.stderr).get("errors", ()):
        place = row.get("location") or {}
        origin = _origin(place) if place.get("file") else None
        yield CatalogueError(row["message"], remedy="correct the Rego text", origin=origin)


def format_problems(root: Path) -> Iterator[CatalogueError]:
    """List the files that `opa fmt` would change; raises as `compile_problems` does."""
    for file in _opa("fmt", "--list", *_files(root)).stdout.decode(errors="replace").splitlines():
        yield CatalogueError("is not formatted", remedy=f"opa fmt --write {file}", origin=Origin(file))


def run_tests(root: Path, examples: ExampleCheck | None = None) -> TestReport:
    """Run the tests of all rules in a folder, and hold the examples against them with `examples` where it is given.

    Raises:
        CatalogueError: the tests do not compile.
        ToolError: there is no `opa` on PATH, or it overran its deadline.
    """
    done = _opa("test", "--format", "json", *_files(root))
    if not done.stdout.strip():
        said = done.stderr.decode(errors="replace").strip()
        raise CatalogueError(said, remedy="run `compliance rules check`", origin=Origin(root.as_posix()))
    tests = orjson.loads(done.stdout) or []
    failed = [_failed(test) for test in tests if test.keys() & {"fail", "skip", "error"}]
    broken = any(test.keys() & {"fail", "error"} for test in tests)
    covered = {} if broken else dict(_coverage(root))
    problems = [*failed, *(_uncovered(*seen) for seen in covered.values() if seen[1].get("coverage") != _FULL)]
    shares = {rule: float(seen.get("coverage", 0)) for rule, (_, seen) in covered.items()}
    return TestReport(len(tests) - len(failed), shares, (*problems, *(examples(root) if examples else ())))


def _coverage(root: Path) -> Iterator[tuple[str, tuple[str, dict[str, Any]]]]:
    """Each rule's id with its file and what OPA says of it; OPA measures only where all tests pass."""
    done = _opa("test", "--coverage", "--format", "json", *_files(root))
    files = _json(done.stdout).get("files", {})
    for place in rule_folders(root):
        file = (place / f"{place.name}.rego").as_posix()
        yield f"{place.parent.name}.{place.name}", (file, files.get(file, {}))


def _failed(test: dict[str, Any]) -> CatalogueError:
    what = "is skipped" if test.get("skip") else "stops with an error" if test.get("error") else "fails"
    name = test["name"]
    return CatalogueError(
        f"{name} {what}", remedy=f"opa test --verbose --run {name} …", origin=_origin(test["location"])
    )


def _uncovered(file: str, seen: dict[str, Any]) -> CatalogueError:
    rows = sorted({part["start"]["row"] for part in seen.get("not_covered", ())})
    where = "no test reaches line " + ", ".join(map(str, rows)) if rows else "no test reaches it"
    remedy = "add a test that fires the clause, or remove the clause"
    return CatalogueError(where, remedy=remedy, origin=Origin(file, Span(rows[0]) if rows else None))


def _files(root: Path) -> list[Path]:
    """All Rego files of a folder, with the test data that we offer to users' tests too."""
    own = [file for place in rule_folders(root) for file in sorted(place.glob("*.rego"))]
    shared = sorted((root / "testing").glob("*.rego"))
    taken = {file.name for file in shared}
    offered = (builtin_rules_folder() / "testing").glob("*.rego")
    return [*own, *shared, *sorted(file for file in offered if file.name not in taken)]


def _opa(*arguments: str | Path) -> tools.Completed:
    return tools.run([tools.find("opa"), *arguments], deadline=_DEADLINE)


def _json(text: bytes) -> dict[str, Any]:
    try:
        found: dict[str, Any] = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        said = text.decode(errors="replace")[:500]
        raise EngineError(f"opa answered what is no JSON: {said}", remedy=tools.INSTALL_HINTS["opa"]) from error
    return found


def _origin(place: Mapping[str, Any]) -> Origin:
    return Origin(place["file"], Span(place["row"], place.get("col") or 1))
