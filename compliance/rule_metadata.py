"""One rule's folder, read and checked against the contract (rules/README.md).

The METADATA block is YAML in the comment right above `package`; its shape is `rules/schemas/metadata.json`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance import bounded_files
from compliance.data import data_folder
from compliance.errors import CatalogueError, ConfigurationError
from compliance.model import Origin, Rule, Severity, Span
from compliance.positioned_yaml import Document, parse
from compliance.rule_folders import companion_problems
from compliance.shape import Shape, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from compliance.frameworks import Framework
    from compliance.positioned_yaml import Key

MAX_BYTES: Final = 256 * 1024
_PACKAGE: Final = re.compile(r"package[ \t]+([^\s#]+)")
_BLOCK_START: Final = re.compile(r"#[ \t]*METADATA[ \t]*")
_DECLARATION: Final = re.compile(r"(?:default[ \t]+)?([a-zA-Z][a-zA-Z0-9_]*)")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names that METADATA may use: facts schemas, and frameworks by id."""

    schemas: frozenset[str]
    frameworks: dict[str, Framework]


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A rule's Rego text. `package_line` is the index of its package line, `block_line` of the first line of YAML."""

    folder: Path
    file: str
    lines: tuple[str, ...]
    package_line: int
    block_line: int

    @property
    def id(self) -> str:
        """The id that the folder gives the rule."""
        return f"{self.folder.parent.name}.{self.folder.name}"

    @property
    def body(self) -> str:
        """The Rego text after the METADATA block."""
        return "\n".join(self.lines[self.package_line :])

    def yaml(self) -> bytes:
        """Return the block as YAML whose lines and columns are those of the file."""
        block = (" " + line[1:] for line in self.lines[self.block_line : self.package_line])
        return ("\n" * self.block_line + "\n".join(block)).encode()


def read_rule(folder: Path, vocabulary: Vocabulary, *, builtin: bool) -> tuple[Rule | None, list[CatalogueError]]:
    """Read one rule; what breaks the contract is returned, with file, line and remedy, and not raised."""
    try:
        source = rule_file(folder)
        document = _metadata(source)
    except CatalogueError as error:
        return None, [error, *companion_problems(folder)]
    problems = [
        _error(document, found.message, found.remedy, *found.place) for found in _shape().problems(document.value)
    ]
    if not problems:
        problems = list(_contents(document, vocabulary))
    problems = [*sorted(problems, key=_line), *_text(source), *companion_problems(folder)]
    return (None if problems else _rule(source.id, document.value, builtin=builtin)), problems


def rule_file(folder: Path) -> RuleFile:
    """Read a rule's Rego file and find its METADATA block.

    Raises:
        CatalogueError: there is no such file, it is no text, or it has no block right above its package.
    """
    path = folder / f"{folder.name}.rego"
    file = path.as_posix()
    lines = _lines(path)
    package_line = next((i for i, line in enumerate(lines) if _PACKAGE.match(line)), None)
    if package_line is None:
        raise CatalogueError("has no package line", remedy=f"package {_package(folder)}", origin=Origin(file))
    start = package_line
    while start and lines[start - 1].startswith("#"):
        start -= 1
        if _BLOCK_START.fullmatch(lines[start]):
            return RuleFile(folder, file, lines, package_line, start + 1)
    raise CatalogueError(
        "has no METADATA right above its package",
        remedy="see rules/README.md, or let `compliance rules new` write the folder",
        origin=Origin(file, Span(package_line + 1)),
    )


def _lines(path: Path) -> tuple[str, ...]:
    origin = Origin(path.as_posix())
    try:
        return tuple(bounded_files.read(path, MAX_BYTES).decode().replace("\r\n", "\n").split("\n"))
    except FileNotFoundError as error:
        remedy = "a rule is the file PACK/RULE/RULE.rego; remove the folder if it is no rule"
        raise CatalogueError("is missing", remedy=remedy, origin=origin) from error
    except OSError as error:
        raise CatalogueError(f"cannot be read: {error.strerror}", origin=origin) from error
    except UnicodeDecodeError as error:
        raise CatalogueError("is not UTF-8 text", origin=origin) from error


def _metadata(source: RuleFile) -> Document:
    try:
        return parse(source.yaml(), source.file)
    except ConfigurationError as error:
        raise CatalogueError(f"METADATA {error.message}", remedy=error.remedy, origin=error.origin) from error


@lru_cache(maxsize=1)
def _shape() -> Shape:
    return Shape(orjson.loads((data_folder("rules") / "schemas" / "metadata.json").read_bytes()))


def _contents(document: Document, vocabulary: Vocabulary) -> Iterator[CatalogueError]:
    """Check what a JSON schema cannot say."""
    custom = document.value["custom"]
    checked = document.value["schemas"][0]["input"].removeprefix("schema.")
    for i, name in enumerate(custom["applies_to"]):
        if name not in vocabulary.schemas:
            hint = suggestion(name, sorted(vocabulary.schemas))
            yield _error(document, f"{name!r} is no facts schema", hint, "custom", "applies_to", i)
    if checked not in custom["applies_to"]:
        remedy = f"- input: schema.{custom['applies_to'][0]}"
        yield _error(document, f"schema.{checked} is not in applies_to", remedy, "schemas", 0, "input")
    yield from _framework_ids(document, vocabulary)
    for name, schema in custom.get("params", {}).items():
        yield from _parameter(document, name, schema)
    try:
        date.fromisoformat(custom.get("enforced_from", "2000-01-01"))
    except ValueError as error:
        yield _error(document, f"custom.enforced_from: {error}", "give a date", "custom", "enforced_from")


def _framework_ids(document: Document, vocabulary: Vocabulary) -> Iterator[CatalogueError]:
    for name, ids in document.value["custom"]["frameworks"].items():
        framework = vocabulary.frameworks.get(name)
        if framework is None:
            hint = suggestion(name, sorted(vocabulary.frameworks))
            yield _error(document, f"{name!r} is no framework", hint, "custom", "frameworks", name)
            continue
        for i, control in enumerate(ids):
            if control not in framework.controls:
                hint = suggestion(control, framework.controls) or f"see rules/frameworks/{name}.json"
                what = f"{name} {framework.version} has no control {control!r} in our list"
                yield _error(document, what, hint, "custom", "frameworks", name, i)


def _parameter(document: Document, name: str, schema: dict[str, Any]) -> Iterator[CatalogueError]:
    place: tuple[Key, ...] = ("custom", "params", name)
    try:
        problems = Shape(schema).problems(schema["default"])
    except ValueError as error:
        yield _error(document, f"parameter {name} {error}", "see json-schema.org", *place)
        return
    for problem in problems:
        what = f"the default of parameter {name} does not fit it: {problem.message}"
        yield _error(document, what, "change the default or the schema", *place, "default")


def _text(source: RuleFile) -> Iterator[CatalogueError]:
    """Check the package, and that nothing but `deny` and private helpers is declared."""
    found = _PACKAGE.match(source.lines[source.package_line])
    wanted = _package(source.folder)
    if found is None or found[1] != wanted:
        yield _at(source, source.package_line, "the package differs from the folder", f"package {wanted}")
    denies = False
    for i, line in enumerate(source.lines[source.package_line + 1 :], source.package_line + 1):
        name = declared[1] if (declared := _DECLARATION.match(line)) else "import"
        denies = denies or line.startswith("deny contains ")
        if name not in {"import", "deny"} or (name == "deny" and not line.startswith("deny contains ")):
            remedy = 'a rule declares `deny contains {"msg": …, "at": …}`; helpers begin with an underscore'
            yield _at(source, i, f"declares {name}", remedy)
    if not denies:
        yield _at(source, source.package_line, "never denies anything", 'add `deny contains {"msg": …, "at": …} if {`')


def _rule(rule_id: str, metadata: dict[str, Any], *, builtin: bool) -> Rule:
    custom = metadata["custom"]
    enforced_from = custom.get("enforced_from")
    return Rule(
        id=rule_id,
        title=metadata["title"].strip(),
        description=metadata["description"].strip(),
        severity=Severity.parse(custom["severity"]),
        applies_to=tuple(custom["applies_to"]),
        remediation=custom["remediation"].strip(),
        owner=custom["owner"],
        frameworks={name: tuple(ids) for name, ids in sorted(custom["frameworks"].items())},
        aliases=tuple(custom["aliases"]),
        params=dict(sorted(custom.get("params", {}).items())),
        enforced_from=date.fromisoformat(enforced_from) if enforced_from else None,
        builtin=builtin,
    )


def _package(folder: Path) -> str:
    return f"rules.{folder.parent.name}.{folder.name}"


def _line(error: CatalogueError) -> int:
    return error.origin.span.line if error.origin and error.origin.span else 0


def _at(source: RuleFile, line: int, message: str, remedy: str) -> CatalogueError:
    return CatalogueError(message, remedy=remedy, origin=Origin(source.file, Span(line + 1)))


def _error(document: Document, message: str, remedy: str, *place: Key) -> CatalogueError:
    return CatalogueError(message, remedy=remedy, origin=document.origin(*place))
