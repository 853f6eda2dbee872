"""All pages of a rules folder: one a rule, and `INDEX.md` by pack and by framework."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from compliance.catalogue import read_folder
from compliance.data import builtin_rules_folder
from compliance.frameworks import read_frameworks
from compliance.workshop.pages import HEADER, page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from compliance.frameworks import Control, Framework
    from compliance.model import Rule

INDEX: Final = "INDEX.md"


def pages(root: Path) -> dict[Path, str]:
    """Write every page of a rules folder: path and text.

    Raises:
        CatalogueError: a rule breaks the contract.
    """
    frameworks = read_frameworks((builtin_rules_folder(), root))
    rules = read_folder(root)
    places = {rule.id: root.joinpath(*rule.id.split(".")) for rule in rules}
    written = {places[rule.id] / "README.md": HEADER + page(rule, places[rule.id], frameworks) for rule in rules}
    return {**written, root / INDEX: HEADER + index(rules, frameworks)}


def stale(written: Mapping[Path, str]) -> list[Path]:
    """List the pages whose file is missing or says something else."""
    return [path for path, text in written.items() if not path.is_file() or path.read_bytes() != text.encode()]


def index(rules: Sequence[Rule], frameworks: Mapping[str, Framework]) -> str:
    """Write the table of contents: rules by pack, then the controls that they serve."""
    parts = [f"# Rules\n\n{len(rules)} in all, by pack and by the controls that they serve.", *_packs(rules)]
    for name, framework in frameworks.items():
        if any(name in rule.frameworks for rule in rules):
            parts.append(_framework(framework, rules))
    return "\n\n".join(parts) + "\n"


def _packs(rules: Sequence[Rule]) -> Iterator[str]:
    for pack, members in groupby(rules, key=lambda rule: rule.pack):
        rows = (
            f"| [{rule.id}]({_link(rule)}) | {_cell(rule.title)} | {rule.severity.label} | {rule.owner} |"
            for rule in members
        )
        yield "\n".join([f"## {pack}\n", "| Rule | What is right | Severity | Owner |", "|---|---|---|---|", *rows])


def _framework(framework: Framework, rules: Sequence[Rule]) -> str:
    head = f"## {framework.title}, {framework.version}\n\n<{framework.url}>\n"
    table = (
        f"| {control.id} | {_cell(control.title)} | {_serving(framework, control, rules)} |"
        for control in framework.controls.values()
    )
    return "\n".join([head, "| Control | What it asks for | Rules |", "|---|---|---|", *table])


def _serving(framework: Framework, control: Control, rules: Sequence[Rule]) -> str:
    serving = [f"[{r.id}]({_link(r)})" for r in rules if control.id in r.frameworks.get(framework.id, ())]
    return ", ".join(serving) or ("none yet" if control.automated else "needs a person")


def _link(rule: Rule) -> str:
    return f"{rule.id.replace('.', '/')}/README.md"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
