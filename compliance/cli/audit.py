"""`compliance audit`: judge what runs in live clusters, and let the gate decide."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer

from compliance import config
from compliance.cli import judging as common
from compliance.cli.session import LogFormatOption, Session
from compliance.errors import UsageError
from compliance.model import ExitCode

if TYPE_CHECKING:
    from compliance.cluster_scan import Request
    from compliance.sources.cluster.connection import Access

_NAMESPACE: Final = re.compile(r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?")
"""A label of RFC 1123, which names of namespaces are."""
_STOPPED: Final = "run again to go on: what was judged is kept"


def audit_command(  # noqa: PLR0913 - a command's options are its interface
    context: typer.Context,
    *,
    contexts: Annotated[
        list[str] | None,
        typer.Option(
            "--context", metavar="NAME", help="A context of the kubeconfig (default: the current one). Repeatable."
        ),
    ] = None,
    cluster_name: Annotated[
        str | None, typer.Option(metavar="NAME", help="What to call the cluster (default: as the kubeconfig does).")
    ] = None,
    namespaces: Annotated[
        list[str] | None,
        typer.Option("--namespace", "-n", metavar="NAME", help="Only this namespace (default: all). Repeatable."),
    ] = None,
    excluded: Annotated[
        list[str] | None,
        typer.Option("--exclude-namespace", metavar="NAME", help="Leave out a namespace. Repeatable."),
    ] = None,
    selector: Annotated[
        str | None,
        typer.Option("--selector", "-l", metavar="LABELS", help="Only namespaces with these labels, as kubectl's -l."),
    ] = None,
    qps: Annotated[float, typer.Option(min=0.1, max=1000, help="How many requests a second at most.")] = 50.0,
    user: Annotated[str | None, typer.Option("--as", metavar="USER", help="Impersonate a user.")] = None,
    groups: Annotated[
        list[str] | None, typer.Option("--as-group", metavar="GROUP", help="Impersonate a group. Repeatable.")
    ] = None,
    print_rbac: Annotated[
        bool, typer.Option("--print-rbac", help="Print the ClusterRole that this audit needs, and judge nothing.")
    ] = False,
    outputs: common.OutputsOption = None,
    config_file: common.ConfigOption = None,
    rules: common.RulesOption = None,
    engine: common.EngineOption = None,
    opa_url: common.OpaUrlOption = None,
    opa_ca_file: common.OpaCaFileOption = None,
    fail_on: common.FailOnOption = None,
    waivers: common.WaiversOption = None,
    no_inline_waivers: Annotated[
        bool, typer.Option("--no-inline-waivers", help="Forbid waivers in annotations.")
    ] = False,
    baseline_file: common.BaselineOption = None,
    write_baseline: common.WriteBaselineOption = None,
    fail_on_new: common.FailOnNewOption = False,
    quiet: common.QuietOption = False,
    log_format: LogFormatOption = "auto",
) -> None:
    """Judge what runs in live clusters, and refuse what breaks the rules."""
    session = context.with_resource(Session("audit", log_format, stopped=_STOPPED))
    from compliance.cluster_scan import Request, scan_clusters  # noqa: PLC0415 - heavy import only when used
    from compliance.private_cache import user_cache  # noqa: PLC0415 - likewise
    from compliance.sources.cluster.walk import Selection  # noqa: PLC0415 - likewise

    for name in (*(namespaces or ()), *(excluded or ())):
        if not _NAMESPACE.fullmatch(name):
            raise UsageError(f"{name!r} is no name of a namespace", remedy="use lower-case letters, digits and -")
    if namespaces and (excluded or selector):
        raise UsageError("--namespace says all", remedy="give it, or --exclude-namespace and --selector")
    settings = common.overridden(
        config.load(config_file, start=Path()),
        rules_folders=tuple(rules) if rules else None,
        engine=engine,
        opa_url=opa_url,
        waivers=waivers,
        baseline=baseline_file,
        inline_waivers=False if no_inline_waivers else None,
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
        accesses=tuple(
            replace(access, run=session.correlation_id)
            for access in _accesses(contexts or (), cluster_name, user, groups or (), qps)
        ),
        run=told.run,
        selection=Selection(tuple(namespaces or ()), tuple(excluded or ()), selector),
        kept=user_cache("compliance-audit"),
        log=session.log,
    )
    if print_rbac:
        _print_rights(request, session)
    with session.progress() as progress:
        audit = scan_clusters(request, progress)
    common.finish(told, audit.assessment, session.log)


def _accesses(
    contexts: list[str] | tuple[()],
    name: str | None,
    user: str | None,
    groups: list[str] | tuple[()],
    qps: float,
) -> tuple[Access, ...]:
    from compliance.sources.cluster.connection import Access  # noqa: PLC0415 - only when used

    chosen = tuple(dict.fromkeys(contexts)) or (None,)
    if name is not None and len(chosen) > 1:
        raise UsageError("--cluster-name names one cluster", remedy="give it one --context")
    return tuple(Access(context, name, user, tuple(groups), qps) for context in chosen)


def _print_rights(request: Request, session: Session) -> NoReturn:
    from compliance.cluster_scan import needed_rights  # noqa: PLC0415 - heavy import only when used

    text, gaps = needed_rights(request)
    typer.echo(text, nl=False)
    for gap in gaps:
        said = f"not known: {gap.about}: {gap.why}; {gap.remedy}"
        session.tell("gap", said, about=gap.about, why=gap.why, remedy=gap.remedy)
    raise typer.Exit(int(ExitCode.NOT_JUDGED if gaps else ExitCode.CLEAN))
