"""The rules that a run may use, addressed by id or by the names that other tools give them.

The built-in rules come from `rules/compiled/catalogue.json`, which `compliance rules build` generates, so that a run
parses no YAML at its start; users' own folders are read from their Rego files each time.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance.data import builtin_rules_folder, facts_schemas
from compliance.errors import CatalogueError, UsageError
from compliance.model import Origin, Rule, Severity
from compliance.rule_folders import digest_of, folder_digest, layout_problems, rego_sources, rule_folders

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

__all__ = [
    "SCHEMA",
    "Catalogue",
    "Inspection",
    "builtin_rules_folder",
    "dump",
    "facts_schemas",
    "inspect_folder",
    "load",
    "read",
    "read_folder",
    "rego_sources",
]

SCHEMA: Final = "compliance/catalogue/v1"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Rules by id, in the order of their ids; `digest` (SHA-256) changes whenever a rule's Rego text does.

    `folders` are where the sources are, the built-in folder first.
    """

    rules: Mapping[str, Rule]
    digest: str
    folders: tuple[Path, ...]

    def get(self, name: str) -> Rule | None:
        """Return the rule with this id or alias, in any letter case, or None.

        Raises:
            UsageError: the alias belongs to several rules.
        """
        wanted = name.casefold()
        if wanted in self.rules:
            return self.rules[wanted]
        known = [rule for rule in self.rules.values() if wanted in map(str.casefold, rule.aliases)]
        if len(known) > 1:
            ids = ", ".join(rule.id for rule in known)
            raise UsageError(f"{name!r} is an alias of several rules: {ids}", remedy="name one of them by its id")
        return known[0] if known else None

    def for_schema(self, schema: str) -> tuple[Rule, ...]:
        """Return the rules that judge facts of this schema, in the order of their ids."""
        return tuple(rule for rule in self.rules.values() if schema in rule.applies_to)

    def folder_of(self, rule: Rule) -> Path:
        """Return the folder that holds the rule's Rego, test and examples."""
        places = (folder.joinpath(*rule.id.split(".")) for folder in self.folders)
        return next(place for place in places if place.is_dir())


@dataclass(frozen=True, slots=True)
class Inspection:
    """What one rules folder holds: the rules that keep the contract, and everything that breaks it."""

    rules: tuple[Rule, ...]
    problems: tuple[CatalogueError, ...]


def load(user_folders: Sequence[Path] = (), *, from_sources: bool = False) -> Catalogue:
    """Return the built-in rules and those of the users' folders.

    `from_sources` reads the built-in rules from their Rego files too, as everything must that builds something.

    Raises:
        CatalogueError: a folder breaks the contract, an id comes twice, or the built-in catalogue was never built.
    """
    builtin = read(builtin_rules_folder()) if from_sources else _load_builtin()
    distinct = {folder.resolve(): folder for folder in builtin.folders}
    for folder in user_folders:
        distinct.setdefault(folder.resolve(), folder)
    users = tuple(distinct.values())[len(builtin.folders) :]
    if not users:
        return builtin
    rules = _by_id({folder: read_folder(folder) for folder in users}, builtin.rules)
    return Catalogue(rules, digest_of((builtin.digest, *sorted(map(folder_digest, users)))), (*builtin.folders, *users))


def read(folder: Path) -> Catalogue:
    """Return the rules of one folder and no others, read from their Rego files.

    Raises:
        CatalogueError: a rule breaks the contract.
    """
    return Catalogue(_by_id({folder: read_folder(folder)}, {}), folder_digest(folder), (folder,))


def read_folder(folder: Path) -> tuple[Rule, ...]:
    """Read the METADATA of every rule in a folder.

    Raises:
        CatalogueError: the first thing that breaks the contract, with file, line and remedy.
    """
    inspection = inspect_folder(folder)
    if inspection.problems:
        raise inspection.problems[0]
    return inspection.rules


def inspect_folder(folder: Path) -> Inspection:
    """Read a folder to its end, and list everything that breaks the contract."""
    # Users' rules and the workshop need these, an ordinary run does not.
    from compliance.frameworks import read_frameworks  # noqa: PLC0415 - heavy import only when used
    from compliance.rule_metadata import Vocabulary, read_rule  # noqa: PLC0415 - likewise

    builtin = builtin_rules_folder()
    try:
        problems = list(layout_problems(folder))
        vocabulary = Vocabulary(frozenset(facts_schemas()), read_frameworks((builtin, folder)))
    except CatalogueError as error:
        return Inspection((), (error,))
    rules: list[Rule] = []
    for place in rule_folders(folder):
        rule, wrong = read_rule(place, vocabulary, builtin=folder.resolve() == builtin.resolve())
        problems.extend(wrong)
        rules.extend([rule] if rule else [])
    return Inspection(tuple(rules), tuple(problems))


def dump(catalogue: Catalogue) -> bytes:
    """Return the content of `catalogue.json`: the same bytes for the same rules."""
    rows = [{**asdict(rule), "severity": rule.severity.label} for rule in catalogue.rules.values()]
    for row in rows:
        del row["builtin"]
    content = {"schema": SCHEMA, "digest": catalogue.digest, "rules": rows}
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def _load_builtin() -> Catalogue:
    folder = builtin_rules_folder()
    file = folder / "compiled" / "catalogue.json"
    try:
        return _parsed(orjson.loads(file.read_bytes()), folder)
    except (OSError, KeyError, TypeError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise CatalogueError(
            f"the built-in catalogue cannot be read: {why}",
            remedy="in a checkout, run `compliance rules build`; otherwise install the package again",
            origin=Origin(file.as_posix()),
        ) from error


def _parsed(content: dict[str, Any], folder: Path) -> Catalogue:
    if content["schema"] != SCHEMA:
        raise ValueError(f"{content['schema']} is not {SCHEMA}")
    rules = {row["id"]: _revived(row) for row in content["rules"]}
    return Catalogue(rules, str(content["digest"]), (folder,))


def _revived(row: dict[str, Any]) -> Rule:
    return Rule(
        **{
            **row,
            "severity": Severity.parse(row["severity"]),
            "applies_to": tuple(row["applies_to"]),
            "frameworks": {name: tuple(ids) for name, ids in row["frameworks"].items()},
            "aliases": tuple(row["aliases"]),
            "enforced_from": row["enforced_from"] and date.fromisoformat(row["enforced_from"]),
        }
    )


def _by_id(read: Mapping[Path, Iterable[Rule]], known: Mapping[str, Rule]) -> dict[str, Rule]:
    """Add what was read from each folder to the known rules, and refuse two that answer to one id."""
    found = dict(known)
    for folder, rules in read.items():
        for rule in rules:
            origin = Origin(folder.joinpath(*rule.id.split(".")).as_posix())
            if rule.id in found:
                whose = "a built-in rule" if found[rule.id].builtin else "a rule of another folder"
                raise CatalogueError(
                    f"{rule.id} is the id of {whose} too", remedy="rename its folder and package", origin=origin
                )
            found[rule.id] = rule
    for rule in found.values():
        for alias in rule.aliases:
            if alias.casefold() in found:
                raise CatalogueError(f"{rule.id}: the alias {alias} is the id of a rule", remedy="remove the alias")
    return dict(sorted(found.items()))
