"""`compliance rules`: look rules up, and write, test, document and build your own."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from compliance import catalogue
from compliance.catalogue import Catalogue
from compliance.cli.common import application, print_error
from compliance.data import builtin_rules_folder
from compliance.errors import CatalogueError, UsageError
from compliance.model import ExitCode, Origin, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


app = application("Look up rules, and write, test and build your own.")

_SEVERITIES: Final = tuple(severity.label for severity in Severity)
_Rules = Annotated[
    list[Path] | None, typer.Option("--rules", metavar="DIR", help="A folder of your own rules. Repeatable.")
]
_Folders = Annotated[
    list[Path] | None, typer.Argument(metavar="[DIR]...", help="Rules folders (default: the built-in rules).")
]


class Form(StrEnum):
    """How a list is printed."""

    TABLE = "table"
    JSON = "json"


@app.command("list")
def list_rules(
    pack: Annotated[list[str] | None, typer.Option(metavar="PACK", help="Only this pack. Repeatable.")] = None,
    severity: Annotated[list[str] | None, typer.Option(metavar="LEVEL", help="Only this level. Repeatable.")] = None,
    owner: Annotated[list[str] | None, typer.Option(metavar="ROLE", help="Only for this role. Repeatable.")] = None,
    form: Annotated[Form, typer.Option("--format", help="How to print.")] = Form.TABLE,
    rules: _Rules = None,
) -> None:
    """List the rules."""
    known = catalogue.load(rules or ())
    every = known.rules.values()
    packs = _wanted("pack", pack, (rule.pack for rule in every))
    severities = _wanted("severity", severity, _SEVERITIES)
    owners = _wanted("owner", owner, (rule.owner for rule in every))
    chosen = {
        rule.id: rule
        for rule in every
        if rule.pack in packs and rule.severity.label in severities and rule.owner in owners
    }
    if form is Form.JSON:
        typer.echo(catalogue.dump(Catalogue(chosen, known.digest, known.folders)), nl=False)
        return
    width = max(map(len, chosen), default=0)
    for rule in chosen.values():
        typer.echo(f"{rule.id:{width}}  {rule.severity.label:8}  {rule.owner:11}  {rule.title}")


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="A rule's id, or what another tool calls it.")],
    rules: _Rules = None,
) -> None:
    """Show what a rule says, why, and what to do."""
    from compliance.frameworks import read_frameworks  # noqa: PLC0415 - only this command needs it
    from compliance.workshop.pages import page  # noqa: PLC0415 - likewise

    known = catalogue.load(rules or ())
    rule = known.get(name)
    if rule is None:
        raise _unknown("rule", name, (n for r in known.rules.values() for n in (r.id, *r.aliases)))
    typer.echo(page(rule, known.folder_of(rule), read_frameworks(known.folders)), nl=False)


@app.command()
def new(
    pack: Annotated[str, typer.Argument(help="The pack, such as probes.")],
    name: Annotated[str, typer.Argument(help="What is wrong, such as missing_readiness.")],
    folder: Annotated[Path, typer.Option("--dir", metavar="DIR", help="The rules folder.")] = Path("rules"),
    schema: Annotated[str, typer.Option(metavar="NAME", help="The facts that it judges.")] = "workload",
    severity: Annotated[str, typer.Option(metavar="LEVEL", help="How much it matters.")] = "medium",
) -> None:
    """Write the folder of a new rule, with test and examples."""
    from compliance.workshop.scaffold import new_rule  # noqa: PLC0415 - only this command needs it

    (level,) = _wanted("severity", [severity], _SEVERITIES)
    for file in new_rule(folder, pack, name, schema=schema, severity=Severity.parse(level)):
        typer.echo(file.as_posix())
    typer.echo(f"fill in title, description and remediation, then run: compliance rules check {folder.as_posix()}")


@app.command()
def check(folders: _Folders = None) -> None:
    """Check that rules keep their contract, compile and are formatted."""
    from compliance.workshop.checks import check as problems_of  # noqa: PLC0415 - only this command needs it

    count = 0
    for folder in _given(folders):
        for problem in problems_of(folder):
            print_error(problem)
            count += 1
    if count:
        typer.echo(f"{_counted(count, 'problem')}", err=True)
        raise typer.Exit(ExitCode.USAGE)
    total = sum(len(catalogue.read_folder(folder)) for folder in _given(folders))
    typer.echo(f"{_counted(total, 'rule')} in order")


@app.command()
def test(folders: _Folders = None) -> None:  # noqa: PT028 - a command, no test
    """Run the rules' tests, which must reach every line, and hold their examples against them."""
    from compliance.workshop.examples import contradicting  # noqa: PLC0415 - only this command needs it
    from compliance.workshop.rego import run_tests  # noqa: PLC0415 - likewise

    now = datetime.now(UTC)
    reports = [run_tests(folder, lambda root: contradicting(root, now)) for folder in _given(folders)]
    for report in reports:
        for rule, share in report.coverage.items():
            typer.echo(f"{share:5.1f} %  {rule}")
        for problem in report.problems:
            print_error(problem)
    typer.echo(f"{_counted(sum(report.passed for report in reports), 'test')} passed")
    if any(report.problems for report in reports):
        raise typer.Exit(ExitCode.REFUSED)


@app.command()
def docs(
    folders: _Folders = None,
    *,
    only_check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when a page is not current.")
    ] = False,
) -> None:
    """Write the page of every rule, and INDEX.md."""
    from compliance.workshop import index  # noqa: PLC0415 - only this command needs it

    pages = {path: text for folder in _given(folders) for path, text in index.pages(folder).items()}
    stale = index.stale(pages)
    if only_check:
        _refuse_stale(stale, "compliance rules docs")
    for path in stale if not only_check else ():
        path.write_text(pages[path], encoding="utf-8", newline="\n")
    typer.echo(f"{_counted(len(pages), 'page')}, {len(stale)} written")


@app.command()
def build(
    rules: _Rules = None,
    bundle: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write a bundle for an OPA server instead.")
    ] = None,
    *,
    only_check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when a file is not current.")
    ] = False,
) -> None:
    """Compile rules, into rules/compiled or a server's bundle."""
    from compliance.workshop import compiled  # noqa: PLC0415 - only this command needs it

    if bundle is not None and not only_check:
        bundle.write_bytes(compiled.bundle(catalogue.load(rules or (), from_sources=True)))
        typer.echo(f"{bundle.as_posix()}: load it with opa run --server --bundle {bundle.as_posix()}")
        return
    if rules or bundle is not None:
        raise UsageError("--rules needs -o, and -o goes without --check", remedy="scan --rules compiles by itself")
    root = builtin_rules_folder()
    built = compiled.artefacts(catalogue.read(root))
    stale = compiled.stale(root, built)
    if only_check:
        _refuse_stale(stale, "compliance rules build")
    else:
        compiled.write(root, built)
    typer.echo(f"{_counted(len(built), 'file')}, {0 if only_check else len(stale)} changed")


def _given(folders: Sequence[Path] | None) -> Sequence[Path]:
    return folders or (builtin_rules_folder(),)


def _wanted(what: str, given: Sequence[str] | None, known: Iterable[str]) -> set[str]:
    """What an option asks for, or everything; a name that nothing has would silently list nothing."""
    everything = set(known)
    for name in given or ():
        if name not in everything:
            raise _unknown(what, name, sorted(everything))
    return set(given) if given else everything


def _unknown(what: str, name: str, known: Iterable[str]) -> UsageError:
    from compliance.shape import suggestion  # noqa: PLC0415 - only for what went wrong

    return UsageError(f"there is no {what} {name!r}", remedy=suggestion(name, known) or "see `compliance rules list`")


def _refuse_stale(stale: Sequence[Path], remedy: str) -> None:
    for path in stale:
        print_error(CatalogueError("is not current", remedy=f"run {remedy}", origin=Origin(path.as_posix())))
    if stale:
        raise typer.Exit(ExitCode.REFUSED)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
