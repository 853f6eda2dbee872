"""`compliance scan`: judge manifests, charts, Dockerfiles, Terraform and pipelines, and let the gate decide."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from compliance import config
from compliance.cli import judging as common
from compliance.errors import UsageError
from compliance.scan import Request, scan
from compliance.sources.discovery import STDIN
from compliance.sources.reading import MAX_FILE, Options


def scan_command(  # noqa: PLR0913 - a command's options are its interface
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH...", help="Files, folders, Helm charts, Kustomize folders; - reads standard input."
        ),
    ],
    *,
    outputs: common.OutputsOption = None,
    config_file: common.ConfigOption = None,
    rules: common.RulesOption = None,
    engine: common.EngineOption = None,
    opa_url: common.OpaUrlOption = None,
    opa_ca_file: common.OpaCaFileOption = None,
    kubernetes_version: Annotated[
        str | None, typer.Option(metavar="1.NN", help="The Kubernetes version whose schemas objects must fit.")
    ] = None,
    fail_on: common.FailOnOption = None,
    waivers: common.WaiversOption = None,
    no_inline_waivers: Annotated[
        bool, typer.Option("--no-inline-waivers", help="Forbid waivers in annotations and comments.")
    ] = False,
    baseline_file: common.BaselineOption = None,
    write_baseline: common.WriteBaselineOption = None,
    fail_on_new: common.FailOnNewOption = False,
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
    quiet: common.QuietOption = False,
) -> None:
    """Judge manifests, charts, Dockerfiles, Terraform and pipelines, and refuse what breaks the rules."""
    settings = config.load(config_file, start=_start(paths))
    settings = common.overridden(
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
    told = common.judging(
        settings,
        outputs=outputs,
        fail_on=fail_on,
        fail_on_new=fail_on_new,
        write_baseline=write_baseline,
        opa_ca_file=opa_ca_file,
        quiet=quiet,
    )
    request = Request(
        paths=tuple(paths),
        run=told.run,
        stdin=_stdin() if STDIN in paths else None,
        options=Options(tuple(helm_values or ()), tuple(var_files or ())),
        processes=jobs,
    )
    with common.progress_bar() as progress:
        assessment = scan(request, progress)
    common.finish(told, assessment)


def _start(paths: list[str]) -> Path:
    """Where to look for the configuration: at the first path that is one."""
    first = next((Path(path) for path in paths if path != STDIN), Path())
    return first if first.is_dir() else first.parent


def _stdin() -> bytes:
    data = sys.stdin.buffer.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise UsageError(f"standard input is larger than {MAX_FILE // 1024 // 1024} MiB", remedy="scan files instead")
    return data
