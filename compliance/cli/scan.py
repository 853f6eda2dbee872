"""`compliance scan`: judge manifests, charts, Dockerfiles, Terraform and pipelines, and let the gate decide."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from compliance import baseline, catalogue, config
from compliance.assessing import Run
from compliance.errors import UsageError
from compliance.gate import GatePolicy, decide
from compliance.model import Severity
from compliance.rule_settings import effective_rules
from compliance.scan import Request, scan
from compliance.sources.discovery import STDIN
from compliance.sources.reading import MAX_FILE, Options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compliance.assessing import Progress
    from compliance.model import Assessment, Decision


_REDRAW = 0.1
"""Seconds between two drawings of the bar."""


def scan_command(  # noqa: PLR0913 - a command's options are its interface
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH...", help="Files, folders, Helm charts, Kustomize folders; - reads standard input."
        ),
    ],
    *,
    outputs: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FORMAT=FILE",
            help="Write a report: json, sarif, junit, gitlab, github or html; FILE - is standard output. Repeatable.",
        ),
    ] = None,
    config_file: Annotated[
        Path | None, typer.Option("--config", help="The configuration (default: the nearest compliance.yaml).")
    ] = None,
    rules: Annotated[
        list[Path] | None, typer.Option("--rules", metavar="DIR", help="A folder of your own rules. Repeatable.")
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(metavar="auto|wasm|opa", help="Who evaluates the rules; auto is wasm, or opa with a URL."),
    ] = None,
    opa_url: Annotated[
        str | None, typer.Option(envvar="OPA_URL", help="An OPA server that holds these rules (token: OPA_TOKEN).")
    ] = None,
    opa_ca_file: Annotated[
        Path | None, typer.Option(envvar="OPA_CA_FILE", help="Certificates by which that server is to be known.")
    ] = None,
    kubernetes_version: Annotated[
        str | None, typer.Option(metavar="1.NN", help="The Kubernetes version whose schemas objects must fit.")
    ] = None,
    fail_on: Annotated[
        str | None, typer.Option(metavar="SEVERITY", help="Refuse from this severity on, or never (default: high).")
    ] = None,
    waivers: Annotated[Path | None, typer.Option(help="The file of accepted risks.")] = None,
    no_inline_waivers: Annotated[
        bool, typer.Option("--no-inline-waivers", help="Forbid waivers in annotations and comments.")
    ] = False,
    baseline_file: Annotated[
        Path | None, typer.Option("--baseline", help="Findings that are known already (or a saved json result).")
    ] = None,
    write_baseline: Annotated[
        Path | None, typer.Option(help="Write this run's findings as a baseline, and refuse none of them.")
    ] = None,
    fail_on_new: Annotated[
        bool, typer.Option("--fail-on-new", help="Refuse only because of findings that the baseline does not know.")
    ] = False,
    exclude: Annotated[
        list[str] | None, typer.Option(metavar="PATTERN", help="Leave out files, in .gitignore's language. Repeatable.")
    ] = None,
    helm_values: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", exists=True, help="Values for Helm charts. Repeatable.")
    ] = None,
    var_files: Annotated[
        list[Path] | None,
        typer.Option("--var-file", metavar="FILE", exists=True, help="Variables for Terraform. Repeatable."),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, max=64, help="How many processes (default: as many as help).")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print no table.")] = False,
) -> None:
    """Judge manifests, charts, Dockerfiles, Terraform and pipelines, and refuse what breaks the rules."""
    settings = config.load(config_file, start=_start(paths))
    settings = _overridden(
        settings,
        rules_folders=tuple(rules) if rules else None,
        engine=engine,
        opa_url=opa_url,
        kubernetes_version=kubernetes_version,
        waivers=waivers,
        baseline=baseline_file,
        inline_waivers=False if no_inline_waivers else None,
        exclude=(*settings.exclude, *exclude) if exclude else None,
    )
    if fail_on is not None:
        settings = replace(settings, fail_on=_threshold(fail_on))
    if fail_on_new and settings.baseline is None:
        raise UsageError("--fail-on-new needs a baseline", remedy="name one with --baseline")
    reports = _reports(outputs or [])
    known = catalogue.load(settings.rules_folders)
    request = Request(
        paths=tuple(paths),
        run=Run(
            config=settings,
            catalogue=known,
            rules=effective_rules(settings, known),
            now=datetime.now(UTC),
            opa_token=os.environ.get("OPA_TOKEN"),
            opa_ca_file=opa_ca_file,
        ),
        stdin=_stdin() if STDIN in paths else None,
        options=Options(tuple(helm_values or ()), tuple(var_files or ())),
        processes=jobs,
    )
    with _progress() as progress:
        assessment = scan(request, progress)
    policy = GatePolicy(settings.fail_on, settings.pack_fail_on, fail_on_new)
    decision = decide(assessment, policy if write_baseline is None else GatePolicy(None))
    _tell(assessment, decision, reports, quiet=quiet)
    if write_baseline is not None:
        baseline.write(write_baseline, assessment.findings)
    raise typer.Exit(int(decision.exit_code))


def _start(paths: list[str]) -> Path:
    """Where to look for the configuration: at the first path that is one."""
    first = next((Path(path) for path in paths if path != STDIN), Path())
    return first if first.is_dir() else first.parent


def _overridden(settings: config.Config, **changes: Any) -> config.Config:  # noqa: ANN401 - fields of Config
    return replace(settings, **{name: value for name, value in changes.items() if value is not None})


def _threshold(text: str) -> Severity | None:
    if text == "never":
        return None
    try:
        return Severity.parse(text)
    except ValueError as error:
        raise UsageError(f"--fail-on: {error}", remedy="or never") from error


def _reports(outputs: list[str]) -> list[tuple[str, str]]:
    from compliance.output import FORMATS  # noqa: PLC0415 - only when a report is wanted

    reports = []
    for output in outputs:
        name, equals, file = output.partition("=")
        if not equals or not file or name not in FORMATS:
            known = ", ".join(sorted(FORMATS))
            raise UsageError(f"-o {output} is no FORMAT=FILE", remedy=f"FORMAT is one of {known}")
        reports.append((name, file))
    return reports


def _stdin() -> bytes:
    data = sys.stdin.buffer.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise UsageError(f"standard input is larger than {MAX_FILE // 1024 // 1024} MiB", remedy="scan files instead")
    return data


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on a terminal; nothing anywhere else. It draws without a thread, because a scan forks."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _what, _done, _total: None
        return
    from rich.console import Console  # noqa: PLC0415 - only on a terminal
    from rich.progress import Progress as Bar  # noqa: PLC0415 - likewise

    with Bar(console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task, drawn = bar.add_task("reading", total=None), 0.0

        def advance(what: str, done: int, total: int) -> None:
            nonlocal drawn
            if (now := time.monotonic()) - drawn > _REDRAW:
                drawn = now
                bar.update(task, description=what, completed=done, total=total, refresh=True)

        yield advance


def _tell(assessment: Assessment, decision: Decision, reports: list[tuple[str, str]], *, quiet: bool) -> None:
    from compliance import output  # noqa: PLC0415 - after the work is done

    for name, file in reports:
        output.write(name, file, assessment, decision)
    if not quiet and all(file != "-" for _, file in reports):
        from rich.console import Console  # noqa: PLC0415 - rich takes its time

        from compliance.output.console import show  # noqa: PLC0415 - likewise

        show(assessment, decision, Console())
