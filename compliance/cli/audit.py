"""`compliance audit`: judge what runs in live clusters, and let the gate decide."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer

from compliance import config
from compliance.cli import cluster_reports_options, drift_options, history_options, notify_options
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
    with_dry_runs: drift_options.WithDryRunsOption = False,
    against: drift_options.AgainstOption = None,
    helm_values: drift_options.HelmValuesOption = None,
    audit_logs: drift_options.AuditLogOption = None,
    write_reports: cluster_reports_options.WriteReportsOption = None,
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
    store: history_options.StoreOption = None,
    keep_runs: history_options.KeepRunsOption = None,
    keep_days: history_options.KeepDaysOption = None,
    push_gateway: notify_options.PushGatewayOption = None,
    push_gateway_ca_file: notify_options.PushGatewayCaFileOption = None,
    quiet: common.QuietOption = False,
    log_format: LogFormatOption = "auto",
) -> None:
    """Judge what runs in live clusters, and refuse what breaks the rules."""
    session = context.with_resource(Session("audit", log_format, stopped=_STOPPED))
    from compliance.cluster_scan import Request  # noqa: PLC0415 - heavy import only when used
    from compliance.nightly import auditing  # noqa: PLC0415 - likewise
    from compliance.private_cache import user_cache  # noqa: PLC0415 - likewise
    from compliance.sources.cluster.walk import Selection  # noqa: PLC0415 - likewise

    for name in (*(namespaces or ()), *(excluded or ())):
        if not _NAMESPACE.fullmatch(name):
            raise UsageError(f"{name!r} is no name of a namespace", remedy="use lower-case letters, digits and -")
    if with_dry_runs and not (print_rbac and against):
        raise UsageError("--with-dry-runs says which rights are printed", remedy="give it --print-rbac and --against")
    if namespaces and (excluded or selector):
        raise UsageError("--namespace says all", remedy="give it, or --exclude-namespace and --selector")
    gateway = notify_options.chosen_gateway(push_gateway, push_gateway_ca_file)
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
    given = drift_options.DriftOptions(against, tuple(audit_logs or ()), tuple(helm_values or ()))
    reports = cluster_reports_options.chosen(write_reports, settings.cluster_reports)
    with ExitStack() as held:
        request = held.enter_context(drift_options.with_drift(request, given))
        if print_rbac:
            _print_rights(request, cluster_reports_options.rights(reports), session, dry_runs=with_dry_runs)
        cluster_reports_options.check(reports, request.accesses)
        kept = history_options.settings_of(settings, store, keep_runs, keep_days)
        keeping = held.enter_context(history_options.kept(kept))
        with session.progress() as progress:
            audited = held.enter_context(auditing(request, keeping, progress))
        steps = (
            partial(cluster_reports_options.write, reports, audited.audit, session, request.accesses, quiet=quiet),
            partial(notify_options.push, gateway, session.complain),
            partial(notify_options.notify, settings.notifications, keeping, audited, session.complain),
        )
        ending = common.Ending(session.log, session.complain, audited.problem, steps)
        common.finish(told, audited.assessment, ending)


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


def _print_rights(request: Request, more: str, session: Session, *, dry_runs: bool) -> NoReturn:
    from compliance.cluster_scan import needed_rights  # noqa: PLC0415 - heavy import only when used

    text, gaps = needed_rights(request, dry_runs=dry_runs)
    typer.echo(text + more, nl=False)
    for gap in gaps:
        said = f"not known: {gap.about}: {gap.why}; {gap.remedy}"
        session.tell("gap", [said], level="warning", about=gap.about, why=gap.why, remedy=gap.remedy)
    raise typer.Exit(int(ExitCode.NOT_JUDGED if gaps else ExitCode.CLEAN))
